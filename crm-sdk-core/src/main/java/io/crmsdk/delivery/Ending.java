package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends deliveries: takes their rows out of the queue and writes state, evidence and the last two lines of the history into the
 * delivery's own row, so that the usual delivery never touches the event table. What else happens to a delivery is an event.
 */
final class Ending {
    private static final String SET = "state = ?, state_us = ?, fence = ?, attempts = ?, doubts = ?, repeats = ?,"
            + " end_state = ?, end_step = ?, end_fence = ?, end_us = ?, end_begun_us = ?, end_attempt = ?, end_node = ?,"
            + " end_detail = ?, end_host = ?, end_reply = ?, end_remote_id = ?, end_evidence_us = ?";
    private static final String FINISH = "UPDATE crm_delivery SET " + SET + " WHERE id = ?";
    private static final String DEQUEUE = "DELETE FROM crm_delivery_queue WHERE delivery_id IN";

    /** Fence, removal and end in one statement; the queue row itself tells when its window began. */
    private static final String AT_ONCE =
            "WITH m AS MATERIALIZED (SELECT * FROM unnest(?::text[], ?::bigint[], ?::text[],"
                    + " ?::int[], ?::int[], ?::int[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])"
                    + " AS m(id, fence, state, attempts, doubts, repeats, attempt, detail, host, reply, remote_id, evidence_us)),"
                    + " gone AS (DELETE FROM crm_delivery_queue q USING m"
                    + " WHERE q.delivery_id = m.id COLLATE \"C\" AND q.fence = m.fence RETURNING m.*, q.begun_us)"
                    + " UPDATE crm_delivery d SET state = g.state, state_us = ?, fence = g.fence, attempts = g.attempts,"
                    + " doubts = g.doubts, repeats = g.repeats, end_state = g.state, end_step = ?, end_fence = g.fence, end_us = ?,"
                    + " end_begun_us = g.begun_us, end_attempt = g.attempt, end_node = ?, end_detail = g.detail, end_host = g.host,"
                    + " end_reply = g.reply, end_remote_id = g.remote_id, end_evidence_us = g.evidence_us"
                    + " FROM gone g WHERE d.id = g.id COLLATE \"C\" RETURNING d.id, d.fence";

    private static final String COPY =
            "INSERT INTO crm_delivery_event (delivery_id, fence, step, at_us, state, applied,"
                    + " attempt, node, detail, evidence_host, evidence_reply, evidence_remote_id, evidence_us) SELECT id, end_fence,"
                    + " %s, %s, %s, 1, end_attempt, end_node, %s FROM crm_delivery WHERE id = ? AND %s IS NOT NULL";
    private static final String KEEP_WINDOW = String.format(
            Locale.ROOT,
            COPY,
            Journal.Step.WINDOW_BEGUN.number(),
            "end_begun_us",
            "'SENDING'",
            "'', NULL, NULL, NULL, NULL",
            "end_begun_us");
    private static final String KEEP_END = String.format(
            Locale.ROOT,
            COPY,
            "end_step",
            "end_us",
            "end_state",
            "end_detail, end_host, end_reply, end_remote_id, end_evidence_us",
            "end_state");
    private static final String CLEAR = "UPDATE crm_delivery SET end_state = NULL, end_step = NULL, end_fence = NULL,"
            + " end_us = NULL, end_begun_us = NULL, end_attempt = NULL, end_node = NULL, end_detail = NULL, end_host = NULL,"
            + " end_reply = NULL, end_remote_id = NULL, end_evidence_us = NULL WHERE id = ?";

    private final Dialect dialect;
    private final String owner;
    private final boolean inOneStatement;

    Ending(Dialect dialect, String owner, boolean inOneStatement) {
        this.dialect = dialect;
        this.owner = owner;
        this.inOneStatement = inOneStatement;
    }

    /** Ends those that are still under their fence, and gives these back. */
    Set<Transition> write(Connection connection, List<Transition> closed, Journal.Step step, long nowUs)
            throws SQLException {
        if (closed.isEmpty()) {
            return Set.of();
        }
        List<Transition> inOrder = closed.stream()
                .sorted(Comparator.comparing((Transition t) -> t.row().deliveryId))
                .toList();
        return inOneStatement
                ? writeAtOnce(connection, inOrder, step, nowUs)
                : writeOneByOne(connection, inOrder, step, nowUs);
    }

    private Set<Transition> writeOneByOne(Connection connection, List<Transition> closed, Journal.Step step, long nowUs)
            throws SQLException {
        Map<Row, Holding> held = Holding.of(
                connection, dialect, closed.stream().map(Transition::row).toList());
        List<Transition> own =
                closed.stream().filter(t -> held.containsKey(t.row())).toList();
        Sql.updateIn(
                connection,
                DEQUEUE,
                List.of(),
                own.stream().map(t -> t.row().deliveryId).toList());
        Sql.batch(connection, FINISH, own, (statement, t) -> bind(statement, t, held.get(t.row()), step, nowUs));
        return identical(own);
    }

    private void bind(
            PreparedStatement statement, Transition t, @Nullable Holding holding, Journal.Step step, long nowUs)
            throws SQLException {
        statement.setString(1, t.to().name());
        statement.setLong(2, nowUs);
        statement.setLong(3, t.row().fence);
        statement.setInt(4, t.attempts());
        statement.setInt(5, t.doubts());
        statement.setInt(6, t.row().repeats());
        statement.setString(7, t.to().name());
        statement.setInt(8, step.number());
        statement.setLong(9, t.row().fence);
        statement.setLong(10, nowUs);
        setLong(statement, 11, holding == null ? null : holding.begunUs());
        statement.setInt(12, t.row().attempt);
        statement.setString(13, owner);
        statement.setString(14, t.detail());
        Evidence evidence = t.evidence();
        statement.setString(15, evidence == null ? null : evidence.host());
        statement.setString(16, evidence == null ? null : evidence.reply());
        statement.setString(17, evidence == null ? null : evidence.remoteId());
        setLong(statement, 18, evidence == null ? null : Micros.of(evidence.at()));
        statement.setString(19, t.row().deliveryId);
    }

    private static void setLong(PreparedStatement statement, int index, @Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, value);
        }
    }

    private Set<Transition> writeAtOnce(Connection connection, List<Transition> closed, Journal.Step step, long nowUs)
            throws SQLException {
        Map<String, Long> fences = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(AT_ONCE)) {
            Columns<Transition> columns = new Columns<>(connection, statement, 0, closed);
            columns.texts(t -> t.row().deliveryId);
            columns.longs(t -> t.row().fence);
            columns.texts(t -> t.to().name());
            columns.integers(Transition::attempts);
            columns.integers(Transition::doubts);
            columns.integers(t -> t.row().repeats());
            columns.integers(t -> t.row().attempt);
            columns.texts(Transition::detail);
            columns.texts(t -> t.evidence() == null ? null : t.evidence().host());
            columns.texts(t -> t.evidence() == null ? null : t.evidence().reply());
            columns.texts(t -> t.evidence() == null ? null : t.evidence().remoteId());
            columns.longs(
                    t -> t.evidence() == null ? null : Micros.of(t.evidence().at()));
            statement.setLong(13, nowUs);
            statement.setInt(14, step.number());
            statement.setLong(15, nowUs);
            statement.setString(16, owner);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    fences.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return identical(closed.stream()
                .filter(t -> Objects.equals(fences.get(t.row().deliveryId), t.row().fence))
                .toList());
    }

    private static Set<Transition> identical(List<Transition> transitions) {
        Set<Transition> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(transitions);
        return set;
    }

    /** Whether an earlier try of the same write ended this delivery. */
    static boolean isOf(Connection connection, String deliveryId, long fence, Journal.Step step) throws SQLException {
        String select = "SELECT 1 FROM crm_delivery WHERE id = ? AND end_fence = ? AND end_step = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            statement.setLong(2, fence);
            statement.setInt(3, step.number());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Before a delivery is opened again: its end becomes events like any other, so that the next end finds an empty place. */
    static void keepAsEvents(Connection connection, String deliveryId) throws SQLException {
        String windowUnlessThere = KEEP_WINDOW + " AND NOT EXISTS (SELECT 1 FROM crm_delivery_event e"
                + " WHERE e.delivery_id = crm_delivery.id AND e.fence = crm_delivery.end_fence AND e.step = 2)";
        Sql.update(connection, windowUnlessThere, deliveryId);
        Sql.update(connection, KEEP_END, deliveryId);
        Sql.update(connection, CLEAR, deliveryId);
    }
}

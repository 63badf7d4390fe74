package io.crmsdk.delivery;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writes of this room: the mark before the window, and outcomes. Everything a method does is part of the caller's
 * transaction, and repeating it after a commit of unknown outcome changes nothing more.
 *
 * <p>Fences: a write is applied only if the queue row still has the fence of the claim it belongs to. The one exception is
 * a yes. A server's yes is a fact, whoever holds the row now: it takes the row out of the queue under any fence, so that
 * the next holder's mark finds nothing and nothing is sent again.
 */
final class Ledger {
    private static final String MARK = "UPDATE crm_delivery_queue SET state = 'SENDING',"
            + " lease_us = CASE WHEN lease_us < ? THEN ? ELSE lease_us END, begun_us = ?,"
            + " repeats = repeats + ? WHERE delivery_id IN";
    private static final String MARK_AT_ONCE = "UPDATE crm_delivery_queue q SET state = 'SENDING',"
            + " lease_us = CASE WHEN q.lease_us < ? THEN ? ELSE q.lease_us END, begun_us = ?, repeats = q.repeats + CASE WHEN q.doubts > 0 THEN 1 ELSE 0 END"
            + " FROM unnest(?::text[], ?::bigint[]) AS m(id, fence)"
            + " WHERE q.delivery_id = m.id COLLATE \"C\" AND q.fence = m.fence RETURNING q.delivery_id, q.fence";
    private static final String REQUEUE = "UPDATE crm_delivery_queue SET state = ?, due_us = ?, lease_us = 0,"
            + " owner = NULL, begun_us = NULL, attempts = ?, doubts = ?, repeats = ?, stumbles = ?"
            + " WHERE delivery_id = ? AND fence = ?";
    private static final String DEQUEUE = "DELETE FROM crm_delivery_queue WHERE delivery_id IN";
    private static final String FINISH = "UPDATE crm_delivery SET state = ?, state_us = ?, fence = ?, attempts = ?,"
            + " doubts = ?, repeats = ? WHERE id IN";
    private static final String RENEW = "UPDATE crm_delivery_queue SET lease_us = ? WHERE delivery_id IN";

    private final Dialect dialect;
    private final Journal journal;
    private final Ending ending;
    private final String owner;
    private final boolean inOneStatement;

    Ledger(Dialect dialect, String owner, boolean portableSql) {
        this.dialect = dialect;
        this.inOneStatement = dialect.hasUpdateReturning() && !portableSql;
        this.journal = new Journal(dialect);
        this.ending = new Ending(dialect, owner, inOneStatement);
        this.owner = owner;
    }

    /** Declares the window of each row that is still this node's, and gives these back. */
    Set<Row> markBegun(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        Set<Row> marked = inOneStatement
                ? markAtOnce(connection, rows, leaseUs, nowUs)
                : markHeld(connection, rows, leaseUs, nowUs);
        List<Journal.Entry> entries = new ArrayList<>();
        for (Row row : marked) {
            // The queue row says that the window began and when; only what it cannot hold is a line of its own at once.
            // H2 may tear the queue row from the rest, so there the history has to know.
            if (!row.basis().isEmpty() || dialect == Dialect.H2) {
                entries.add(entry(row, Journal.Step.WINDOW_BEGUN, DeliveryState.SENDING, true, row.basis(), null));
            }
        }
        journal.append(connection, entries, nowUs);
        return marked;
    }

    /** A lease that the heartbeat keeps long enough is not written again: a window begins with two thirds of it at least. */
    private static long enough(long leaseUs, long nowUs) {
        return nowUs + leaseUs / 3 * 2;
    }

    private Set<Row> markHeld(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        Set<Row> held = Holding.of(connection, dialect, rows).keySet();
        List<String> first = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        for (Row row : held) {
            (row.doubts > 0 ? repeated : first).add(row.deliveryId);
        }
        Sql.updateIn(connection, MARK, List.<Object>of(enough(leaseUs, nowUs), nowUs + leaseUs, nowUs, 0), first);
        Sql.updateIn(connection, MARK, List.<Object>of(enough(leaseUs, nowUs), nowUs + leaseUs, nowUs, 1), repeated);
        return held;
    }

    private static Set<Row> markAtOnce(Connection connection, List<Row> rows, long leaseUs, long nowUs)
            throws SQLException {
        if (rows.isEmpty()) {
            return Set.of();
        }
        List<Row> inOrder = rows.stream()
                .sorted(Comparator.comparing(row -> row.deliveryId))
                .toList();
        Map<String, Long> fences = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(MARK_AT_ONCE)) {
            statement.setLong(1, enough(leaseUs, nowUs));
            statement.setLong(2, nowUs + leaseUs);
            statement.setLong(3, nowUs);
            Columns<Row> columns = new Columns<>(connection, statement, 3, inOrder);
            columns.texts(row -> row.deliveryId);
            columns.longs(row -> row.fence);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    fences.put(found.getString(1), found.getLong(2));
                }
            }
        }
        // Of one delivery two claims of this node may meet here, and only one of them holds it.
        Set<Row> marked = new HashSet<>();
        rows.stream()
                .filter(row -> Objects.equals(fences.get(row.deliveryId), row.fence))
                .forEach(marked::add);
        return marked;
    }

    /** Takes back the marks of rows that were marked ahead and whose window did not begin. */
    void unmark(Connection connection, List<Row> rows) throws SQLException {
        String unmark = "UPDATE crm_delivery_queue SET begun_us = NULL WHERE delivery_id = ? AND fence = ?";
        Sql.batch(connection, unmark, rows, (statement, row) -> {
            statement.setString(1, row.deliveryId);
            statement.setLong(2, row.fence);
        });
    }

    /** Renews the leases of the rows that are still this node's, and gives these back. */
    Set<Row> renew(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        Set<Row> held = Holding.of(connection, dialect, rows).keySet();
        List<String> ids = held.stream().map(row -> row.deliveryId).toList();
        Sql.updateIn(connection, RENEW, List.of(nowUs + leaseUs), ids);
        return held;
    }

    /** Writes transitions with their evidence; true for each that changed the state. */
    boolean[] apply(Connection connection, List<Transition> transitions, Journal.Step step, long nowUs)
            throws SQLException {
        Set<Transition> ended = ending.write(
                connection, transitions.stream().filter(t -> t.to().isFinal()).toList(), step, nowUs);
        List<Journal.Entry> entries = new ArrayList<>();
        Set<Transition> requeued = requeue(
                connection, transitions.stream().filter(t -> !t.to().isFinal()).toList(), entries, nowUs);
        boolean[] applied = new boolean[transitions.size()];
        for (int i = 0; i < applied.length; i++) {
            Transition t = transitions.get(i);
            applied[i] = ended.contains(t) || requeued.contains(t);
            Boolean earlier = applied[i] ? null : journal.applied(connection, t.row().deliveryId, t.row().fence, step);
            if (earlier != null) {
                applied[i] = earlier;
            } else if (!ended.contains(t)) {
                applied[i] = applied[i] || applyLate(connection, t, entries, nowUs);
                entries.add(entry(t.row(), step, t.to(), applied[i], t.detail(), t));
            }
        }
        journal.append(connection, entries, nowUs);
        return applied;
    }

    /** Adds when their window had begun to the history of claims that were found in it. */
    void noteWindows(Connection connection, List<Row.Claimed> claims, long nowUs) throws SQLException {
        List<Journal.Entry> entries = new ArrayList<>();
        for (Row.Claimed claim : claims) {
            if (claim.begunUs() != null && claim.previousOwner() != null) {
                entries.add(Journal.Entry.windowBegun(
                        claim.deliveryId(),
                        claim.fence() - 1,
                        claim.attempts(),
                        claim.previousOwner(),
                        claim.begunUs()));
            }
        }
        journal.append(connection, entries, nowUs);
    }

    /** Adds a line for claims whose predecessor ended without a result; the state stays what it was. */
    void noteFound(Connection connection, List<Row.Claimed> claims, Function<Row.Claimed, String> detail, long nowUs)
            throws SQLException {
        List<Journal.Entry> entries = new ArrayList<>();
        for (Row.Claimed claim : claims) {
            entries.add(new Journal.Entry(
                    claim.deliveryId(),
                    claim.fence(),
                    Journal.Step.FOUND,
                    claim.state(),
                    true,
                    claim.attempts() - 1,
                    owner,
                    detail.apply(claim),
                    null,
                    null,
                    null));
        }
        journal.append(connection, entries, nowUs);
    }

    private Set<Transition> requeue(
            Connection connection, List<Transition> open, List<Journal.Entry> entries, long nowUs) throws SQLException {
        Map<Row, Holding> held = open.isEmpty()
                ? Map.of()
                : Holding.of(
                        connection, dialect, open.stream().map(Transition::row).toList());
        int[] counts = Sql.batch(connection, REQUEUE, open, (statement, t) -> {
            statement.setString(1, t.to().name());
            statement.setLong(2, t.dueUs(nowUs));
            statement.setInt(3, t.attempts());
            statement.setInt(4, t.doubts());
            statement.setInt(5, t.row().repeats());
            statement.setInt(6, t.stumbles());
            statement.setString(7, t.row().deliveryId);
            statement.setLong(8, t.row().fence);
        });
        Set<Transition> requeued = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < counts.length; i++) {
            Transition t = open.get(i);
            if (counts[i] == 1) {
                requeued.add(t);
                Holding holding = held.get(t.row());
                if (holding != null && holding.begunUs() != null) {
                    entries.add(Journal.Entry.windowBegun(
                            t.row().deliveryId, t.row().fence, t.row().attempt, owner, holding.begunUs()));
                }
            }
        }
        return requeued;
    }

    /** The fence has moved on. Only a yes still counts. */
    private boolean applyLate(Connection connection, Transition t, List<Journal.Entry> entries, long nowUs)
            throws SQLException {
        t.row().lose();
        if (t.to() != DeliveryState.ACCEPTED) {
            return false;
        }
        // Locked first: whoever holds the row now has either marked it already, which then is seen, or finds it gone.
        Holding.of(connection, dialect, List.of(t.row()));
        Standing standing = Standing.read(connection, t.row().deliveryId);
        if (standing == null || Standing.rank(standing.state()) >= Standing.rank(DeliveryState.ACCEPTED)) {
            noteSecondYes(connection, t);
            return false;
        }
        List<Object> values = List.of(
                DeliveryState.ACCEPTED.name(),
                nowUs,
                standing.fence(),
                Math.max(standing.attempts(), t.attempts()),
                Math.max(standing.doubts(), t.doubts()),
                Math.max(standing.repeats(), t.row().repeats()));
        standing.windowBegun().ifPresent(entries::add);
        Sql.updateIn(connection, DEQUEUE, List.of(), List.of(t.row().deliveryId));
        Sql.updateIn(connection, FINISH, values, List.of(t.row().deliveryId));
        return true;
    }

    /** If another attempt was answered with yes as well, the recipient may hold two copies. */
    private static void noteSecondYes(Connection connection, Transition t) throws SQLException {
        String other = "SELECT (SELECT COUNT(*) FROM crm_delivery_event"
                + " WHERE delivery_id = ? AND fence <> ? AND step = 3 AND state = 'ACCEPTED')"
                + " + (SELECT COUNT(*) FROM crm_delivery WHERE id = ? AND end_fence <> ? AND end_state = 'ACCEPTED')";
        try (PreparedStatement statement = connection.prepareStatement(other)) {
            statement.setString(1, t.row().deliveryId);
            statement.setLong(2, t.row().fence);
            statement.setString(3, t.row().deliveryId);
            statement.setLong(4, t.row().fence);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                if (rows.getInt(1) > 0) {
                    Sql.update(
                            connection,
                            "UPDATE crm_delivery SET repeats = 1 WHERE id = ? AND repeats = 0",
                            t.row().deliveryId);
                }
            }
        }
    }

    private Journal.Entry entry(
            Row row, Journal.Step step, DeliveryState state, boolean applied, String detail, @Nullable Transition t) {
        return new Journal.Entry(
                row.deliveryId,
                row.fence,
                step,
                state,
                applied,
                row.attempt,
                owner,
                detail,
                t == null ? null : t.evidence(),
                null,
                null);
    }
}

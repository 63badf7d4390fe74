package io.crmsdk.delivery;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final String HELD = "SELECT delivery_id, fence FROM crm_delivery_queue WHERE delivery_id IN";
    private static final String MARK = "UPDATE crm_delivery_queue SET state = 'SENDING', lease_us = ?,"
            + " repeats = repeats + ? WHERE delivery_id IN";
    private static final String REQUEUE = "UPDATE crm_delivery_queue SET state = ?, due_us = ?, lease_us = 0,"
            + " owner = NULL, attempts = ?, doubts = ?, repeats = ?, stumbles = ? WHERE delivery_id = ? AND fence = ?";
    private static final String DEQUEUE = "DELETE FROM crm_delivery_queue WHERE delivery_id IN";
    private static final String FINISH = "UPDATE crm_delivery SET state = ?, state_us = ?, fence = ?, attempts = ?,"
            + " doubts = ?, repeats = ? WHERE id IN";
    private static final String RENEW = "UPDATE crm_delivery_queue SET lease_us = ? WHERE delivery_id IN";

    private final Dialect dialect;
    private final Journal journal;
    private final String owner;

    Ledger(Dialect dialect, String owner) {
        this.dialect = dialect;
        this.journal = new Journal(dialect);
        this.owner = owner;
    }

    /**
     * Which of the rows are still under their fence; these stay locked until the transaction ends. Everybody locks in the
     * order of ids, so that nobody waits in a circle.
     */
    private Set<Row> held(Connection connection, List<Row> rows) throws SQLException {
        Map<String, Long> fences = new HashMap<>();
        List<String> ids = rows.stream().map(row -> row.deliveryId).sorted().toList();
        Sql.inChunks(connection, HELD, dialect.forUpdate(), List.of(), ids, statement -> {
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    fences.put(found.getString(1), found.getLong(2));
                }
            }
        });
        Set<Row> held = new HashSet<>();
        for (Row row : rows) {
            Long fence = fences.get(row.deliveryId);
            if (fence != null && fence == row.fence) {
                held.add(row);
            }
        }
        return held;
    }

    /** Declares the window of each row that is still this node's, and gives these back. */
    Set<Row> markBegun(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        Set<Row> held = held(connection, rows);
        List<String> first = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        List<Journal.Entry> entries = new ArrayList<>();
        for (Row row : held) {
            (row.doubts > 0 ? repeated : first).add(row.deliveryId);
            entries.add(entry(row, Journal.Step.WINDOW_BEGUN, DeliveryState.SENDING, true, row.basis(), null));
        }
        Sql.updateIn(connection, MARK, List.<Object>of(nowUs + leaseUs, 0), first);
        Sql.updateIn(connection, MARK, List.<Object>of(nowUs + leaseUs, 1), repeated);
        journal.append(connection, entries, nowUs);
        return held;
    }

    /** Renews the leases of the rows that are still this node's, and gives these back. */
    Set<Row> renew(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        Set<Row> held = held(connection, rows);
        List<String> ids = held.stream().map(row -> row.deliveryId).toList();
        Sql.updateIn(connection, RENEW, List.of(nowUs + leaseUs), ids);
        return held;
    }

    /** Writes transitions with their evidence; true for each that changed the state. */
    boolean[] apply(Connection connection, List<Transition> transitions, Journal.Step step, long nowUs)
            throws SQLException {
        boolean[] applied = new boolean[transitions.size()];
        requeue(connection, transitions, applied, nowUs);
        finish(connection, transitions, applied, nowUs);
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < applied.length; i++) {
            Transition t = transitions.get(i);
            if (!applied[i]) {
                applied[i] = applyLate(connection, t, step, nowUs);
            }
            entries.add(entry(t.row(), step, t.to(), applied[i], t.detail(), t));
        }
        journal.append(connection, entries, nowUs);
        return applied;
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
                    null));
        }
        journal.append(connection, entries, nowUs);
    }

    private static void requeue(Connection connection, List<Transition> all, boolean[] applied, long nowUs)
            throws SQLException {
        List<Integer> open = indices(all, false);
        int[] counts = Sql.batch(connection, REQUEUE, open, (statement, i) -> {
            Transition t = all.get(i);
            statement.setString(1, t.to().name());
            statement.setLong(2, t.waitUs() == Transition.HELD ? Transition.HELD : nowUs + t.waitUs());
            statement.setInt(3, t.attempts());
            statement.setInt(4, t.doubts());
            statement.setInt(5, t.row().repeats());
            statement.setInt(6, t.stumbles());
            statement.setString(7, t.row().deliveryId);
            statement.setLong(8, t.row().fence);
        });
        for (int n = 0; n < counts.length; n++) {
            applied[open.get(n)] = counts[n] == 1;
        }
    }

    private void finish(Connection connection, List<Transition> all, boolean[] applied, long nowUs)
            throws SQLException {
        List<Integer> closed = indices(all, true);
        Set<Row> held =
                held(connection, closed.stream().map(i -> all.get(i).row()).toList());
        Map<List<Object>, List<String>> alike = new LinkedHashMap<>();
        for (int i : closed) {
            Transition t = all.get(i);
            applied[i] = held.contains(t.row());
            if (applied[i]) {
                alike.computeIfAbsent(finish(t, nowUs), values -> new ArrayList<>())
                        .add(t.row().deliveryId);
            }
        }
        for (Map.Entry<List<Object>, List<String>> each : alike.entrySet()) {
            Sql.updateIn(connection, DEQUEUE, List.of(), each.getValue());
            Sql.updateIn(connection, FINISH, each.getKey(), each.getValue());
        }
    }

    private static List<Object> finish(Transition t, long nowUs) {
        return List.of(
                t.to().name(),
                nowUs,
                t.row().fence,
                t.attempts(),
                t.doubts(),
                t.row().repeats());
    }

    private static List<Integer> indices(List<Transition> all, boolean closed) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).to().isFinal() == closed) {
                indices.add(i);
            }
        }
        return indices;
    }

    /** The fence has moved on, or our own earlier write of the same did commit after all. Only a yes still counts. */
    private boolean applyLate(Connection connection, Transition t, Journal.Step step, long nowUs) throws SQLException {
        Boolean earlier = journal.applied(connection, t.row().deliveryId, t.row().fence, step);
        if (earlier != null) {
            return earlier;
        }
        t.row().lose();
        if (t.to() != DeliveryState.ACCEPTED) {
            return false;
        }
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
        Sql.updateIn(connection, DEQUEUE, List.of(), List.of(t.row().deliveryId));
        Sql.updateIn(connection, FINISH, values, List.of(t.row().deliveryId));
        return true;
    }

    /** If another attempt was answered with yes as well, the recipient may hold two copies. */
    private static void noteSecondYes(Connection connection, Transition t) throws SQLException {
        String other = "SELECT COUNT(*) FROM crm_delivery_event"
                + " WHERE delivery_id = ? AND fence <> ? AND step = 3 AND state = 'ACCEPTED'";
        try (PreparedStatement statement = connection.prepareStatement(other)) {
            statement.setString(1, t.row().deliveryId);
            statement.setLong(2, t.row().fence);
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
                null);
    }
}

package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
    private static final String MARK = "UPDATE crm_delivery_queue SET state = 'SENDING', lease_us = ?,"
            + " repeats = repeats + ? WHERE delivery_id = ? AND fence = ?";
    private static final String REQUEUE = "UPDATE crm_delivery_queue SET state = ?, due_us = ?, lease_us = 0,"
            + " owner = NULL, attempts = ?, doubts = ?, repeats = ?, stumbles = ? WHERE delivery_id = ? AND fence = ?";
    private static final String DEQUEUE = "DELETE FROM crm_delivery_queue WHERE delivery_id = ? AND fence = ?";
    private static final String FINISH = "UPDATE crm_delivery SET state = ?, state_us = ?, fence = ?, attempts = ?,"
            + " doubts = ?, repeats = ? WHERE id = ?";
    private static final String RENEW =
            "UPDATE crm_delivery_queue SET lease_us = ? WHERE delivery_id = ? AND fence = ? AND owner = ?";

    private final Journal journal;
    private final String owner;

    Ledger(Flavor flavor, String owner) {
        this.journal = new Journal(flavor);
        this.owner = owner;
    }

    /** Declares the window of each row that is still this node's; false for a row that is not. */
    boolean[] markBegun(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        int[] counts = Sql.batch(connection, MARK, rows, (statement, row) -> {
            statement.setLong(1, nowUs + leaseUs);
            statement.setInt(2, row.doubts > 0 ? 1 : 0);
            statement.setString(3, row.deliveryId);
            statement.setLong(4, row.fence);
        });
        boolean[] marked = new boolean[counts.length];
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            marked[i] = counts[i] == 1;
            if (marked[i]) {
                Row row = rows.get(i);
                entries.add(entry(row, Journal.Step.WINDOW_BEGUN, DeliveryState.SENDING, true, "", null));
            }
        }
        journal.append(connection, entries, nowUs);
        return marked;
    }

    /** Renews leases; false for a row that is no longer this node's. */
    boolean[] renew(Connection connection, List<Row> rows, long leaseUs, long nowUs) throws SQLException {
        int[] counts = Sql.batch(connection, RENEW, rows, (statement, row) -> {
            statement.setLong(1, nowUs + leaseUs);
            statement.setString(2, row.deliveryId);
            statement.setLong(3, row.fence);
            statement.setString(4, owner);
        });
        boolean[] kept = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            kept[i] = counts[i] == 1;
        }
        return kept;
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
                applied[i] = applyLate(connection, t, nowUs);
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

    private static void finish(Connection connection, List<Transition> all, boolean[] applied, long nowUs)
            throws SQLException {
        List<Integer> closed = indices(all, true);
        int[] counts = Sql.batch(connection, DEQUEUE, closed, (statement, i) -> {
            statement.setString(1, all.get(i).row().deliveryId);
            statement.setLong(2, all.get(i).row().fence);
        });
        List<Transition> done = new ArrayList<>();
        for (int n = 0; n < counts.length; n++) {
            applied[closed.get(n)] = counts[n] == 1;
            if (counts[n] == 1) {
                done.add(all.get(closed.get(n)));
            }
        }
        Sql.batch(connection, FINISH, done, (statement, t) -> bindFinish(statement, t, t.row().fence, nowUs));
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

    private static void bindFinish(PreparedStatement statement, Transition t, long fence, long nowUs)
            throws SQLException {
        statement.setString(1, t.to().name());
        statement.setLong(2, nowUs);
        statement.setLong(3, fence);
        statement.setInt(4, t.attempts());
        statement.setInt(5, t.doubts());
        statement.setInt(6, t.row().repeats());
        statement.setString(7, t.row().deliveryId);
    }

    /** The fence has moved on, or our own earlier write of the same did commit after all. Only a yes still counts. */
    private boolean applyLate(Connection connection, Transition t, long nowUs) throws SQLException {
        t.row().lose();
        if (t.to() != DeliveryState.ACCEPTED) {
            return false;
        }
        Standing standing = Standing.read(connection, t.row().deliveryId);
        if (standing == null || Standing.rank(standing.state()) >= Standing.rank(DeliveryState.ACCEPTED)) {
            noteSecondYes(connection, t);
            return false;
        }
        Sql.update(connection, "DELETE FROM crm_delivery_queue WHERE delivery_id = ?", t.row().deliveryId);
        try (PreparedStatement finish = connection.prepareStatement(FINISH)) {
            finish.setString(1, DeliveryState.ACCEPTED.name());
            finish.setLong(2, nowUs);
            finish.setLong(3, standing.fence());
            finish.setInt(4, Math.max(standing.attempts(), t.attempts()));
            finish.setInt(5, Math.max(standing.doubts(), t.doubts()));
            finish.setInt(6, Math.max(standing.repeats(), t.row().repeats()));
            finish.setString(7, t.row().deliveryId);
            finish.executeUpdate();
        }
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

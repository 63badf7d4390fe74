package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes due rows for this node.
 *
 * <p>A claim does not ask for a state, only for "due, and no live lease". So a claim is at the same time the search for
 * what others left behind: the row of a dead worker is older than everything behind it in its lane, hence met first. A row
 * found in its window becomes unconfirmed, any other is tried again with a line in its history.
 */
final class Claims {
    /**
     * How often a claim may end without a result before its delivery is set aside. High, because when a process dies all
     * that it held is found this way, and at most one of those killed it.
     */
    private static final int MOST_CRASHES = 20;

    private static final int MOST_RECIPIENTS = 50;
    private static final String COLUMNS =
            "delivery_id, fence, state, owner, attempts, doubts, repeats, stumbles, crashes, begun_us, due_us";
    private static final String DUE = " FROM crm_delivery_queue WHERE lane = ? AND due_us >= ? AND due_us <= ?"
            + " AND lease_us <= ? ORDER BY due_us LIMIT ?";
    /** A row that was found in its window is not attempted, so its counter stays. */
    private static final String TAKE =
            "lease_us = ?, owner = ?, begun_us = NULL, fence = q.fence + 1, attempts = q.attempts"
                    + " + CASE WHEN q.state = 'SENDING' THEN 0 ELSE 1 END";

    /**
     * A claim that takes no locks first may have found what its holder renews or marks at this moment, which leaves the fence
     * alone: so lease and state are compared again. Otherwise a row in its window could pass for one before it.
     */
    private static final String POSTGRESQL = "WITH c AS MATERIALIZED (SELECT delivery_id, fence, due_us, state, owner,"
            + " begun_us" + DUE + "%s) UPDATE crm_delivery_queue q SET " + TAKE
            + " FROM c WHERE q.delivery_id = c.delivery_id AND q.fence = c.fence"
            + " AND q.state = c.state AND q.lease_us <= ?"
            + " RETURNING q.delivery_id, q.fence, c.state, c.owner, q.attempts, q.doubts, q.repeats, q.stumbles, q.crashes,"
            + " c.begun_us, q.due_us";

    private static final String LOCKING = String.format(Locale.ROOT, POSTGRESQL, " FOR UPDATE SKIP LOCKED");
    private static final String ALONE = String.format(Locale.ROOT, POSTGRESQL, "");

    /** "crmo": whoever gets it claims alone and needs no lock on each row, which would be a record in the log for each. */
    private static final String TURN = "SELECT pg_try_advisory_xact_lock(1668443503)";

    private static final String TAKE_ONE = "UPDATE crm_delivery_queue SET " + TAKE.replace("q.", "")
            + " WHERE delivery_id = ? AND fence = ? AND state = ? AND lease_us <= ?";

    private static final int DUE_COLUMN = 11;

    private final Dialect dialect;
    private final String owner;
    private final long leaseUs;
    private final Ledger ledger;
    private final Disposition disposition;
    private final Turns turns;
    private final boolean portableSql;
    private final LowWater lowWater;
    private final MessageReader messages;

    Claims(
            Dialect dialect,
            String owner,
            long leaseUs,
            Disposition disposition,
            Turns turns,
            boolean portableSql,
            MessageReader messages) {
        this.messages = messages;
        this.portableSql = portableSql;
        this.lowWater = new LowWater(leaseUs);
        this.dialect = dialect;
        this.owner = owner;
        this.leaseUs = leaseUs;
        this.ledger = new Ledger(dialect, owner, portableSql);
        this.disposition = disposition;
        this.turns = turns;
    }

    boolean skipsLocked() {
        return dialect.hasSkipLocked() && !portableSql;
    }

    /** Part of the caller's transaction; the batch must not be used before its commit. */
    Batch claim(Connection connection, int most, long nowUs) throws SQLException {
        List<Row.Claimed> claimed = new ArrayList<>();
        boolean alone = dialect.hasUpdateReturning() && !portableSql && isMyTurn(connection);
        lowWater.beginClaim(nowUs);
        for (Priority lane : Priority.values()) {
            int share = Math.max(1, Math.max(most - claimed.size(), most / 8));
            List<Row.Claimed> taken = dialect.hasUpdateReturning() && !portableSql
                    ? takeReturning(connection, alone, lane, share, nowUs)
                    : takeOneByOne(connection, lane, share, nowUs);
            claimed.addAll(taken);
        }
        return sortOut(connection, claimed, nowUs);
    }

    private static boolean isMyTurn(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TURN);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private List<Row.Claimed> takeReturning(Connection connection, boolean alone, Priority lane, int share, long nowUs)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(alone ? ALONE : LOCKING)) {
            bindDue(statement, lane, share, nowUs);
            statement.setLong(6, nowUs + leaseUs);
            statement.setString(7, owner);
            statement.setLong(8, nowUs);
            try (ResultSet rows = statement.executeQuery()) {
                List<Row.Claimed> taken = new ArrayList<>();
                long oldestUs = nowUs;
                while (rows.next()) {
                    taken.add(read(rows));
                    oldestUs = Math.min(oldestUs, rows.getLong(DUE_COLUMN));
                }
                lowWater.found(lane, oldestUs);
                return taken;
            }
        }
    }

    private List<Row.Claimed> takeOneByOne(Connection connection, Priority lane, int share, long nowUs)
            throws SQLException {
        List<Row.Claimed> found = new ArrayList<>();
        String select = "SELECT " + COLUMNS + DUE + (skipsLocked() ? " FOR UPDATE SKIP LOCKED" : "");
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            bindDue(statement, lane, share, nowUs);
            try (ResultSet rows = statement.executeQuery()) {
                long oldestUs = nowUs;
                while (rows.next()) {
                    found.add(read(rows));
                    oldestUs = Math.min(oldestUs, rows.getLong(DUE_COLUMN));
                }
                lowWater.found(lane, oldestUs);
            }
        }
        found.sort(Comparator.comparing(Row.Claimed::deliveryId));
        int[] counts = Sql.batch(connection, TAKE_ONE, found, (statement, row) -> {
            statement.setLong(1, nowUs + leaseUs);
            statement.setString(2, owner);
            statement.setString(3, row.deliveryId());
            statement.setLong(4, row.fence());
            statement.setString(5, row.state().name());
            statement.setLong(6, nowUs);
        });
        List<Row.Claimed> taken = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                taken.add(afterTaking(found.get(i)));
            }
        }
        return taken;
    }

    private void bindDue(PreparedStatement statement, Priority lane, int share, long nowUs) throws SQLException {
        statement.setInt(1, lane.lane());
        statement.setLong(2, lowWater.of(lane));
        statement.setLong(3, nowUs);
        statement.setLong(4, nowUs);
        statement.setInt(5, share);
    }

    private static Row.Claimed read(ResultSet rows) throws SQLException {
        long begunUs = rows.getLong(10);
        Long begun = rows.wasNull() ? null : Long.valueOf(begunUs);
        return new Row.Claimed(
                rows.getString(1),
                rows.getLong(2),
                DeliveryState.valueOf(rows.getString(3)),
                rows.getString(4),
                rows.getInt(5),
                rows.getInt(6),
                rows.getInt(7),
                rows.getInt(8),
                rows.getInt(9),
                begun);
    }

    private static Row.Claimed afterTaking(Row.Claimed before) {
        int attempts = before.state() == DeliveryState.SENDING ? before.attempts() : before.attempts() + 1;
        return new Row.Claimed(
                before.deliveryId(),
                before.fence() + 1,
                before.state(),
                before.previousOwner(),
                attempts,
                before.doubts(),
                before.repeats(),
                before.stumbles(),
                before.crashes(),
                before.begunUs());
    }

    private Batch sortOut(Connection connection, List<Row.Claimed> claimed, long nowUs) throws SQLException {
        Map<String, Row> rows = new LinkedHashMap<>();
        Map<String, Message> contents = load(connection, claimed, rows);
        List<Transition> found = new ArrayList<>();
        List<Row> ready = new ArrayList<>();
        for (Row.Claimed claim : claimed) {
            Row row = rows.get(claim.deliveryId());
            Message message = row == null ? null : contents.get(row.messageId);
            if (row == null || message == null) {
                found.add(unreadable(claim, row));
            } else if (claim.state() == DeliveryState.SENDING) {
                found.add(disposition.of(row, message.kind(), new Outcome.Unconfirmed(diedInWindow(claim)), nowUs));
            } else if (claim.previousOwner() != null && claim.crashes() + 1 >= MOST_CRASHES) {
                found.add(disposition.surelyNotSent(row, DeliveryState.DEAD, setAside(claim), null));
            } else {
                ready.add(row);
            }
        }
        ledger.noteWindows(connection, claimed, nowUs);
        ledger.apply(connection, found, Journal.Step.FOUND, nowUs);
        endTurns(connection, found, contents, nowUs);
        noteCrashes(connection, claimed, nowUs);
        return new Batch(group(ready, contents, nowUs), changes(found, contents, nowUs), claimed.size());
    }

    /** A message that cannot be read may have a key; then its row in the line tells. */
    private void endTurns(Connection connection, List<Transition> found, Map<String, Message> contents, long nowUs)
            throws SQLException {
        Set<String> ended = new HashSet<>();
        for (Transition t : found) {
            Message message = contents.get(t.row().messageId);
            if ((message == null || message.orderingKey() != null) && turns.mayEndBy(t)) {
                ended.add(t.row().deliveryId);
            }
        }
        if (!ended.isEmpty()) {
            turns.ended(connection, ended, nowUs);
        }
    }

    /** Rows that somebody held and did not finish before the window: tried again now, with a line in the history. */
    private void noteCrashes(Connection connection, List<Row.Claimed> claimed, long nowUs) throws SQLException {
        List<Row.Claimed> crashed = claimed.stream()
                .filter(claim -> claim.previousOwner() != null && claim.state() != DeliveryState.SENDING)
                .toList();
        String count = "UPDATE crm_delivery_queue SET crashes = crashes + 1 WHERE delivery_id = ? AND fence = ?";
        Sql.batch(connection, count, crashed, (statement, claim) -> {
            statement.setString(1, claim.deliveryId());
            statement.setLong(2, claim.fence());
        });
        ledger.noteFound(connection, crashed, Claims::endedBefore, nowUs);
    }

    private static String setAside(Row.Claimed claim) {
        return "set aside: " + (claim.crashes() + 1) + " claims ended without a result";
    }

    private static String diedInWindow(Row.Claimed claim) {
        return "process died in the window, attempt " + claim.attempts() + ", host " + claim.previousOwner()
                + " (or was cut off until its lease ended): it may or may not have been taken";
    }

    private static String endedBefore(Row.Claimed claim) {
        return "attempt " + (claim.attempts() - 1) + " on " + claim.previousOwner()
                + " ended without a result before the window: nothing was sent";
    }

    private Transition unreadable(Row.Claimed claim, @Nullable Row row) {
        Row known = row == null ? new Row(claim, "", "", 0) : row;
        return disposition.stumbled(known, "its message is missing or cannot be read by this version");
    }

    private static List<DeliveryChange> changes(List<Transition> found, Map<String, Message> contents, long nowUs) {
        List<DeliveryChange> changes = new ArrayList<>();
        for (Transition t : found) {
            Message message = contents.get(t.row().messageId);
            changes.add(Notifier.change(t, message == null ? "" : message.key(), nowUs));
        }
        return changes;
    }

    private Map<String, Message> load(Connection connection, List<Row.Claimed> claimed, Map<String, Row> rows)
            throws SQLException {
        Map<String, Stored> stored = loadDeliveries(connection, claimed);
        Map<String, String> wanted = new LinkedHashMap<>();
        stored.values().forEach(delivery -> wanted.put(delivery.messageId(), delivery.recipient()));
        Map<String, Message> contents = messages.read(connection, wanted);
        for (Row.Claimed claim : claimed) {
            Stored delivery = stored.get(claim.deliveryId());
            if (delivery != null) {
                long bornUs = bornUs(delivery, contents.get(delivery.messageId()));
                rows.put(
                        claim.deliveryId(),
                        new Row(
                                claim,
                                delivery.messageId(),
                                delivery.recipient(),
                                Math.max(bornUs, delivery.renewedUs()),
                                delivery.renewedAttempts()));
            }
        }
        return contents;
    }

    private static long bornUs(Stored delivery, @Nullable Message message) {
        return message == null || message.notBefore() == null
                ? delivery.createdUs()
                : Math.max(delivery.createdUs(), Micros.of(message.notBefore()));
    }

    /** Not joined with the messages: without statistics a planner may read all of these for it. */
    private static Map<String, Stored> loadDeliveries(Connection connection, List<Row.Claimed> claimed)
            throws SQLException {
        Map<String, Stored> stored = new HashMap<>();
        List<String> ids = claimed.stream().map(Row.Claimed::deliveryId).toList();
        String select = "SELECT id, message_id, recipient, created_us, renewed_us, renewed_attempts"
                + " FROM crm_delivery WHERE id IN";
        Sql.inChunks(connection, select, "", List.of(), ids, statement -> {
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    stored.put(found.getString(1), Stored.read(found));
                }
            }
        });
        return stored;
    }

    /** What a claim needs to know of a delivery's own row. */
    private record Stored(String messageId, String recipient, long createdUs, long renewedUs, int renewedAttempts) {
        static Stored read(ResultSet row) throws SQLException {
            return new Stored(row.getString(2), row.getString(3), row.getLong(4), row.getLong(5), row.getInt(6));
        }
    }

    private static List<Work> group(List<Row> ready, Map<String, Message> contents, long nowUs) {
        long nanos = System.nanoTime();
        Map<String, List<Row>> byMessage = new LinkedHashMap<>();
        ready.forEach(row -> byMessage
                .computeIfAbsent(row.messageId, id -> new ArrayList<>())
                .add(row));
        List<Work> work = new ArrayList<>();
        byMessage.forEach((id, rows) -> {
            Message message = contents.get(id);
            for (int from = 0; message != null && from < rows.size(); from += MOST_RECIPIENTS) {
                int to = Math.min(from + MOST_RECIPIENTS, rows.size());
                work.add(new Work(message, List.copyOf(rows.subList(from, to)), nowUs, nanos, new Ahead()));
            }
        });
        return work;
    }

    /** One message and those of its recipients that were claimed together. */
    record Work(Message message, List<Row> rows, long claimedUs, long claimedNanos, Ahead ahead) {
        /** The database's time now, reckoned from the claim by the monotonic clock. */
        long nowUs() {
            return claimedUs + (System.nanoTime() - claimedNanos) / 1000;
        }
    }

    /**
     * What a claim brought.
     *
     * @param work what to attempt
     * @param changes what the claim itself changed
     * @param claimed how many rows were taken
     */
    record Batch(List<Work> work, List<DeliveryChange> changes, int claimed) {}
}

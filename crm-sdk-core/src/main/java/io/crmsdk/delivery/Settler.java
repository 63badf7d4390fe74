package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.internal.Sha256;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes of a delivery from outside any claim: later proofs, and withdrawals. Both raise the fence. */
final class Settler {
    private static final int MOST_TRIES = 10;

    /** From when on the date of a proof is said to be in the future. */
    private static final Duration FAR_AHEAD = Duration.ofMinutes(15);

    private final Store store;
    private final Journal journal;
    private final Turns turns;

    Settler(Store store, Turns turns) {
        this.store = store;
        this.turns = turns;
        this.journal = new Journal(Dialect.of(store));
    }

    /** What came of one try. */
    enum Result {
        CHANGED,
        UNCHANGED,
        /** Somebody else changed the delivery meanwhile, so it is read again. */
        OVERTAKEN
    }

    /** What to do with a delivery that stands so. */
    @FunctionalInterface
    interface Change {
        Result make(Connection connection, Standing standing, long nowUs) throws SQLException;
    }

    /** True if the state changed. */
    boolean settle(String deliveryId, Confirmation confirmation) {
        return change(deliveryId, settling(confirmation));
    }

    Change settling(Confirmation confirmation) {
        return (connection, standing, nowUs) -> {
            String source = hash(confirmation);
            if (isKnown(connection, standing.deliveryId(), source)) {
                return Result.UNCHANGED;
            }
            DeliveryState to = target(connection, standing, confirmation);
            boolean applied = to != null;
            DeliveryState reached = to == null ? null : move(connection, standing, to, nowUs);
            if (applied && reached == null) {
                return Result.OVERTAKEN;
            }
            DeliveryState state = reached == null ? meant(confirmation) : reached;
            String detail = confirmation.verdict() + " by " + confirmation.by() + ": " + confirmation.why()
                    + ahead(confirmation.evidence(), nowUs);
            append(
                    connection,
                    standing,
                    state,
                    applied,
                    confirmation.by(),
                    detail,
                    confirmation.evidence(),
                    source,
                    nowUs);
            return applied ? Result.CHANGED : Result.UNCHANGED;
        };
    }

    /** True if it was withdrawn. */
    boolean cancel(String deliveryId, String by, String why) {
        return change(deliveryId, cancelling(by, why));
    }

    Change cancelling(String by, String why) {
        return (connection, standing, nowUs) -> {
            boolean withdrawable =
                    standing.queued() && standing.state() != DeliveryState.SENDING && standing.doubts() == 0;
            if (!withdrawable && !holdsOthers(connection, standing)) {
                return Result.UNCHANGED;
            }
            if (move(connection, standing, DeliveryState.CANCELLED, nowUs) == null) {
                return Result.OVERTAKEN;
            }
            append(connection, standing, DeliveryState.CANCELLED, true, by, why, null, null, nowUs);
            return Result.CHANGED;
        };
    }

    /** A dead one was surely not taken, so it can be withdrawn; that means something only while it has a place in a line. */
    private static boolean holdsOthers(Connection connection, Standing standing) throws SQLException {
        return standing.state() == DeliveryState.DEAD && Turns.has(connection, standing.deliveryId());
    }

    /** As {@link Replay#again}. */
    @Nullable
    DeliveryState again(Connection connection, Standing standing, CopyRisk risk, long nowUs) throws SQLException {
        return Replay.again(connection, standing, risk, turns, nowUs);
    }

    /** True if the state changed; tried again if somebody was faster. */
    boolean change(String deliveryId, Change change) {
        try {
            for (int n = 0; n < MOST_TRIES; n++) {
                Result result = store.inTransaction(connection -> tryOnce(connection, deliveryId, change));
                if (result != Result.OVERTAKEN) {
                    return result == Result.CHANGED;
                }
            }
        } catch (StoreException e) {
            throw new DeliveryException(
                    "STORE_UNWRITABLE", "delivery " + deliveryId + " could not be changed; repeating is safe", e);
        }
        throw new DeliveryException(
                "DELIVERY_BUSY", "delivery " + deliveryId + " kept changing; nothing was changed, try again", null);
    }

    private Result tryOnce(Connection connection, String deliveryId, Change change) throws SQLException {
        Standing standing = Standing.read(connection, deliveryId);
        if (standing == null) {
            throw new DeliveryException(
                    "UNKNOWN_DELIVERY", "there is no delivery " + deliveryId + "; nothing was changed", null);
        }
        return change.make(connection, standing, store.nowMicros(connection));
    }

    /** A proof counts by what it says, never by when; but a date that cannot be is said. */
    private static String ahead(Evidence evidence, long nowUs) {
        Duration ahead = Duration.between(Micros.instant(nowUs), evidence.at());
        return ahead.compareTo(FAR_AHEAD) > 0
                ? " (dated " + evidence.at() + ", which is " + ahead.toMinutes() + " minutes ahead)"
                : "";
    }

    /** The state the confirmation leads to, or null if what is known already is at least as strong. */
    private static @Nullable DeliveryState target(Connection connection, Standing standing, Confirmation confirmation)
            throws SQLException {
        if (confirmation.verdict() == Confirmation.Verdict.NOT_SENT) {
            boolean reopens = standing.state() == DeliveryState.UNCONFIRMED || standing.state() == DeliveryState.DEAD;
            // Another message took its place, so that it must not leave beside that one.
            boolean replaced = reopens && Audit.replacement(connection, standing.deliveryId()) != null;
            return !reopens ? null : replaced ? DeliveryState.CANCELLED : DeliveryState.QUEUED;
        }
        DeliveryState proven = meant(confirmation);
        return Standing.rank(proven) > Standing.rank(standing.state()) ? proven : null;
    }

    private static DeliveryState meant(Confirmation confirmation) {
        return switch (confirmation.verdict()) {
            case NOT_SENT -> DeliveryState.QUEUED;
            case ACCEPTED -> DeliveryState.ACCEPTED;
            case DELIVERED -> DeliveryState.DELIVERED;
            case BOUNCED -> DeliveryState.BOUNCED;
            case COMPLAINED -> DeliveryState.COMPLAINED;
        };
    }

    /** The state that was reached, or null if somebody was faster. */
    @Nullable
    DeliveryState move(Connection connection, Standing standing, DeliveryState to, long nowUs) throws SQLException {
        if (to == DeliveryState.QUEUED) {
            boolean queued =
                    standing.queued() ? requeue(connection, standing, nowUs) : reopen(connection, standing, nowUs);
            return queued ? turns.comeBack(connection, standing.deliveryId(), nowUs) : null;
        }
        if (!finish(connection, standing, to, nowUs)) {
            return null;
        }
        if (standing.queued() || standing.state() == DeliveryState.DEAD) {
            turns.ended(connection, List.of(standing.deliveryId()), nowUs);
        }
        return to;
    }

    private boolean finish(Connection connection, Standing standing, DeliveryState to, long nowUs) throws SQLException {
        if (standing.queued() && !dequeue(connection, standing)) {
            return false;
        }
        journal.append(connection, standing.windowBegun().stream().toList(), nowUs);
        String finish = "UPDATE crm_delivery SET state = ?, state_us = ?, fence = ?, attempts = ?, doubts = ?,"
                + " repeats = ? WHERE id = ? AND fence " + (standing.queued() ? "<= ?" : "= ?");
        return Sql.update(
                        connection,
                        finish,
                        to.name(),
                        nowUs,
                        standing.fence() + 1,
                        standing.attempts(),
                        standing.doubts(),
                        standing.repeats(),
                        standing.deliveryId(),
                        standing.fence())
                == 1;
    }

    private static boolean dequeue(Connection connection, Standing standing) throws SQLException {
        return Sql.update(
                        connection,
                        "DELETE FROM crm_delivery_queue WHERE delivery_id = ? AND fence = ? AND state = ?",
                        standing.deliveryId(),
                        standing.fence(),
                        standing.state().name())
                == 1;
    }

    /** Stays in doubt, without a planned repeat. */
    static boolean hold(Connection connection, Standing standing) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_delivery_queue SET due_us = ?, lease_us = 0, owner = NULL, fence = fence + 1"
                                + " WHERE delivery_id = ? AND fence = ? AND state = 'UNCONFIRMED'",
                        Transition.HELD,
                        standing.deliveryId(),
                        standing.fence())
                == 1;
    }

    private static boolean requeue(Connection connection, Standing standing, long nowUs) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE crm_delivery_queue SET state = 'QUEUED', due_us = ?, lease_us = 0, owner = NULL,"
                                + " fence = fence + 1, doubts = 0, repeats = 0, stumbles = 0, crashes = 0"
                                + " WHERE delivery_id = ? AND fence = ? AND state = 'UNCONFIRMED'",
                        nowUs,
                        standing.deliveryId(),
                        standing.fence())
                == 1;
    }

    static boolean reopen(Connection connection, Standing standing, long nowUs) throws SQLException {
        int reopened = Sql.update(
                connection,
                "UPDATE crm_delivery SET state = NULL, state_us = NULL WHERE id = ? AND fence = ? AND state = ?",
                standing.deliveryId(),
                standing.fence(),
                standing.state().name());
        if (reopened == 1) {
            Ending.keepAsEvents(connection, standing.deliveryId());
            Sql.update(
                    connection,
                    "INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state, attempts,"
                            + " doubts, repeats, stumbles, crashes) VALUES (?, ?, ?, 0, ?, 'QUEUED', ?, 0, 0, 0, 0)",
                    standing.deliveryId(),
                    lane(connection, standing.deliveryId()),
                    nowUs,
                    standing.fence() + 1,
                    standing.attempts());
        }
        return reopened == 1;
    }

    private static int lane(Connection connection, String deliveryId) throws SQLException {
        String select =
                "SELECT m.priority FROM crm_delivery d JOIN crm_message m ON m.id = d.message_id WHERE d.id = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Priority.valueOf(row.getString(1)).lane() : Priority.NORMAL.lane();
            }
        }
    }

    void append(
            Connection connection,
            Standing standing,
            DeliveryState state,
            boolean applied,
            String by,
            String detail,
            @Nullable Evidence evidence,
            @Nullable String source,
            long nowUs)
            throws SQLException {
        long fence = applied ? standing.fence() + 1 : nextFreeFence(connection, standing.deliveryId());
        journal.append(
                connection,
                List.of(new Journal.Entry(
                        standing.deliveryId(),
                        fence,
                        Journal.Step.OUTSIDE,
                        state,
                        applied,
                        standing.attempts(),
                        by,
                        detail,
                        evidence,
                        source,
                        null)),
                nowUs);
    }

    /** Reports that change nothing carry negative numbers, so that they never meet a fence. */
    private static long nextFreeFence(Connection connection, String deliveryId) throws SQLException {
        String select = "SELECT COALESCE(MIN(fence), 0) FROM crm_delivery_event WHERE delivery_id = ? AND step = 4";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Math.min(0, row.getLong(1)) - 1;
            }
        }
    }

    private static boolean isKnown(Connection connection, String deliveryId, String source) throws SQLException {
        String select = "SELECT 1 FROM crm_delivery_event WHERE delivery_id = ? AND source_hash = ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setString(1, deliveryId);
            statement.setString(2, source);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The same proof brought twice is one proof, whoever brings it. */
    private static String hash(Confirmation confirmation) {
        Evidence evidence = confirmation.evidence();
        String text = String.join(
                "\n",
                confirmation.verdict().name(),
                evidence.host(),
                evidence.reply(),
                evidence.remoteId() == null ? "" : evidence.remoteId(),
                evidence.at().toString());
        return Sha256.hex(text);
    }
}

package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the store itself tells of the unfinished deliveries and of the pools that work on them. */
final class HealthReader {
    private static final String STATES = "SELECT state, COUNT(*),"
            + " SUM(CASE WHEN lease_us > 0 AND lease_us <= ? THEN 1 ELSE 0 END),"
            + " SUM(CASE WHEN due_us >= ? AND due_us < ? AND lease_us = 0 THEN 1 ELSE 0 END),"
            + " SUM(CASE WHEN due_us <= ? AND lease_us <= ? THEN 1 ELSE 0 END),"
            + " MIN(CASE WHEN lease_us <= ? THEN due_us END), MIN(CASE WHEN lease_us > 0 THEN begun_us END),"
            + " SUM(CASE WHEN due_us >= ? THEN 1 ELSE 0 END)"
            + " FROM crm_delivery_queue GROUP BY state";

    /** States that always have a time of their own; a held one is in doubt, and any other may wait for something else. */
    private static final Set<DeliveryState> TIMED =
            Set.of(DeliveryState.QUEUED, DeliveryState.SCHEDULED, DeliveryState.DEFERRED, DeliveryState.SENDING);

    final Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
    final List<WorkerHealth> workers = new ArrayList<>();
    final @Nullable OutboxPause paused;
    final Map<String, OutboxPause> pausedDestinations;
    /** Id and state of the delivery that the one waits for that has waited longest for its turn; null if nobody waits. */
    final @Nullable String firstOfOldest;

    private final long nowUs;
    long due;
    long expired;
    long held;
    long stranded;
    long parked;
    private long waitsSinceUs = Long.MAX_VALUE;
    long nextUs = Transition.HELD;
    private long begunUs = Long.MAX_VALUE;

    HealthReader(Connection connection, long nowUs) throws SQLException {
        this.nowUs = nowUs;
        readStates(connection);
        readWorkers(connection);
        paused = Pauses.read(connection);
        pausedDestinations = Pauses.destinations(connection);
        firstOfOldest = waitsSinceUs == Long.MAX_VALUE ? null : firstOfOldest(connection);
    }

    @Nullable
    Duration oldestDue() {
        return nextUs <= nowUs ? between(nextUs) : null;
    }

    @Nullable
    Duration oldestWindow() {
        return begunUs == Long.MAX_VALUE ? null : between(begunUs);
    }

    @Nullable
    Duration oldestWaiting() {
        return waitsSinceUs == Long.MAX_VALUE ? null : between(waitsSinceUs);
    }

    /** One of those that stand first in the line of whoever has waited longest. */
    private @Nullable String firstOfOldest(Connection connection) throws SQLException {
        String select = "SELECT f.delivery_id, COALESCE(q.state, d.state) FROM crm_delivery_turn f"
                + " JOIN crm_delivery d ON d.id = f.delivery_id LEFT JOIN crm_delivery_queue q ON q.delivery_id = f.delivery_id"
                + " WHERE f.order_hash = (SELECT t.order_hash FROM crm_delivery_turn t JOIN crm_delivery_queue w"
                + " ON w.delivery_id = t.delivery_id WHERE w.state = 'WAITING' AND w.due_us = ? ORDER BY t.delivery_id LIMIT 1)"
                + " ORDER BY f.place, f.delivery_id LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, Turns.WAITS + waitsSinceUs);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) + ", which is " + row.getString(2) : null;
            }
        }
    }

    /** The database's clock may have been set back meanwhile. */
    private Duration between(long us) {
        return Duration.between(Micros.instant(Math.min(us, nowUs)), Micros.instant(nowUs));
    }

    private void readStates(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATES)) {
            statement.setLong(1, nowUs);
            statement.setLong(2, Transition.HELD);
            statement.setLong(3, Parked.SINCE);
            statement.setLong(4, nowUs);
            statement.setLong(5, nowUs);
            statement.setLong(6, nowUs);
            statement.setLong(7, Parked.SINCE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    read(row);
                }
            }
        }
    }

    private void read(ResultSet row) throws SQLException {
        DeliveryState state = DeliveryState.valueOf(row.getString(1));
        counts.put(state, row.getLong(2));
        expired += row.getLong(3);
        long timeless = row.getLong(4);
        held += state == DeliveryState.UNCONFIRMED ? timeless : 0;
        stranded += TIMED.contains(state) ? timeless : 0;
        due += row.getLong(5);
        long next = row.getLong(6);
        nextUs = row.wasNull() ? nextUs : Math.min(nextUs, next);
        long begun = row.getLong(7);
        begunUs = row.wasNull() ? begunUs : Math.min(begunUs, begun);
        parked += row.getLong(8);
        if (state == DeliveryState.WAITING) {
            waitsSinceUs = next - Turns.WAITS;
        }
    }

    private void readWorkers(Connection connection) throws SQLException {
        Map<String, Long> holds = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT owner, COUNT(*) FROM crm_delivery_queue WHERE lease_us > ? GROUP BY owner")) {
            statement.setLong(1, nowUs);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    holds.put(String.valueOf(row.getString(1)), row.getLong(2));
                }
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(
                        "SELECT owner, seen_us, lease_us FROM crm_delivery_node ORDER BY owner");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String owner = row.getString(1);
                workers.add(new WorkerHealth(
                        owner,
                        between(row.getLong(2)),
                        Duration.ofNanos(row.getLong(3) * 1000),
                        holds.getOrDefault(owner, 0L)));
            }
        }
    }
}

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
            + " SUM(CASE WHEN due_us >= ? AND lease_us = 0 THEN 1 ELSE 0 END),"
            + " SUM(CASE WHEN due_us <= ? AND lease_us <= ? THEN 1 ELSE 0 END),"
            + " MIN(CASE WHEN lease_us <= ? THEN due_us END), MIN(CASE WHEN lease_us > 0 THEN begun_us END)"
            + " FROM crm_delivery_queue GROUP BY state";

    /** States that always have a time of their own; a held one is in doubt, and any other may wait for something else. */
    private static final Set<DeliveryState> TIMED =
            Set.of(DeliveryState.QUEUED, DeliveryState.SCHEDULED, DeliveryState.DEFERRED, DeliveryState.SENDING);

    final Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
    final List<WorkerHealth> workers = new ArrayList<>();
    final @Nullable OutboxPause paused;
    private final long nowUs;
    long due;
    long expired;
    long held;
    long stranded;
    long nextUs = Transition.HELD;
    private long begunUs = Long.MAX_VALUE;

    HealthReader(Connection connection, long nowUs) throws SQLException {
        this.nowUs = nowUs;
        readStates(connection);
        readWorkers(connection);
        paused = Pauses.read(connection);
    }

    @Nullable
    Duration oldestDue() {
        return nextUs <= nowUs ? between(nextUs) : null;
    }

    @Nullable
    Duration oldestWindow() {
        return begunUs == Long.MAX_VALUE ? null : between(begunUs);
    }

    /** The database's clock may have been set back meanwhile. */
    private Duration between(long us) {
        return Duration.between(Micros.instant(Math.min(us, nowUs)), Micros.instant(nowUs));
    }

    private void readStates(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATES)) {
            statement.setLong(1, nowUs);
            statement.setLong(2, Transition.HELD);
            statement.setLong(3, nowUs);
            statement.setLong(4, nowUs);
            statement.setLong(5, nowUs);
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

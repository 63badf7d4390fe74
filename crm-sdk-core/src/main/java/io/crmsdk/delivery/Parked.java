package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What waits for the end of a pause of its destination. A worker that meets such a delivery gives it back with a due time beyond any
 * claim, so that each is met once however long the pause lasts; whoever ends the pause lets them go, and what a worker gave back just
 * then, or a process that died half way left behind, is found by a look that every pool takes now and then.
 */
final class Parked {
    /** Behind every due time and everybody who waits for a turn, plus the instant since when: a restore tells by it who was due before. */
    static final long SINCE = 4_100_000_000_000_000_000L;

    private static final int SOME = 500;
    private static final String PAGE = "SELECT q.delivery_id, q.fence, q.due_us, q.state, q.attempts, d.recipient"
            + " FROM crm_delivery_queue q JOIN crm_delivery d ON d.id = q.delivery_id WHERE q.lane = ? AND q.due_us >= ?"
            + " AND (q.due_us > ? OR q.delivery_id > ?) ORDER BY q.due_us, q.delivery_id LIMIT " + SOME;
    private static final String RELEASE = "UPDATE crm_delivery_queue SET due_us = ?, fence = fence + 1"
            + " WHERE delivery_id = ? AND fence = ? AND due_us = ?";

    private final Store store;
    private final Journal journal;

    Parked(Store store) {
        this.store = store;
        this.journal = new Journal(Dialect.of(store));
    }

    private record Found(
            String deliveryId, long fence, long dueUs, DeliveryState state, int attempts, String recipient) {}

    private record Page(Found last, int released) {}

    /** Lets all go whose destination is not paused, in batches with a commit each; returns how many. */
    int release() {
        int released = 0;
        for (Priority lane : Priority.values()) {
            long dueUs = SINCE;
            String id = "";
            Page page;
            do {
                long afterUs = dueUs;
                String afterId = id;
                page = store.inTransaction(connection -> releaseSome(connection, lane, afterUs, afterId));
                released += page.released();
                dueUs = page.last().dueUs();
                id = page.last().deliveryId();
            } while (!id.isEmpty());
        }
        return released;
    }

    private Page releaseSome(Connection connection, Priority lane, long afterUs, String afterId) throws SQLException {
        List<Found> found = find(connection, lane, afterUs, afterId);
        Found last = found.isEmpty()
                ? new Found("", 0, Long.MAX_VALUE, DeliveryState.QUEUED, 0, "")
                : found.get(found.size() - 1);
        if (found.isEmpty()) {
            return new Page(last, 0);
        }
        Set<String> paused = Pauses.destinations(connection).keySet();
        List<Found> free = found.stream()
                .filter(row -> !paused.contains(Pauses.destinationOf(row.recipient())))
                .sorted(Comparator.comparing(Found::deliveryId))
                .toList();
        long nowUs = store.nowMicros(connection);
        int[] counts = Sql.batch(connection, RELEASE, free, (statement, row) -> {
            statement.setLong(1, nowUs);
            statement.setString(2, row.deliveryId());
            statement.setLong(3, row.fence());
            statement.setLong(4, row.dueUs());
        });
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                entries.add(entry(free.get(i)));
            }
        }
        journal.append(connection, entries, nowUs);
        return new Page(last, entries.size());
    }

    private static List<Found> find(Connection connection, Priority lane, long afterUs, String afterId)
            throws SQLException {
        List<Found> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setInt(1, lane.lane());
            statement.setLong(2, afterUs);
            statement.setLong(3, afterUs);
            statement.setString(4, afterId);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Found(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            DeliveryState.valueOf(row.getString(4)),
                            row.getInt(5),
                            row.getString(6)));
                }
            }
        }
        return found;
    }

    private static Journal.Entry entry(Found row) {
        return new Journal.Entry(
                row.deliveryId(),
                row.fence() + 1,
                Journal.Step.OUTSIDE,
                row.state(),
                true,
                row.attempts(),
                "pause",
                "the pause of its destination is over",
                null,
                null,
                null);
    }
}

package io.crmsdk.delivery;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.Restoration;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds what a restored store cannot know about: a delivery that was due before the restore may have left meanwhile, under the
 * store that was lost, so it is in doubt until somebody settles it.
 *
 * <p>So is one that waited for its turn before the restore: its predecessor may have ended there, and it may have followed. And one whose
 * destination was paused, since the pause may have been over there.
 *
 * <p>Needs no note of its own that it was done: what is held, settled or enqueued afterwards is due later than the restore.
 */
final class AfterRestore {
    private static final Logger LOG = LoggerFactory.getLogger(AfterRestore.class);
    private static final int BATCH = 500;
    private static final String FIND = "SELECT delivery_id, fence, attempts, owner, begun_us FROM crm_delivery_queue"
            + " WHERE lane = ? AND due_us > ? AND due_us <= ? ORDER BY due_us LIMIT ?";
    private static final String HOLD = "UPDATE crm_delivery_queue SET state = 'UNCONFIRMED', due_us = ?, lease_us = 0,"
            + " owner = NULL, begun_us = NULL, fence = fence + 1, doubts = doubts + 1"
            + " WHERE delivery_id = ? AND fence = ? AND due_us <= ?";

    private final Store store;
    private final Journal journal;
    private final String node;

    AfterRestore(Store store, String node) {
        this.store = store;
        this.journal = new Journal(Dialect.of(store));
        this.node = node;
    }

    private record Found(String deliveryId, long fence, int attempts, String owner, long begunUs, boolean begun) {}

    /** To be called before anything is claimed; in batches, each with its own commit. */
    void hold() {
        store.restoration().ifPresent(this::hold);
    }

    private void hold(Restoration restoration) {
        long restoredUs = Micros.of(restoration.restored());
        int held = 0;
        for (Priority lane : Priority.values()) {
            int batch;
            do {
                batch = store.inTransaction(connection -> holdSome(
                                connection, lane, -1, restoredUs, detail(restoration))
                        + holdSome(connection, lane, Turns.WAITS, Turns.WAITS + restoredUs, detail(restoration))
                        + holdSome(connection, lane, Parked.SINCE, Parked.SINCE + restoredUs, detail(restoration)));
                held += batch;
            } while (batch > 0);
        }
        if (held > 0) {
            LOG.warn(
                    "The store was restored from a backup of {}: {} deliveries that were due before {} are held as"
                            + " unconfirmed, since they may have left meanwhile. Settle each one by what the servers know",
                    taken(restoration),
                    held,
                    restoration.restored());
        }
    }

    private static String taken(Restoration restoration) {
        return restoration.taken() == null
                ? "an unknown instant"
                : restoration.taken().toString();
    }

    private static String detail(Restoration restoration) {
        return "held: the store was restored at " + restoration.restored() + " from a backup of " + taken(restoration)
                + "; whether this left in between is not known here";
    }

    /** How many were found; somebody else may have held some of them at the same time. */
    private int holdSome(Connection connection, Priority lane, long afterUs, long untilUs, String detail)
            throws SQLException {
        List<Found> found = find(connection, lane, afterUs, untilUs);
        int[] counts = Sql.batch(connection, HOLD, found, (statement, row) -> {
            statement.setLong(1, Transition.HELD);
            statement.setString(2, row.deliveryId());
            statement.setLong(3, row.fence());
            statement.setLong(4, untilUs);
        });
        List<Journal.Entry> entries = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 1) {
                addTo(entries, found.get(i), detail);
            }
        }
        journal.append(connection, entries, store.nowMicros(connection));
        return found.size();
    }

    private void addTo(List<Journal.Entry> entries, Found row, String detail) {
        if (row.begun()) {
            entries.add(Journal.Entry.windowBegun(
                    row.deliveryId(), row.fence(), row.attempts(), row.owner(), row.begunUs()));
        }
        entries.add(new Journal.Entry(
                row.deliveryId(),
                row.fence() + 1,
                Journal.Step.OUTSIDE,
                DeliveryState.UNCONFIRMED,
                true,
                row.attempts(),
                node,
                detail,
                null,
                null,
                null));
    }

    private static List<Found> find(Connection connection, Priority lane, long afterUs, long untilUs)
            throws SQLException {
        List<Found> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setInt(1, lane.lane());
            statement.setLong(2, afterUs);
            statement.setLong(3, untilUs);
            statement.setInt(4, BATCH);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long begunUs = row.getLong(5);
                    boolean begun = !row.wasNull();
                    String owner = row.getString(4);
                    found.add(new Found(
                            row.getString(1),
                            row.getLong(2),
                            row.getInt(3),
                            owner == null ? "" : owner,
                            begunUs,
                            begun));
                }
            }
        }
        // Everybody locks in the order of ids, so that two starting nodes never wait in a circle.
        found.sort(Comparator.comparing(Found::deliveryId));
        return found;
    }
}

package io.crmsdk.sync;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a pair, for a while by the database's clock. Every transaction that changes the pair's state renews it
 * and so proves that nobody else took it over.
 */
final class Lease implements AutoCloseable {
    private final Store store;
    private final String pair;
    private final long fence;
    private final long lengthMicros;

    private Lease(Store store, String pair, long fence, long lengthMicros) {
        this.store = store;
        this.pair = pair;
        this.fence = fence;
        this.lengthMicros = lengthMicros;
    }

    static Lease take(Store store, String pair, String owner, Duration length) {
        long micros = length.toNanos() / 1000;
        return store.inTransaction(connection -> {
            long now = store.nowMicros(connection);
            create(store, connection, pair, now);
            Held held = held(connection, pair);
            if (held.untilMicros > now && !(held.owner != null && Holder.isGone(held.owner))) {
                throw busy(pair, held.untilMicros);
            }
            int taken = Sql.update(
                    connection,
                    "UPDATE crm_sync_pair SET owner = ?, lease_us = ?, fence = ? WHERE pair = ? AND fence = ?",
                    owner,
                    now + micros,
                    held.fence + 1,
                    pair,
                    held.fence);
            if (taken == 0) {
                throw busy(pair, now + micros);
            }
            return new Lease(store, pair, held.fence + 1, micros);
        });
    }

    private record Held(@Nullable String owner, long untilMicros, long fence) {}

    private static Held held(Connection connection, String pair) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT owner, lease_us, fence FROM crm_sync_pair WHERE pair = ?")) {
            statement.setString(1, pair);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Held(row.getString(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private static void create(Store store, Connection connection, String pair, long now) throws SQLException {
        Sql.insertNew(
                Dialect.of(store),
                connection,
                "crm_sync_pair (pair, fence, lease_us, generation, audit_seq, audit_hash, created_us)"
                        + " VALUES (?, 0, 0, 0, 0, '', ?)",
                List.of(pair),
                (statement, name) -> {
                    statement.setString(1, name);
                    statement.setLong(2, now);
                });
    }

    private static SyncException busy(String pair, long untilMicros) {
        Instant until = Instant.EPOCH.plus(untilMicros, ChronoUnit.MICROS);
        return new SyncException(
                "SYNC_BUSY",
                "another run works on pair " + pair + ", at the latest until " + until
                        + " unless it goes on; nothing was done",
                null);
    }

    /** Keeps the lease for its full length from now. */
    void renew(Connection connection) throws SQLException {
        int kept = Sql.update(
                connection,
                "UPDATE crm_sync_pair SET lease_us = ? WHERE pair = ? AND fence = ?",
                store.nowMicros(connection) + lengthMicros,
                pair,
                fence);
        if (kept == 0) {
            throw new SyncException(
                    "SYNC_LEASE_LOST",
                    "another run took over pair " + pair + " since this one was silent for too long; this one stopped",
                    null);
        }
    }

    String pair() {
        return pair;
    }

    @Override
    public void close() {
        store.inTransaction(connection -> Sql.update(
                connection,
                "UPDATE crm_sync_pair SET owner = NULL, lease_us = 0 WHERE pair = ? AND fence = ?",
                pair,
                fence));
    }
}

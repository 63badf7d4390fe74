package io.crmsdk.consent;

import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.HybridTimestamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The end of the ledger.
 *
 * @param position how many events there are
 * @param lastId the id of the last one; null if there is none
 * @param chain the hash over all of them
 * @param stamp the stamp of the last one
 * @param incarnation how often the ledger was brought back
 * @param held whether it waits for a restore to be finished
 */
record Head(
        long position, @Nullable String lastId, String chain, HybridTimestamp stamp, long incarnation, boolean held) {
    private static final String SELECT =
            "SELECT position, last_id, chain, stamp, incarnation, held FROM crm_consent_head WHERE id = 1";

    static Head read(Connection connection, Dialect dialect) throws SQLException {
        return select(connection, SELECT + dialect.currentRead());
    }

    /** Nobody else adds events or links until the transaction ends. */
    static Head lock(Connection connection, Dialect dialect) throws SQLException {
        if (dialect == Dialect.SQLITE) {
            // A host's transaction may not hold the write lock yet; a read before the lock could be of the past.
            Sql.update(connection, "UPDATE crm_consent_head SET held = held WHERE id = 1");
        }
        return select(connection, SELECT + dialect.forUpdate());
    }

    private static Head select(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new ConsentException(
                        "LEDGER_MISSING", "the consent ledger of this store was not opened before, or was emptied");
            }
            return new Head(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    HybridTimestamp.parse(row.getString(4)),
                    row.getLong(5),
                    row.getInt(6) != 0);
        }
    }

    void write(Connection connection) throws SQLException {
        Sql.update(
                connection,
                "UPDATE crm_consent_head SET position = ?, last_id = ?, chain = ?, stamp = ?, incarnation = ?, held = ?"
                        + " WHERE id = 1",
                position,
                lastId,
                chain,
                stamp.toString(),
                incarnation,
                held ? 1 : 0);
    }

    Head raised(long to, boolean onHold) {
        return new Head(position, lastId, chain, stamp, to, onHold);
    }
}

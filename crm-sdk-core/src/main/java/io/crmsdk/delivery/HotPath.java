package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The first statement of each transaction that claims or records: what time it is.
 *
 * <p>On PostgreSQL the same statement tells the planner, for this transaction only, to go by indexes. Every statement here
 * looks rows up by their keys; but a plan that was prepared while a table was small reads all of it, and is kept on while the
 * table grows, until statistics are gathered: such a claim was seen to take half a second instead of two milliseconds.
 */
final class HotPath {
    private final Store store;
    private final boolean steers;
    private final String sql;

    HotPath(Store store, boolean portableSql) {
        this.store = store;
        Dialect dialect = Dialect.of(store);
        this.steers = dialect == Dialect.POSTGRESQL && !portableSql;
        this.sql = "SELECT " + dialect.nowMicros()
                + ", set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)";
    }

    /** The database's time. */
    long begin(Connection connection) throws SQLException {
        if (!steers) {
            return store.nowMicros(connection);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}

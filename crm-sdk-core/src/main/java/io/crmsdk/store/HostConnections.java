package io.crmsdk.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of a pool that the host owns; it is never closed here. */
final class HostConnections implements Connections {
    private static final Logger LOG = LoggerFactory.getLogger(HostConnections.class);

    private final DataSource source;

    HostConnections(DataSource source) {
        this.source = source;
    }

    @Override
    public Connection take() throws SQLException {
        return source.getConnection();
    }

    /** The pool decides by itself whether a connection can be used again. */
    @Override
    public void give(Connection connection, boolean sound) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection did not close: {}", e.getSQLState());
        }
    }

    @Override
    public boolean ours() {
        return false;
    }

    @Override
    public void close() {
        // The host opened its pool and closes it.
    }
}

package io.crmsdk.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the store's connections come from. */
interface Connections extends AutoCloseable {
    /** A connection that nobody else uses until it is given back. */
    Connection take() throws SQLException;

    /**
     * Takes a connection back.
     *
     * @param sound whether it ended its work in a known state; otherwise it must not be used again
     */
    void give(Connection connection, boolean sound);

    /** Whether we opened them, so that their settings are ours. */
    boolean ours();

    @Override
    void close();
}

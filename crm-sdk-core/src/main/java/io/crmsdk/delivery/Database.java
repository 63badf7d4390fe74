package io.crmsdk.delivery;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The store as this room uses it: connections, transactions of its own, the database's clock. */
final class Database {
    private final DataSource source;
    private final Flavor flavor;

    Database(DataSource source, Flavor flavor) {
        this.source = source;
        this.flavor = flavor;
    }

    Flavor flavor() {
        return flavor;
    }

    /** Runs the work in one transaction; any exception rolls it back. A failed commit says so by its type. */
    <T> T inTransaction(Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            begin(connection);
            T result;
            try {
                result = work.run(connection);
            } catch (Throwable e) {
                rollBack(connection, e);
                throw e;
            }
            commit(connection);
            return result;
        }
    }

    /** Reads on a connection of its own, without a transaction around the statements. */
    <T> T read(Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return work.run(connection);
        }
    }

    private void begin(Connection connection) throws SQLException {
        if (flavor.needsReadCommitted()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        connection.setAutoCommit(false);
    }

    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new CommitUnknown(e);
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The commit was confirmed; a connection that breaks afterwards is the pool's to replace.
            return;
        }
    }

    /** The database's clock in epoch microseconds. */
    long nowMicros(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + flavor.nowMicros());
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** What runs within a connection. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** The commit was sent and its outcome is not known. */
    static final class CommitUnknown extends SQLException {
        private static final long serialVersionUID = 1L;

        CommitUnknown(SQLException cause) {
            super("the outcome of the commit is not known: " + cause.getMessage(), cause.getSQLState(), cause);
        }
    }
}

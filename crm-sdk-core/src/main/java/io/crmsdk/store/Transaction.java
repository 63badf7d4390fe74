package io.crmsdk.store;

import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** One transaction on a borrowed connection, which is handed back as it came. */
final class Transaction {
    private final Connection connection;
    private final boolean autoCommit;
    private final int isolation;
    private boolean ended;

    private Transaction(Connection connection, boolean setIsolation) throws SQLException {
        this.connection = connection;
        autoCommit = connection.getAutoCommit();
        isolation = setIsolation ? connection.getTransactionIsolation() : Connection.TRANSACTION_NONE;
    }

    /**
     * @param setIsolation whether the connection comes with another isolation than read committed
     * @param takeWriteLock whether it may be a SQLite connection whose transactions begin without the lock
     */
    static Transaction begin(Connection connection, boolean setIsolation, boolean takeWriteLock) throws SQLException {
        Transaction transaction = new Transaction(connection, setIsolation);
        if (setIsolation) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        connection.setAutoCommit(false);
        if (takeWriteLock) {
            // Otherwise a transaction that reads first could fail at its first write without waiting.
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM crm_store WHERE 1 = 0")) {
                statement.executeUpdate();
            }
        }
        return transaction;
    }

    void rollBack(Throwable cause) {
        try {
            connection.rollback();
            ended = true;
        } catch (SQLException e) {
            cause.addSuppressed(e);
            ended = isOver(e) && makeTheDriverSeeIt(cause);
        }
    }

    /** SQLite rolls back by itself when, for one, the disk is full; its words for that are all that it says. */
    private static boolean isOver(SQLException error) {
        return String.valueOf(error.getMessage()).contains("no transaction is active");
    }

    /**
     * The driver still counts the transaction as open, and the next user of the connection would work in none. Switching auto-commit on
     * ends it there: the first time with a COMMIT that fails for the same reason, the second time without one.
     */
    private boolean makeTheDriverSeeIt(Throwable cause) {
        for (int n = 0; n < 2; n++) {
            try {
                connection.setAutoCommit(true);
                return true;
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
        return false;
    }

    /** @throws CommitUnknownException if the answer was lost */
    void commit(Dialect dialect) throws SQLException {
        try {
            connection.commit();
            ended = true;
        } catch (SQLException e) {
            if (!dialect.commitSurelyFailed(e)) {
                throw new CommitUnknownException(e);
            }
            rollBack(e);
            throw e;
        }
    }

    /**
     * Gives the connection its former settings back.
     *
     * @return whether it can be used again. After a rollback or commit that failed it is not even tried: switching auto-commit
     *     on would commit what may still be open
     */
    boolean restore() {
        if (!ended) {
            return false;
        }
        try {
            connection.setAutoCommit(autoCommit);
            if (isolation != Connection.TRANSACTION_NONE) {
                connection.setTransactionIsolation(isolation);
            }
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}

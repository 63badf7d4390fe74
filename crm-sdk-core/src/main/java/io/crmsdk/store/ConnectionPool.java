package io.crmsdk.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded set of connections that we open ourselves: to an embedded file, or to a server for programs that bring no pool.
 * The last one given back is the first to be taken, so that a quiet program works on one connection.
 */
final class ConnectionPool implements Connections {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPool.class);
    private static final long WAIT_SECONDS = 30;
    /** Connections that lay idle for longer are asked whether they live: firewalls forget quiet ones. */
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int ANSWER_WITHIN_SECONDS = 3;

    private final Opener opener;
    private final boolean remote;
    private final int most;
    private final Semaphore permits;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private volatile boolean closed;

    ConnectionPool(Opener opener, int most, boolean remote) {
        this.opener = opener;
        this.remote = remote;
        this.most = most;
        permits = new Semaphore(most, true);
    }

    /** Opens one connection with all its settings made. */
    @FunctionalInterface
    interface Opener {
        Connection open() throws SQLException;
    }

    private record Idle(Connection connection, long sinceNanos) {}

    @Override
    public Connection take() throws SQLException {
        awaitPermit();
        boolean taken = false;
        try {
            Connection connection = idleOne();
            if (connection == null) {
                connection = opener.open();
            }
            taken = true;
            return connection;
        } finally {
            if (!taken) {
                permits.release();
            }
        }
    }

    private void awaitPermit() throws SQLException {
        refuseIfClosed();
        try {
            if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreException(
                        "STORE_BUSY",
                        "all " + most + " connections were in use for " + WAIT_SECONDS
                                + " s; nothing was done. Ask again," + " or open the store with more connections",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for a connection", "57014", e);
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new StoreException("STORE_CLOSED", "the store was closed; nothing was done", null);
        }
    }

    private @Nullable Connection idleOne() throws SQLException {
        for (Idle one = poll(); one != null; one = poll()) {
            boolean trusted = !remote || System.nanoTime() - one.sinceNanos < TRUSTED_NANOS;
            if (trusted || one.connection.isValid(ANSWER_WITHIN_SECONDS)) {
                return one.connection;
            }
            discard(one.connection);
        }
        return null;
    }

    private @Nullable Idle poll() {
        synchronized (idle) {
            return idle.pollFirst();
        }
    }

    @Override
    public void give(Connection connection, boolean sound) {
        if (!sound || !keep(connection)) {
            discard(connection);
        }
        permits.release();
    }

    private boolean keep(Connection connection) {
        synchronized (idle) {
            if (closed) {
                return false;
            }
            idle.addFirst(new Idle(connection, System.nanoTime()));
            return true;
        }
    }

    private static void discard(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection did not close: {}", e.getSQLState());
        }
    }

    @Override
    public boolean ours() {
        return true;
    }

    /** Idle connections close now, those in use when they are given back. */
    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
        }
        for (Idle one = poll(); one != null; one = poll()) {
            discard(one.connection);
        }
    }
}

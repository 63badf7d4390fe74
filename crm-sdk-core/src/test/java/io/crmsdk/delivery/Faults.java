package io.crmsdk.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** A data source that fails when told to. */
public final class Faults {
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private final Map<String, Cut> cuts = new ConcurrentHashMap<>();
    private volatile boolean refusing;

    /** Where the line breaks. */
    public enum Cut {
        /** The statement never arrives. */
        STATEMENT,
        /** The statement was done, but the commit of its transaction never arrives. */
        BEFORE_COMMIT,
        /** The commit was done, but its answer never arrives. */
        AFTER_COMMIT
    }

    /** From now on the line breaks at each transaction with a statement that contains these words. */
    public void cut(String words, Cut where) {
        cuts.put(words, where);
    }

    /** The line holds again. */
    public void mend() {
        cuts.clear();
    }

    /** The next commits succeed, but their answer does not come back. */
    void loseCommitAnswers(int count) {
        lostAnswers.set(count);
    }

    void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    /** The same with these faults. */
    public DataSource around(DataSource source) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        if (refusing) {
                            throw new SQLException("connection refused", "08001");
                        }
                        return around(source.getConnection());
                    }
                    return method.invoke(source, arguments);
                });
    }

    private Connection around(Connection connection) {
        AtomicReference<Cut> doomed = new AtomicReference<>();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("prepareStatement")) {
                            doom(String.valueOf(arguments[0]), doomed);
                        }
                        boolean commits = method.getName().equals("commit");
                        if (commits && doomed.get() == Cut.BEFORE_COMMIT) {
                            connection.rollback();
                            throw lost();
                        }
                        Object result = method.invoke(connection, arguments);
                        if (commits
                                && (doomed.getAndSet(null) == Cut.AFTER_COMMIT
                                        || lostAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0)) {
                            throw lost();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void doom(String sql, AtomicReference<Cut> doomed) throws SQLException {
        for (Map.Entry<String, Cut> each : cuts.entrySet()) {
            if (sql.contains(each.getKey())) {
                if (each.getValue() == Cut.STATEMENT) {
                    throw lost();
                }
                doomed.set(each.getValue());
            }
        }
    }

    private static SQLException lost() {
        return new SQLException("connection reset while waiting for the answer", "08006");
    }
}

package io.crmsdk.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that fails when told to. */
final class Faults {
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private volatile boolean refusing;

    /** The next commits succeed, but their answer does not come back. */
    void loseCommitAnswers(int count) {
        lostAnswers.set(count);
    }

    void refuseConnections(boolean refuse) {
        refusing = refuse;
    }

    DataSource around(DataSource source) {
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
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit")
                                && lostAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                            throw new SQLException("connection reset while waiting for the answer", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

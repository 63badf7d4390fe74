package io.crmsdk.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/** A host's DataSource that always hands out the same connection and resets nothing. */
final class OneConnection {
    private OneConnection() {}

    static DataSource of(Connection connection) {
        Object open = proxy(Connection.class, (name, call) -> name.equals("close") ? null : call.on(connection));
        return (DataSource) proxy(DataSource.class, (name, call) -> {
            if (!name.equals("getConnection")) {
                throw new UnsupportedOperationException(name);
            }
            return open;
        });
    }

    private interface Call {
        Object on(Object target) throws Throwable;
    }

    private interface Answer {
        Object to(String name, Call call) throws Throwable;
    }

    private static Object proxy(Class<?> type, Answer answer) {
        return Proxy.newProxyInstance(
                OneConnection.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answer.to(method.getName(), target -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}

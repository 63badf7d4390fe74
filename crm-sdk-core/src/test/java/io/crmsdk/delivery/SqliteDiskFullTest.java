package io.crmsdk.delivery;

import io.crmsdk.store.Databases.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** SQLite allowed no page more than it has says of itself what it says when the disk is full. */
class SqliteDiskFullTest extends DiskFullContract {
    private static final long PLENTY = 1_000_000_000;

    private volatile long mostPages = PLENTY;
    private @Nullable TestDatabase database;

    @Override
    DataSource open() {
        database = TestDatabase.sqlite(folder.resolve("crm.db"));
        DataSource source = database.dataSource();
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (p, m, a) -> {
                    try {
                        Object result = m.invoke(source, a);
                        if (result instanceof Connection connection) {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("PRAGMA max_page_count = " + mostPages);
                            }
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    void fill() {
        mostPages = 1; // SQLite takes the number of pages that there are
    }

    @Override
    void free() {
        mostPages = PLENTY;
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}

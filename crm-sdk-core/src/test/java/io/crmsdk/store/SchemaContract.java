package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Dialect;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a schema comes to be, on whichever database the subclass names. */
abstract class SchemaContract {
    private static final Script FORTY = Script.of("V040__forty.sql", "CREATE TABLE forty (id INTEGER);");
    private static final Script TEN = Script.of("V010__ten.sql", "CREATE TABLE ten (id INTEGER);");
    private static final Script THREE = Script.of(
            "V003__three.sql",
            "CREATE TABLE one (id INTEGER); CREATE TABLE two (id INTEGER); CREATE TABLE three (id INTEGER);");

    @TempDir
    Path folder;

    private final Kind kind;
    private TestDatabase database;

    SchemaContract(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open_an_empty_database() throws Exception {
        database = Databases.open(kind, folder);
    }

    @AfterEach
    void no_connection_is_leaked() {
        int inUse = database.connectionsInUse();
        database.close();

        assertThat(inUse).as("connections not given back").isZero();
    }

    private Dialect dialect() {
        return Dialect.valueOf(kind.name());
    }

    private void bring(Script... scripts) throws SQLException {
        new Migrator(dialect(), List.of(scripts), new HostConnections(database.dataSource()), "test")
                .bring(SchemaMode.APPLY);
    }

    private List<String> books() throws SQLException {
        return database.rows("SELECT version, done FROM crm_schema WHERE version > 0 ORDER BY version");
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_lower_number_of_another_room_is_applied_later() throws Exception {
        bring(FORTY);

        bring(TEN, FORTY);

        assertThat(books()).containsExactly("10|1", "40|1");
        assertThat(database.rows("SELECT * FROM ten")).isEmpty();
    }

    @Test
    void F_214_a_newer_schema_is_refused_whatever_its_number() throws Exception {
        bring(TEN, FORTY);

        assertRefused("STORE_SCHEMA_NEWER", () -> bring(FORTY));

        assertThat(books()).containsExactly("10|1", "40|1");
    }

    @Test
    void F_214_the_whole_store_refuses_a_newer_schema() throws Exception {
        database.store().close();
        database.execute("INSERT INTO crm_schema VALUES (999, 'V999__later.sql', 'x', 1, 1, 1)");

        assertRefused("STORE_SCHEMA_NEWER", database::store);
    }

    @Test
    void a_script_that_changed_after_it_was_applied_is_refused() throws Exception {
        bring(FORTY);

        assertRefused(
                "STORE_SCHEMA_CHANGED",
                () -> bring(Script.of("V040__forty.sql", "CREATE TABLE forty (id INTEGER, name VARCHAR(9));")));
    }

    @Test
    void comments_and_line_ends_of_a_script_may_change() throws Exception {
        bring(FORTY);

        bring(Script.of(
                "V040__forty.sql", "-- forty\\r\\nCREATE TABLE forty\\r\\n  (id INTEGER)".replace("\\r\\n", "\r\n")));

        assertThat(books()).containsExactly("40|1");
    }

    @Test
    void a_script_that_fails_half_way_is_finished_by_the_next_start() throws Exception {
        database.execute("CREATE TABLE two (other INTEGER)");

        assertRefused("STORE_SCHEMA_FAILED", () -> bring(TEN, THREE));
        database.execute("DROP TABLE two");
        bring(TEN, THREE);

        assertThat(books()).containsExactly("3|3", "10|1");
        assertThat(database.rows("SELECT id FROM two")).isEmpty();
        assertThat(database.rows("SELECT id FROM three")).isEmpty();
    }

    @Test
    void a_process_that_died_between_a_statement_and_its_count_does_no_harm() throws Exception {
        bring(THREE);
        if (dialect().hasTransactionalDdl()) {
            assertThat(books()).containsExactly("3|3");
            return;
        }
        database.execute("UPDATE crm_schema SET done = 1 WHERE version = 3");
        database.execute("DROP TABLE three");

        bring(THREE);

        assertThat(books()).containsExactly("3|3");
        assertThat(database.rows("SELECT id FROM three")).isEmpty();
    }

    @Test
    void a_store_that_only_verifies_refuses_an_older_schema_and_changes_nothing() throws Exception {
        Store.Builder builder = Store.builder(database.dataSource()).schema(SchemaMode.VERIFY);

        assertRefused("STORE_SCHEMA_OLDER", builder::build);

        assertThatThrownBy(() -> database.rows("SELECT * FROM crm_schema")).isInstanceOf(SQLException.class);
        database.store().close();
        builder.build().close();
    }

    @Test
    void a_host_with_a_tool_of_its_own_needs_no_books_of_ours() throws Exception {
        Store.Builder builder = Store.builder(database.dataSource()).schema(SchemaMode.HOST);
        assertRefused("STORE_SCHEMA_OLDER", builder::build);
        for (String statement : Statements.of(Store.schema(kind.name().toLowerCase(Locale.ROOT)))) {
            database.execute(statement);
        }

        try (Store store = builder.build()) {
            assertThat(store.restoration()).isEmpty();
            assertThatThrownBy(() -> database.rows("SELECT * FROM crm_schema")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void every_column_of_the_schema_keeps_time_as_a_number() throws Exception {
        database.store().close();
        try (var connection = database.connection();
                var columns = connection
                        .getMetaData()
                        .getColumns(connection.getCatalog(), connection.getSchema(), "%", "%")) {
            while (columns.next()) {
                String column = columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME");
                if (column.toLowerCase(Locale.ROOT).startsWith("crm_")) {
                    assertThat(columns.getString("TYPE_NAME").toUpperCase(Locale.ROOT))
                            .as(column)
                            .doesNotContain("TIME")
                            .doesNotContain("DATE");
                }
            }
        }
    }
}

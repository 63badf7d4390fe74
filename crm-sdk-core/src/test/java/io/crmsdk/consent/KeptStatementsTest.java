package io.crmsdk.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptStatementsTest {
    private static final String SELECT = "SELECT a FROM t WHERE b = ?";

    private final KeptStatements kept = new KeptStatements();

    @TempDir
    private Path folder;

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("t.db"));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String answer(PreparedStatement statement) throws SQLException {
        statement.setInt(1, 1);
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : "nothing";
        }
    }

    @Test
    void a_statement_serves_its_own_connection_again_and_no_other() throws SQLException {
        try (Connection one = connect();
                Connection other = connect()) {
            execute(one, "CREATE TABLE t (a TEXT, b INTEGER)");
            PreparedStatement first = kept.take(one, SELECT);
            kept.keep(one, SELECT, first);

            assertThat(kept.take(other, SELECT)).isNotSameAs(first);
            assertThat(kept.take(one, SELECT)).isSameAs(first);
            assertThat(kept.take(one, SELECT)).as("one that is in use").isNotSameAs(first);
        }
    }

    @Test
    void a_kept_statement_sees_what_another_connection_committed_and_locks_nothing() throws SQLException {
        try (Connection one = connect();
                Connection other = connect()) {
            execute(one, "PRAGMA journal_mode = WAL");
            execute(one, "CREATE TABLE t (a TEXT, b INTEGER)");
            execute(one, "INSERT INTO t VALUES ('before', 1)");
            PreparedStatement statement = kept.take(one, SELECT);
            assertThat(answer(statement)).isEqualTo("before");
            kept.keep(one, SELECT, statement);

            execute(other, "UPDATE t SET a = 'after'");
            execute(other, "VACUUM");
            execute(other, "ALTER TABLE t ADD COLUMN c TEXT");

            assertThat(answer(kept.take(one, SELECT))).isEqualTo("after");
        }
    }

    @Test
    void a_statement_that_was_closed_with_its_connection_is_prepared_anew() throws SQLException {
        try (Connection one = connect()) {
            execute(one, "CREATE TABLE t (a TEXT, b INTEGER)");
            PreparedStatement first = kept.take(one, SELECT);
            kept.keep(one, SELECT, first);
            first.close();

            assertThat(answer(kept.take(one, SELECT))).isEqualTo("nothing");
        }
    }

    @Test
    void the_one_that_lay_longest_is_closed_when_there_are_too_many() throws SQLException {
        try (Connection one = connect()) {
            execute(one, "CREATE TABLE t (a TEXT, b INTEGER)");
            List<PreparedStatement> all = new ArrayList<>();
            for (int i = 0; i < 33; i++) {
                String sql = SELECT + " AND " + i + " = " + i;
                all.add(kept.take(one, sql));
                kept.keep(one, sql, all.get(i));
            }

            assertThat(all.get(0).isClosed()).isTrue();
            assertThat(all.subList(1, 33)).noneMatch(KeptStatementsTest::closed);
        }
    }

    private static boolean closed(PreparedStatement statement) {
        try {
            return statement.isClosed();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}

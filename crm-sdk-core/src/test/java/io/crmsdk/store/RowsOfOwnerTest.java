package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowsOfOwnerTest {
    private static final Pattern SCANNED = Pattern.compile("scanCount: (\\d+)");
    private static final Sql.Owner OWNER = new Sql.Owner(List.of("ledger", "kind"), List.of("l1", "k1"));

    @TempDir
    Path folder;

    private static void fill(TestDatabase database, int rows) throws Exception {
        database.execute("CREATE TABLE owned (ledger VARCHAR(20) NOT NULL, kind VARCHAR(20) NOT NULL,"
                + " id VARCHAR(20) NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (ledger, kind, id))");
        try (Connection connection = database.connection()) {
            connection.setAutoCommit(false);
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < rows; i++) {
                ids.add(i);
            }
            for (String kind : List.of("k1", "k2")) {
                Sql.batch(connection, "INSERT INTO owned VALUES ('l1', '" + kind + "', ?, ?)", ids, (row, id) -> {
                    row.setString(1, "id" + id);
                    row.setInt(2, 0);
                });
            }
            connection.commit();
        }
    }

    private static List<String> ids(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add("id" + 2 * i);
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "H2"})
    void the_rows_of_one_owner_are_found_and_changed_and_no_others(Kind kind) throws Exception {
        rowsAreFoundAndChanged(kind);
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    @Tag("slow")
    void the_rows_of_one_owner_are_found_and_changed_and_no_others_on_servers(Kind kind) throws Exception {
        rowsAreFoundAndChanged(kind);
    }

    private void rowsAreFoundAndChanged(Kind kind) throws Exception {
        try (TestDatabase database = Databases.open(kind, folder);
                Store store = database.store();
                Connection connection = database.connection()) {
            fill(database, 1000);
            Dialect dialect = Dialect.of(store);
            List<String> ids = ids(400);
            List<String> found = new ArrayList<>();
            Sql.inChunksOf(OWNER, dialect, connection, "SELECT id FROM owned WHERE ", List.of(), "id", ids, s -> {
                try (ResultSet row = s.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getString(1));
                    }
                }
            });
            Sql.inChunksOf(
                    OWNER,
                    dialect,
                    connection,
                    "UPDATE owned SET n = ? WHERE ",
                    List.of(7),
                    "id",
                    ids,
                    PreparedStatement::executeUpdate);

            assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(database.rows("SELECT id FROM owned WHERE n = 7 AND kind = 'k1'"))
                    .containsExactlyInAnyOrderElementsOf(ids);
            assertThat(database.rows("SELECT COUNT(*) FROM owned WHERE n = 7")).containsExactly("400");
        }
    }

    @Test
    void H2_reads_the_rows_that_were_asked_for_and_not_all_of_their_owner() throws Exception {
        try (TestDatabase database = Databases.open(Kind.H2, folder);
                Store store = database.store();
                Connection connection = database.connection()) {
            fill(database, 5000);
            List<Long> scanned = new ArrayList<>();
            Sql.inChunksOf(
                    OWNER,
                    Dialect.of(store),
                    connection,
                    "EXPLAIN ANALYZE SELECT n FROM owned WHERE ",
                    List.of(),
                    "id",
                    ids(4),
                    s -> {
                        try (ResultSet row = s.executeQuery()) {
                            row.next();
                            Matcher plan = SCANNED.matcher(row.getString(1));
                            while (plan.find()) {
                                scanned.add(Long.parseLong(plan.group(1)));
                            }
                        }
                    });

            assertThat(scanned).isNotEmpty().allMatch(rows -> rows <= 10);
        }
    }
}

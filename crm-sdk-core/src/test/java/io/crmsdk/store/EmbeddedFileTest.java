package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.store.internal.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** What is refused, and that nothing is made in its place. */
class EmbeddedFileTest {
    @TempDir
    Path folder;

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void assertRefused(String code, String named, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(named);
        });
    }

    private Path filled(String engine) {
        Path file = folder.resolve(engine.equals("h2") ? "crm.mv.db" : "crm.db");
        try (Store store = Store.open(engine + ":" + file)) {
            store.inTransaction(connection -> {
                for (int n = 0; n < 500; n++) {
                    Sql.update(connection, "INSERT INTO crm_store VALUES ('n" + n + "', '" + "x".repeat(300) + "', 1)");
                }
                return null;
            });
        }
        return file;
    }

    /** Overwrites a page in the middle, as a bad disk does. */
    static void damage(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        int middle = bytes.length / 2 / 4096 * 4096;
        Arrays.fill(bytes, middle, middle + 4096, (byte) 0x5A);
        Files.write(file, bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "h2"})
    void F_112_a_file_that_is_no_database_is_refused_by_name_and_kept_as_it_is(String engine) throws Exception {
        Path file = filled(engine);
        byte[] garbage = "this was a store once ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Files.write(file, garbage);
        List<String> before = files();

        assertRefused("STORE_CORRUPT", file.toString(), () -> Store.open(engine + ":" + file));

        assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void F_112_a_page_that_went_bad_in_the_middle_is_refused_by_name() throws Exception {
        Path file = filled("sqlite");
        damage(file);
        byte[] before = Files.readAllBytes(file);

        assertRefused("STORE_CORRUPT", file.toString(), () -> Store.sqlite(file));

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "h2"})
    void F_112_a_file_cut_to_nothing_is_refused_and_no_empty_store_takes_its_place(String engine) throws Exception {
        Path file = filled(engine);
        Files.write(file, new byte[0]);

        assertRefused("STORE_FILE_EMPTY", file.toString(), () -> Store.open(engine + ":" + file));

        assertThat(Files.size(file)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "h2"})
    void F_112_a_file_that_may_not_be_written_is_refused_by_name(String engine) throws Exception {
        Path file = filled(engine);
        try (ReadOnly ignored = ReadOnly.make(file)) {
            assertRefused("STORE_READ_ONLY", file.toString(), () -> Store.open(engine + ":" + file));
        }
        Store.open(engine + ":" + file).close();
    }

    /** By its permissions; for root, who may write anyway, by the attribute that binds root too. */
    private record ReadOnly(Path file, boolean byAttribute) implements AutoCloseable {
        static ReadOnly make(Path file) throws Exception {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
            if (!Files.isWritable(file)) {
                return new ReadOnly(file, false);
            }
            assumeTrue(change(file, "+i"), "root, on a file system without an immutable attribute");
            return new ReadOnly(file, true);
        }

        private static boolean change(Path file, String attribute) {
            try {
                return new ProcessBuilder("chattr", attribute, file.toString())
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() throws Exception {
            if (byAttribute) {
                change(file, "-i");
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    @Test
    void F_112_a_store_whose_log_is_left_is_not_made_anew() throws Exception {
        Path file = filled("sqlite");
        Files.move(file, folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("crm.db-wal"), "what was committed last");

        assertRefused("STORE_FILE_MISSING", file.toString(), () -> Store.sqlite(file));

        assertThat(files()).containsExactly("crm.db-wal", "elsewhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "h2"})
    void a_command_that_only_looks_makes_no_file(String engine) throws Exception {
        Path file = folder.resolve("typo.db");

        assertRefused(
                "STORE_FILE_MISSING",
                "typo.db",
                () -> Store.builder(engine + ":" + file).mustExist().build());
        assertRefused("STORE_FILE_MISSING", "absent", () -> Store.open(engine + ":" + folder.resolve("absent/crm.db")));

        assertThat(files()).isEmpty();
    }

    @Test
    void a_new_store_is_one_whole_file_and_nothing_else() throws Exception {
        Store.sqlite(folder.resolve("crm.db")).close();

        assertThat(files()).containsExactly("crm.db");
    }

    @Test
    void a_name_that_the_driver_would_read_otherwise_is_refused() {
        assertRefused("STORE_URL", "?", () -> Store.sqlite(folder.resolve("crm.db?journal_mode=OFF")));
        assertRefused("STORE_URL", ";", () -> Store.h2(folder.resolve("crm;WRITE_DELAY=500")));
        assertRefused("STORE_URL", ":memory:", () -> Store.open("sqlite::memory:"));
        assertRefused("STORE_URL", "folder", () -> Store.sqlite(folder));
    }

    @Test
    void an_address_of_another_kind_is_refused_without_showing_its_password() {
        assertThatThrownBy(() -> Store.open("jdbc:oracle:thin:/host?password=geheim"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo("STORE_URL"))
                .message()
                .doesNotContain("geheim");
    }

    @Test
    void a_server_that_is_not_there_is_named_without_its_password() {
        assertThatThrownBy(() -> Store.open("jdbc:postgresql://127.0.0.1:1/crm?user=li&password=geheim"))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo("STORE_UNREACHABLE");
                    assertThat(e.isTransient()).isTrue();
                })
                .message()
                .contains("127.0.0.1:1/crm")
                .doesNotContain("geheim");
    }

    @Test
    void a_closed_store_says_so() {
        Store store = Store.sqlite(folder.resolve("crm.db"));
        store.close();
        store.close();

        assertRefused("STORE_CLOSED", "", () -> store.read(connection -> 1));
    }

    @Test
    void unsafe_settings_of_a_hosts_own_pool_are_found() throws Exception {
        Path file = filled("sqlite");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?synchronous=OFF");
                Store store = Store.builder(OneConnection.of(connection)).build()) {
            StoreReport report = store.check();

            assertThat(report.isSafe()).isFalse();
            assertThat(report.findings()).extracting(StoreFinding::code).contains("STORE_LOSES_COMMITS");
        }
        Path h2 = filled("h2");
        String url = "jdbc:h2:file:" + h2.toString().replace(".mv.db", "") + ";WRITE_DELAY=500";
        try (Connection connection = DriverManager.getConnection(url);
                Store store = Store.builder(OneConnection.of(connection)).build()) {
            assertThat(store.check().findings()).extracting(StoreFinding::code).contains("STORE_LOSES_COMMITS");
        }
    }

    @Test
    void a_store_in_memory_is_called_what_it_is() throws Exception {
        for (String url : List.of("jdbc:sqlite::memory:", "jdbc:h2:mem:check")) {
            try (Connection connection = DriverManager.getConnection(url);
                    Store store = Store.builder(OneConnection.of(connection)).build()) {
                assertThat(store.check().findings())
                        .extracting(StoreFinding::code)
                        .contains("STORE_IN_MEMORY");
            }
        }
    }

    /** SQLite's transactions begin without the lock unless told otherwise; two that read first would fail at their first write. */
    @Test
    void a_hosts_deferred_connections_wait_for_each_other_all_the_same() throws Exception {
        Path file = filled("sqlite");
        SQLiteDataSource deferred = new SQLiteDataSource();
        deferred.setUrl("jdbc:sqlite:" + file + "?busy_timeout=10000");
        try (Store store = Store.builder(deferred).build()) {
            StoreContract.inParallel(4, () -> {
                for (int n = 0; n < 25; n++) {
                    store.inTransaction(connection -> {
                        long before = Long.parseLong(
                                SqliteFile.text(connection, "SELECT changed_us FROM crm_store WHERE name = 'n1'"));
                        return Sql.update(
                                connection, "UPDATE crm_store SET changed_us = ? WHERE name = 'n1'", before + 1);
                    });
                }
                return null;
            });

            String sum = store.read(
                    connection -> SqliteFile.text(connection, "SELECT changed_us FROM crm_store WHERE name = 'n1'"));
            assertThat(sum).isEqualTo("101");
        }
    }
}

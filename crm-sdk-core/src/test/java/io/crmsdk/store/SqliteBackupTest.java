package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteBackupTest {
    @TempDir
    Path folder;

    private static void write(Store store, int n) {
        store.inTransaction(connection -> {
            Sql.update(connection, "INSERT INTO crm_store VALUES ('a" + n + "', 'x', ?)", n);
            return Sql.update(connection, "INSERT INTO crm_store VALUES ('b" + n + "', 'x', ?)", n);
        });
    }

    private static void assertRefused(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_backup_made_while_writers_work_holds_only_whole_transactions() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            Thread writer = new Thread(() -> {
                while (!stop.get()) {
                    write(store, written.incrementAndGet());
                }
            });
            writer.start();
            for (int n = 0; n < 5; n++) {
                while (written.get() < 20 * (n + 1)) {
                    Thread.onSpinWait();
                }
                int before = written.get() - 1;

                StoreBackup backup = store.backup(folder.resolve("backup" + n));

                assertThat(backup.bytes()).isEqualTo(Files.size(backup.file()));
                try (TestDatabase copy = TestDatabase.sqlite(backup.file())) {
                    List<String> a = copy.rows("SELECT changed_us FROM crm_store WHERE name LIKE 'a%' ORDER BY 1");
                    assertThat(copy.rows("SELECT changed_us FROM crm_store WHERE name GLOB 'b[0-9]*' ORDER BY 1"))
                            .isEqualTo(a);
                    assertThat(a).hasSizeGreaterThanOrEqualTo(before);
                }
            }
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void F_114_a_restored_store_says_so_for_ever_and_counts_its_incarnations() throws Exception {
        StoreBackup first;
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            write(store, 1);
            first = store.backup(folder.resolve("first"));
            write(store, 2);
            assertThat(store.restoration()).isEmpty();
        }
        Store.restore(first.file(), folder.resolve("second.db"));
        StoreBackup second;
        try (Store store = Store.sqlite(folder.resolve("second.db"))) {
            Restoration restoration = store.restoration().orElseThrow();
            assertThat(restoration.incarnation()).isEqualTo(2);
            assertThat(restoration.taken()).isEqualTo(first.taken());
            assertThat(restoration.restored()).isAfterOrEqualTo(first.taken());
            second = store.backup(folder.resolve("second"));
        }
        Store.restore(second.file(), folder.resolve("third.db"));

        try (Store store = Store.sqlite(folder.resolve("third.db"))) {
            assertThat(store.restoration().orElseThrow().incarnation()).isEqualTo(3);
            assertThat(store.restoration().orElseThrow().taken()).isEqualTo(second.taken());
        }
        try (TestDatabase third = TestDatabase.sqlite(folder.resolve("third.db"))) {
            assertThat(third.rows("SELECT name FROM crm_store WHERE content = 'x'"))
                    .containsExactly("a1", "b1");
        }
    }

    @Test
    void nothing_is_ever_overwritten() throws Exception {
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            StoreBackup backup = store.backup(folder.resolve("backup"));
            List<String> before = files();

            assertRefused("STORE_FILE_EXISTS", () -> store.backup(folder.resolve("backup")));
            assertRefused("STORE_FILE_EXISTS", () -> Store.restore(backup.file(), folder.resolve("crm.db")));

            assertThat(files()).isEqualTo(before);
            write(store, 1);
        }
    }

    @Test
    void a_log_that_lost_its_store_is_not_given_another_one() throws Exception {
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            store.backup(folder.resolve("backup"));
        }
        Files.writeString(folder.resolve("lost.db-wal"), "the end of another store");

        assertRefused("STORE_FILE_EXISTS", () -> Store.restore(folder.resolve("backup"), folder.resolve("lost.db")));
    }

    @Test
    void a_damaged_or_foreign_or_live_backup_is_not_restored() throws Exception {
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            for (int n = 0; n < 200; n++) {
                write(store, n);
            }
            store.backup(folder.resolve("damaged"));
            EmbeddedFileTest.damage(folder.resolve("damaged"));
            Files.writeString(folder.resolve("foreign"), "name,phone\nLi,138\n".repeat(100));

            assertRefused("STORE_CORRUPT", () -> Store.restore(folder.resolve("damaged"), folder.resolve("new.db")));
            assertRefused("STORE_CORRUPT", () -> Store.restore(folder.resolve("foreign"), folder.resolve("new.db")));
            assertRefused("STORE_IN_USE", () -> Store.restore(folder.resolve("crm.db"), folder.resolve("new.db")));
            assertRefused(
                    "STORE_FILE_MISSING", () -> Store.restore(folder.resolve("absent"), folder.resolve("new.db")));
            assertThat(files()).noneMatch(name -> name.startsWith("new.db"));
        }
    }
}

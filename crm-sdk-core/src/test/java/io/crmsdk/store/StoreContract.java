package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.TestClock;
import io.crmsdk.time.UtcClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store promises, on whichever database the subclass names. */
abstract class StoreContract {
    @TempDir
    Path folder;

    private final Kind kind;
    private TestDatabase database;

    StoreContract(Kind kind) {
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

    final TestDatabase database() {
        return database;
    }

    private static void insert(Connection connection, String name) throws SQLException {
        Sql.update(connection, "INSERT INTO crm_store (name, content, changed_us) VALUES (?, 'x', 1)", name);
    }

    private List<String> names() throws SQLException {
        return database.rows("SELECT name FROM crm_store WHERE content = 'x' ORDER BY name");
    }

    @Test
    void work_is_committed_and_its_result_comes_back() throws Exception {
        try (Store store = database.store()) {
            String result = store.inTransaction(connection -> {
                insert(connection, "a");
                return "done";
            });

            assertThat(result).isEqualTo("done");
            assertThat(names()).containsExactly("a");
        }
    }

    @Test
    void work_that_throws_leaves_nothing_and_its_exception_comes_out_unchanged() throws Exception {
        IllegalStateException thrown = new IllegalStateException("the host changed its mind");
        try (Store store = database.store()) {
            assertThatThrownBy(() -> store.inTransaction(connection -> {
                        insert(connection, "a");
                        throw thrown;
                    }))
                    .isSameAs(thrown);

            assertThat(names()).isEmpty();
        }
    }

    @Test
    void a_taken_key_has_a_code_and_leaves_nothing() throws Exception {
        try (Store store = database.store()) {
            assertThatThrownBy(() -> store.inTransaction(connection -> {
                        insert(connection, "a");
                        insert(connection, "a");
                        return null;
                    }))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.code()).isEqualTo("STORE_DUPLICATE");
                        assertThat(e.isTransient()).isFalse();
                    });

            assertThat(names()).isEmpty();
        }
    }

    @Test
    void a_connection_comes_back_to_the_host_as_it_was_given() throws Exception {
        try (Store store = database.store();
                Connection single = database.connection()) {
            single.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            Store onOne = Store.builder(OneConnection.of(single)).build();

            onOne.inTransaction(connection -> connection.getTransactionIsolation());

            assertThat(single.getAutoCommit()).isTrue();
            assertThat(single.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            assertThat(store.engine()).isEqualTo(onOne.engine());
        }
    }

    @Test
    void the_databases_clock_counts_microseconds_of_utc() {
        try (Store store = database.store()) {
            long nowUs = store.read(store::nowMicros);

            Instant now = Instant.EPOCH.plus(nowUs, ChronoUnit.MICROS);
            assertThat(now)
                    .isBetween(
                            UtcClock.system().instant().minusSeconds(5),
                            UtcClock.system().instant().plusSeconds(5));
        }
    }

    @Test
    void F_210_a_conflict_is_run_again_until_it_succeeds() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Store store = database.store()) {
            String result = store.inTransaction(connection -> {
                insert(connection, "a");
                if (runs.incrementAndGet() < 3) {
                    throw new SQLException("deadlock", "40001");
                }
                return "third time";
            });

            assertThat(result).isEqualTo("third time");
            assertThat(names()).containsExactly("a");
        }
    }

    @Test
    void F_210_a_conflict_that_never_ends_comes_out_after_twelve_runs() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Store store = database.store()) {
            assertThatThrownBy(() -> store.inTransaction(connection -> {
                        runs.incrementAndGet();
                        throw new SQLException("deadlock", "40001");
                    }))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.code()).isEqualTo("STORE_CONFLICT");
                        assertThat(e.isTransient()).isTrue();
                    });

            assertThat(runs).hasValue(12);
        }
    }

    @Test
    void F_210_two_transactions_that_lock_in_opposite_order_both_succeed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        try (Store store = database.store()) {
            for (String name : List.of("a", "b")) {
                store.inTransaction(
                        connection -> Sql.update(connection, "INSERT INTO crm_store VALUES ('" + name + "', '0', 0)"));
            }
            AtomicInteger turn = new AtomicInteger();
            inParallel(2, () -> {
                List<String> order = turn.getAndIncrement() == 0 ? List.of("a", "b") : List.of("b", "a");
                return store.inTransaction(connection -> {
                    runs.incrementAndGet();
                    add(connection, order.get(0));
                    awaitTheOther(bothHoldOne);
                    add(connection, order.get(1));
                    return true;
                });
            });

            assertThat(database.rows("SELECT name, changed_us FROM crm_store WHERE name IN ('a', 'b') ORDER BY name"))
                    .containsExactly("a|2", "b|2");
            assertThat(runs).hasValueGreaterThanOrEqualTo(2);
        }
    }

    private static void add(Connection connection, String name) throws SQLException {
        Sql.update(connection, "UPDATE crm_store SET changed_us = changed_us + 1 WHERE name = ?", name);
    }

    /** Where only one can write at a time the other never comes; and whoever runs again is alone. */
    private static void awaitTheOther(CyclicBarrier barrier) {
        try {
            barrier.await(1, TimeUnit.SECONDS);
        } catch (TimeoutException | BrokenBarrierException e) {
            assertThat(barrier.isBroken()).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void concurrent_transactions_lose_no_update() throws Exception {
        try (Store store = database.store()) {
            store.inTransaction(
                    connection -> Sql.update(connection, "INSERT INTO crm_store VALUES ('counter', '0', 0)"));

            inParallel(8, () -> {
                for (int n = 0; n < 25; n++) {
                    store.inTransaction(connection -> {
                        String update = "UPDATE crm_store SET changed_us = changed_us + 1 WHERE name = 'counter'";
                        return Sql.update(connection, update);
                    });
                }
                return null;
            });

            assertThat(database.rows("SELECT changed_us FROM crm_store WHERE name = 'counter'"))
                    .containsExactly("200");
        }
    }

    @Test
    void stores_that_start_together_apply_each_script_once() throws Exception {
        List<Store> stores = inParallel(6, database::store);

        stores.forEach(Store::close);
        assertThat(database.rows("SELECT name FROM crm_schema WHERE version > 0 AND done = statements"))
                .containsExactlyInAnyOrderElementsOf(Scripts.of(Dialect.valueOf(kind.name())).stream()
                        .map(Script::name)
                        .toList());
    }

    @Test
    void a_second_start_changes_nothing() throws Exception {
        database.store().close();
        List<String> before = database.rows("SELECT * FROM crm_schema ORDER BY version");

        database.store().close();

        assertThat(database.rows("SELECT * FROM crm_schema ORDER BY version")).isEqualTo(before);
    }

    @Test
    void a_store_opened_by_its_address_works_like_one_on_the_hosts_pool() {
        database.close();
        try (Store store = Store.open(database.url())) {
            store.inTransaction(connection -> {
                insert(connection, "a");
                return null;
            });

            assertThat(store.<Long>read(connection -> {
                        try (PreparedStatement statement = connection.prepareStatement(
                                        "SELECT COUNT(*) FROM crm_store WHERE content = 'x'");
                                ResultSet row = statement.executeQuery()) {
                            row.next();
                            return row.getLong(1);
                        }
                    }))
                    .isEqualTo(1);
            assertThat(store.name()).doesNotContain("user=");
        }
    }

    @Test
    void an_insert_that_finds_its_key_taken_leaves_row_and_transaction_alone() throws Exception {
        Dialect dialect = Dialect.valueOf(kind.name());
        try (Store store = database.store()) {
            int[] counts = store.inTransaction(connection -> {
                insert(connection, "a");
                return Sql.insertNew(
                        dialect,
                        connection,
                        "crm_store (name, content, changed_us) VALUES (?, 'x', 2)",
                        List.of("a", "b"),
                        (statement, name) -> statement.setString(1, name));
            });

            assertThat(counts[0]).isNotEqualTo(1);
            assertThat(database.rows("SELECT name, changed_us FROM crm_store WHERE content = 'x' ORDER BY name"))
                    .containsExactly("a|1", "b|2");
        }
    }

    @Test
    void an_upsert_inserts_and_then_overwrites() throws Exception {
        Dialect dialect = Dialect.valueOf(kind.name());
        String upsert = dialect.upsert("crm_store", List.of("name"), List.of("content", "changed_us"));
        try (Store store = database.store()) {
            store.inTransaction(connection -> Sql.update(connection, upsert, "a", "x", 1));
            store.inTransaction(connection -> Sql.update(connection, upsert, "a", "x", 2));

            assertThat(database.rows("SELECT name, changed_us FROM crm_store WHERE content = 'x'"))
                    .containsExactly("a|2");
        }
    }

    @Test
    void a_list_of_any_length_is_looked_up() throws Exception {
        List<String> names = IntStream.range(0, 150).mapToObj(n -> "n" + n).toList();
        AtomicInteger found = new AtomicInteger();
        try (Store store = database.store()) {
            store.inTransaction(connection -> {
                for (String name : names) {
                    insert(connection, name);
                }
                return null;
            });
            store.read(connection -> {
                Sql.inChunks(
                        connection, "SELECT name FROM crm_store WHERE name IN", "", List.of(), names, statement -> {
                            try (ResultSet row = statement.executeQuery()) {
                                while (row.next()) {
                                    found.incrementAndGet();
                                }
                            }
                        });
                return null;
            });

            assertThat(found).hasValue(150);
        }
    }

    @Test
    void the_start_writes_three_instants_and_leaves_no_trace() throws Exception {
        database.store().close();

        assertThat(database.rows("SELECT name FROM crm_store")).isEmpty();
    }

    @Test
    void a_present_told_to_another_session_zone_is_the_same_present() {
        try (Store store = database.store()) {
            long movedUs = store.read(connection -> InstantProbe.movedByZone(connection, dialect()));

            assertThat(Math.abs(movedUs)).isLessThan(10_000_000);
        }
    }

    @Test
    void the_self_check_finds_safe_settings_and_knows_the_clock() {
        try (Store store = database.store()) {
            StoreReport report = store.check();

            assertThat(report.isSafe()).as(report.toString()).isTrue();
            assertThat(report.clock().within(Duration.ofSeconds(2))).isTrue();
            assertThat(report.engine()).isEqualTo(store.engine());
        }
    }

    @Test
    void a_clock_ten_minutes_off_is_found_with_its_size() {
        TestClock clock = TestClock.at(UtcClock.system().instant().minusSeconds(600));
        try (Store store = Store.builder(database.dataSource()).clock(clock).build()) {
            StoreReport report = store.check();

            assertThat(report.findings()).first().satisfies(finding -> {
                assertThat(finding.code()).isEqualTo("STORE_CLOCK_SKEW");
                assertThat(finding.severity()).isEqualTo(Severity.DANGER);
                assertThat(finding.what()).containsPattern("got (59|60)\\d{4} ms");
            });
        }
    }

    @Test
    void F_114_a_restore_by_other_means_is_marked_and_counted() {
        Instant taken = Instant.parse("2026-11-01T00:00:00Z");
        try (Store store = database.store()) {
            assertThat(store.restoration()).isEmpty();

            store.markRestored(taken);
            store.markRestored(null);

            assertThat(store.restoration()).hasValueSatisfying(restoration -> {
                assertThat(restoration.incarnation()).isEqualTo(3);
                assertThat(restoration.taken()).isNull();
            });
        }
    }

    @Test
    void F_114_whatever_is_written_after_a_restore_was_marked_is_later_by_the_clock_of_the_store() {
        try (Store store = database.store()) {
            for (int round = 0; round < 20; round++) {
                store.markRestored(null);

                Instant restored = store.restoration().orElseThrow().restored();
                assertThat(store.read(store::nowMicros))
                        .isGreaterThan(ChronoUnit.MICROS.between(Instant.EPOCH, restored));
            }
        }
    }

    final Dialect dialect() {
        return Dialect.valueOf(kind.name());
    }

    static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = executor.invokeAll(
                    Stream.generate(() -> task).limit(threads).toList());
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}

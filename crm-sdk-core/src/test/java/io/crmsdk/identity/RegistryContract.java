package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.identity.Upserted.Outcome;
import io.crmsdk.model.Customer;
import io.crmsdk.model.ExternalId;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry promises, on every database. */
abstract class RegistryContract {
    @TempDir
    Path folder;

    private final Kind kind;
    private TestDatabase database;
    private Store store;
    private CustomerRegistry registry;

    RegistryContract(Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open_an_empty_registry() throws Exception {
        database = Databases.open(kind, folder);
        store = database.store();
        registry = CustomerRegistry.open(store);
    }

    @AfterEach
    void no_connection_is_leaked() {
        store.close();
        int inUse = database.connectionsInUse();
        database.close();

        assertThat(inUse).as("connections not given back").isZero();
    }

    private static SourceRecord record(String system, String value, Customer customer) {
        return new SourceRecord(ExternalId.of(system, "Contact", value), customer);
    }

    @Test
    void a_record_comes_in_once_and_the_second_time_changes_nothing() {
        SourceRecord first = record(
                "crm", "1", People.of("Olga Brown").mail("olga@w1.example").build());

        Upserted created = registry.upsert(first);
        Upserted again = registry.upsert(first);

        assertThat(created.outcome()).isEqualTo(Outcome.CREATED);
        assertThat(created.revision()).isEqualTo(1);
        assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(again.customerId()).isEqualTo(created.customerId());
        assertThat(registry.list("", 10)).hasSize(1);
    }

    @Test
    void a_verified_address_links_two_systems_and_the_older_id_stays() {
        Upserted crm = registry.upsert(record(
                "crm", "1", People.of("Olga Brown").mail("olga@w1.example").build()));
        Upserted erp = registry.upsert(record(
                "erp", "A7", People.of("Brown, Olga").mail("Olga@W1.example").build()));

        assertThat(erp.outcome()).isEqualTo(Outcome.LINKED);
        assertThat(erp.customerId()).isEqualTo(crm.customerId());
        assertThat(erp.because()).singleElement().satisfies(decision -> {
            assertThat(decision.code()).isEqualTo("LINK_KEY");
            assertThat(decision.why()).contains("same verified e-mail", "same name");
        });
        GoldenCustomer golden = registry.find(erp.recordId()).orElseThrow();
        assertThat(golden.id()).isEqualTo(crm.customerId());
        assertThat(golden.records()).hasSize(2);
        assertThat(registry.find(ExternalId.of("erp", "Contact", "A7"))).contains(golden);
    }

    @Test
    void names_alone_link_nothing() {
        // F-810
        registry.upsert(record("crm", "1", People.of("张伟").company("北京华信科技有限公司").build()));
        Upserted other = registry.upsert(
                record("crm", "2", People.of("张伟").company("上海博远贸易有限公司").build()));

        assertThat(other.outcome()).isEqualTo(Outcome.CREATED);
        assertThat(registry.list("", 10)).hasSize(2);
    }

    @Test
    void a_merge_against_what_says_they_are_two_is_refused_with_the_reason_and_another_word_makes_it() {
        String older = registry.upsert(record(
                        "crm", "1", People.of("Olga Brown").born("1980-02-03").build()))
                .customerId();
        String younger = registry.upsert(record(
                        "erp", "2", People.of("Olga Brown").born("1991-11-27").build()))
                .customerId();

        assertThatThrownBy(() -> store.inTransaction(
                        connection -> registry.merges().merge(connection, older, younger, "anna", "same desk")))
                .isInstanceOfSatisfying(IdentityException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("IDENTITY_VETO");
                    assertThat(refused).hasMessageContaining("birth").hasMessageNotContaining("1980");
                });
        assertThat(registry.list("", 10)).as("customers after the refusal").hasSize(2);

        store.inTransaction(
                connection -> registry.merges().mergeDespite(connection, older, younger, "anna", "a typing error"));
        assertThat(registry.list("", 10)).hasSize(1);
    }

    @Test
    void a_changed_record_leaves_a_customer_that_it_no_longer_belongs_to() {
        Upserted crm = registry.upsert(record(
                "crm", "1", People.of("Olga Brown").mail("olga@w1.example").build()));
        registry.upsert(record(
                "erp", "A7", People.of("Olga Brown").mail("olga@w1.example").build()));

        Upserted changed = registry.upsert(record(
                "erp", "A7", People.of("Karin Weber").mail("kw@w2.example").build()));

        assertThat(changed.outcome()).isEqualTo(Outcome.CHANGED);
        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.customerId()).isEqualTo(changed.recordId()).isNotEqualTo(crm.customerId());
        assertThat(registry.find(crm.customerId()).orElseThrow().records()).hasSize(1);
    }

    @Test
    void a_changed_record_frees_the_two_that_it_kept_apart() {
        registry.upsert(record(
                "crm",
                "1",
                People.of("Olga Brown")
                        .mail("olga@w1.example")
                        .phone("+8613901728461")
                        .build()));
        registry.upsert(record(
                "erp",
                "2",
                People.of("Olga Brown")
                        .phone("+8613901728461")
                        .born("1980-02-03")
                        .build()));
        People other = People.of("Olga Brown").mail("olga@w1.example").born("1991-11-27");
        registry.upsert(record("shop", "3", other.build()));
        assertThat(registry.list("", 10)).as("evidence contradicts itself").hasSize(3);

        registry.upsert(record(
                "shop",
                "3",
                People.of("Olga Brown")
                        .mail("brown@w9.example")
                        .born("1991-11-27")
                        .build()));

        assertThat(registry.list("", 10)).hasSize(2);
    }

    @Test
    void sixteen_workers_with_the_same_new_customer_make_one() throws Exception {
        // F-811
        SourceRecord same = record(
                "crm", "1", People.of("Olga Brown").mail("olga@w1.example").build());

        List<Upserted> results = together(16, number -> registry.upsert(same));

        assertThat(registry.list("", 10)).hasSize(1);
        assertThat(results)
                .extracting(Upserted::customerId)
                .containsOnly(results.get(0).customerId());
        assertThat(results).extracting(Upserted::outcome).containsOnlyOnce(Outcome.CREATED);
    }

    @Test
    void sixteen_workers_with_the_same_person_from_different_systems_make_one() throws Exception {
        // F-811
        together(
                16,
                number -> registry.upsert(record(
                        "system" + number,
                        "1",
                        People.of("Olga Brown").mail("olga@w1.example").build())));

        List<GoldenCustomer> all = registry.list("", 100);
        assertThat(all)
                .singleElement()
                .satisfies(golden -> assertThat(golden.records()).hasSize(16));
    }

    @Test
    void a_rolled_back_transaction_leaves_nothing() {
        SourceRecord record = record(
                "crm", "1", People.of("Olga Brown").mail("olga@w1.example").build());

        assertThatThrownBy(() -> store.inTransaction(connection -> {
                    registry.upsert(connection, record);
                    throw new IllegalStateException("the host changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(registry.list("", 10)).isEmpty();
        assertThat(registry.upsert(record).outcome()).isEqualTo(Outcome.CREATED);
    }

    @Test
    void a_sheet_without_ids_read_twice_changes_nothing() {
        List<Customer> rows = List.of(
                People.of("Olga Brown").unverified("olga@w1.example").build(),
                People.of("Olga Brown")
                        .unverified("olga@w1.example")
                        .phone("+8613901728461")
                        .build(),
                People.of("陈宇轩").phone("+8613844543034").build(),
                People.of("No Contact").build());
        List<Outcome> first = new ArrayList<>();
        List<Outcome> second = new ArrayList<>();
        store.inTransaction(connection -> {
            Sheet sheet = registry.sheet("customers.csv");
            for (Customer row : rows) {
                first.add(sheet.upsert(connection, row).outcome());
            }
            return null;
        });

        store.inTransaction(connection -> {
            Sheet sheet = registry.sheet("customers.csv");
            for (Customer row : rows) {
                second.add(sheet.upsert(connection, row).outcome());
            }
            return null;
        });

        assertThat(first).containsExactly(Outcome.CREATED, Outcome.LINKED, Outcome.CREATED, Outcome.CREATED);
        assertThat(second).containsOnly(Outcome.UNCHANGED);
    }

    @Test
    void a_value_that_too_many_people_share_becomes_generic_and_its_links_are_opened_again() {
        Upserted a = registry.upsert(record(
                "crm", "1", People.of("Olga Brown").phone("+8613901728461").build()));
        Upserted b = registry.upsert(record(
                "erp", "1", People.of("Olga Brown").phone("+8613901728461").build()));
        assertThat(b.customerId()).isEqualTo(a.customerId());

        String[] names = {"Karin Weber", "Peter Dubois", "Sophie Taylor"};
        for (int i = 0; i < names.length; i++) {
            registry.upsert(record(
                    "crm", "x" + i, People.of(names[i]).phone("+8613901728461").build()));
        }

        assertThat(registry.list("", 10)).hasSize(5);
        registry.upsert(record("crm", "x0", People.of("Karin Weber").build()));
        assertThat(registry.list("", 10)).as("the value is rare enough again").hasSize(4);
    }

    private interface Numbered<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> together(int workers, Numbered<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int number = i;
                Callable<T> task = () -> {
                    start.await();
                    return work.run(number);
                };
                running.add(pool.submit(task));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : running) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}

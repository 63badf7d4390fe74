package io.crmsdk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.ExternalId;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one record costs does not grow with what is stored. */
class BoundedNeighbourhoodTest {
    @TempDir
    Path folder;

    private Databases.TestDatabase database;
    private Store store;
    private CustomerRegistry registry;

    @BeforeEach
    void open_an_empty_registry() throws Exception {
        database = Databases.open(Databases.Kind.SQLITE, folder);
        store = database.store();
        registry = CustomerRegistry.open(store);
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
    }

    /** Each shares one address with the one before and one with the one behind. */
    private static SourceRecord link(int number) {
        People person = People.of("Olga Brown")
                .mail("olga" + number + "@w1.example")
                .mail("olga" + (number + 1) + "@w1.example");
        return new SourceRecord(ExternalId.of("crm", "Contact", "c" + number), person.build());
    }

    private void upsert(List<SourceRecord> records) {
        store.inTransaction(connection -> {
            for (SourceRecord record : records) {
                registry.upsert(connection, record);
            }
            return true;
        });
    }

    @Test
    @Tag("slow")
    void of_a_chain_without_end_no_more_is_read_than_could_be_one_customer_and_the_answer_is_that_of_all_at_once() {
        List<SourceRecord> chain = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            chain.add(link(i));
        }
        List<SourceRecord> order = new ArrayList<>(chain);
        Collections.shuffle(order, new Random(5));
        upsert(order);

        assertThat(readAround("c350")).isBetween(600, 680);
        AnyOrder.Answer whole = AnyOrder.answer(registry);
        assertThat(whole).isEqualTo(AnyOrder.atOnce(MatchRules.defaults(), chain));
        assertThat(whole.customers()).as("more than one customer can have").hasSize(700);

        SourceRecord cut = new SourceRecord(
                ExternalId.of("crm", "Contact", "c100"),
                People.of("Olga Brown").mail("olga@w9.example").build());
        upsert(List.of(cut));
        chain.set(100, cut);

        AnyOrder.Answer parts = AnyOrder.answer(registry);
        assertThat(parts).isEqualTo(AnyOrder.atOnce(MatchRules.defaults(), chain));
        assertThat(parts.customers()).as("the first hundred are one").hasSize(601);
    }

    private int readAround(String origin) {
        String id = registry.find(ExternalId.of("crm", "Contact", origin))
                .orElseThrow()
                .id();
        Dialect dialect = Dialect.of(store);
        return store.read(connection -> {
            Neighbourhood around = new Neighbourhood(
                    connection,
                    new RecordTable(dialect),
                    new KeyTable(dialect),
                    new DecisionTable(dialect),
                    MatchRules.defaults(),
                    false);
            around.explore(List.of(id));
            return around.seen.size();
        });
    }

    /** {@code -Dcrmsdk.identity.sharers=100000} for the long run. */
    @Test
    void however_many_share_a_phone_one_event_is_raised_and_its_links_are_opened_once() {
        int sharers = Integer.getInteger("crmsdk.identity.sharers", 300);
        for (int from = 0; from < sharers; from += 1000) {
            List<SourceRecord> some = new ArrayList<>();
            for (int i = from; i < Math.min(sharers, from + 1000); i++) {
                String name = "Name" + Integer.toString(i, 26) + " Of" + Integer.toString(i * 31, 30);
                some.add(new SourceRecord(
                        ExternalId.of("crm", "Contact", "p" + i),
                        People.of(i < 2 ? "Olga Brown" : name)
                                .phone("+8613901728461")
                                .build()));
            }
            upsert(some);
        }

        List<GenericValue> events = registry.genericValues("", 10);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo("phone");
            assertThat(event.generic()).isTrue();
            assertThat(event.records()).isBetween(4, 61);
        });
        Set<String> customers = new HashSet<>();
        String after = "";
        for (List<GoldenCustomer> page = registry.list(after, 1000);
                !page.isEmpty();
                page = registry.list(after, 1000)) {
            page.forEach(customer -> customers.add(customer.id()));
            after = page.get(page.size() - 1).id();
        }
        assertThat(customers).as("the first two were linked, and are no more").hasSize(sharers);
        assertThat(registry.genericValues(events.get(0).id(), 10)).isEmpty();
    }
}

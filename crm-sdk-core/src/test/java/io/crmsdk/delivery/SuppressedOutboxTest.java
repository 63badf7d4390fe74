package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionEvent;
import io.crmsdk.suppression.SuppressionList;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox with a list of suppressed addresses behind its gate. */
class SuppressedOutboxTest {
    @TempDir
    Path folder;

    private final FakeChannel channel = new FakeChannel();
    private TestDatabase database;
    private Store store;
    private SuppressionList list;
    private Outbox outbox;

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(Kind.SQLITE, folder);
        store = database.store();
        list = SuppressionList.open(store);
        outbox = Outbox.builder(store).channel(channel).suppression(list).build();
    }

    @AfterEach
    void close() {
        outbox.close();
        store.close();
        database.close();
    }

    private static Message receipt(String key, String... to) {
        return Message.transactional(key).to(to).content("text/plain", "paid").build();
    }

    private SuppressionEvent event(String id, SuppressionEvent.Kind kind) {
        return new SuppressionEvent(
                "dsn",
                id,
                ContactKey.email("ann@example.com"),
                kind,
                Instant.parse("2026-03-01T08:00:00Z"),
                "550 5.1.1");
    }

    private List<Delivery> settled() {
        try (Workers workers = outbox.startWorkers(
                WorkerOptions.builder().threads(2).poll(Duration.ofMillis(20)).build())) {
            return await().atMost(30, TimeUnit.SECONDS)
                    .until(
                            () -> outbox.deliveries(DeliveryQuery.all()).toList(),
                            all -> all.stream()
                                    .allMatch(delivery -> delivery.state().isFinal()));
        }
    }

    @Test
    void F_613_a_hard_bounce_stops_what_is_queued_to_that_address_and_nothing_else() {
        outbox.enqueue(receipt("1", "ann@example.com", "bob@example.com"));
        outbox.enqueue(receipt("2", "ANN@example.com"));
        list.record(event("b", SuppressionEvent.Kind.HARD_BOUNCE));

        assertThat(settled()).allSatisfy(delivery -> {
            boolean ann = delivery.recipient().toLowerCase(Locale.ROOT).startsWith("ann");
            assertThat(delivery.state()).isEqualTo(ann ? DeliveryState.SUPPRESSED : DeliveryState.ACCEPTED);
            if (ann) {
                assertThat(delivery.history())
                        .anySatisfy(entry -> assertThat(entry.detail()).contains("HARD_BOUNCE by dsn"));
            }
        });
    }

    @Test
    void a_complaint_stops_no_receipt() {
        list.record(event("c", SuppressionEvent.Kind.COMPLAINT));
        outbox.enqueue(receipt("1", "ann@example.com"));

        assertThat(settled())
                .singleElement()
                .satisfies(delivery -> assertThat(delivery.state()).isEqualTo(DeliveryState.ACCEPTED));
    }
}

package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox with a real ledger behind its gate. */
class ConsentedOutboxTest {
    private static final Scope COUPONS = Scope.of("marketing/coupons");

    @TempDir
    Path folder;

    private final FakeChannel channel = new FakeChannel();
    private TestDatabase database;
    private Store store;
    private ConsentLedger ledger;
    private Outbox outbox;

    @BeforeEach
    void open() throws Exception {
        database = Databases.open(kind(), folder);
        store = database.store();
        ledger = ConsentLedger.builder(store)
                .policy(ConsentPolicy.defaults().withMinimum(Rank.ASSERTED).withFreshness("tool", Duration.ofHours(1)))
                .open();
        ledger.pulled("tool");
        outbox = Outbox.builder(store).channel(channel).consent(ledger).build();
    }

    @AfterEach
    void close() {
        outbox.close();
        store.close();
        database.close();
    }

    Kind kind() {
        return Kind.SQLITE;
    }

    private void agree(String address) {
        ContactKey key = ContactKey.email(address);
        ledger.record(ledger.system("crm").asserted(address, "1", key, COUPONS, null, null));
    }

    private void unsubscribe(String address) {
        ledger.record(ledger.person("one-click").unsubscribe(ContactKey.email(address), Scope.ALL, null));
    }

    private static Message coupon(String key, String... to) {
        return Message.marketing(key, "marketing/coupons")
                .to(to)
                .content("text/plain", "20 % off")
                .build();
    }

    private Workers start() {
        return outbox.startWorkers(WorkerOptions.builder()
                .threads(2)
                .poll(Duration.ofMillis(20))
                .stopWithin(Duration.ofSeconds(5))
                .build());
    }

    private List<Delivery> settled(int count) {
        return await().atMost(30, TimeUnit.SECONDS)
                .until(
                        () -> outbox.deliveries(DeliveryQuery.all()).toList(),
                        all -> all.size() == count
                                && all.stream()
                                        .allMatch(delivery -> delivery.state().isFinal()));
    }

    private static DeliveryState stateOf(List<Delivery> deliveries, String address) {
        return deliveries.stream()
                .filter(delivery -> delivery.recipient().equals(address))
                .findFirst()
                .orElseThrow()
                .state();
    }

    /** F-701, F-704 */
    @Test
    void marketing_goes_to_those_who_agreed_and_did_not_unsubscribe_since() {
        agree("li@example.com");
        agree("zhang@example.com");
        outbox.enqueue(coupon("spring", "li@example.com", "Zhang@EXAMPLE.com", "wang@example.com"));
        unsubscribe("zhang@example.com");

        List<Delivery> deliveries;
        try (Workers workers = start()) {
            deliveries = settled(3);
        }

        assertThat(stateOf(deliveries, "li@example.com")).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(stateOf(deliveries, "Zhang@EXAMPLE.com")).isEqualTo(DeliveryState.SUPPRESSED);
        assertThat(stateOf(deliveries, "wang@example.com")).isEqualTo(DeliveryState.SUPPRESSED);
        assertThat(channel.taken).containsExactly("li@example.com");
        assertThat(deliveries.stream()
                        .flatMap(delivery -> delivery.history().stream())
                        .map(HistoryEntry::detail))
                .anyMatch(detail -> detail.startsWith("consent: opted out (UNSUBSCRIBE"))
                .anyMatch(detail -> detail.startsWith("consent: unknown (NO_GRANT) at"))
                // R5: the hand-over keeps the grant it rested on and where the ledger stood.
                .anyMatch(detail ->
                        detail.startsWith("consent: allowed (ASSERTED, system:crm:") && detail.endsWith(" at 3"));
    }

    @Test
    void a_scope_or_an_address_that_nobody_can_have_agreed_to_is_refused_at_once() {
        assertThat(outbox.enqueue(Message.marketing("a", "marketing//x")
                        .to("li@example.com")
                        .content("text/plain", "x")
                        .build()))
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.BAD_SCOPE));
        assertThat(outbox.enqueue(coupon("b", "li at example")))
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.BAD_RECIPIENT));
    }

    /** R6, F-703: what waits for the ledger is neither sent nor given up, and the wait costs no attempt. */
    @Test
    void marketing_waits_while_the_ledger_cannot_answer_and_owed_messages_go_on() throws Exception {
        agree("li@example.com");
        database.execute("UPDATE crm_consent_pull SET pulled_us = 0");
        outbox.enqueue(coupon("spring", "li@example.com"));
        outbox.enqueue(Message.transactional("invoice 7")
                .to("li@example.com")
                .content("text/plain", "your invoice")
                .build());
        try (Workers workers = start()) {
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> outbox.deliveries(DeliveryQuery.all())
                            .flatMap(delivery -> delivery.history().stream())
                            .anyMatch(entry -> entry.detail().contains("hold (SOURCE_TOO_OLD)")));
            await().atMost(30, TimeUnit.SECONDS).until(() -> channel.takenByKey.containsKey("invoice 7"));
        }

        Delivery waiting = outbox.deliveries(DeliveryQuery.all())
                .filter(delivery -> delivery.key().equals("spring"))
                .findFirst()
                .orElseThrow();
        assertThat(waiting.state()).isEqualTo(DeliveryState.QUEUED);
        assertThat(waiting.attempts()).isZero();
        assertThat(channel.takenByKey).doesNotContainKey("spring");
    }

    @Test
    void a_legal_block_stops_an_owed_message_too() {
        ledger.record(ledger.staff("chen")
                .legalBlock(
                        Set.of(ContactKey.email("li@example.com")),
                        Scope.ALL,
                        ConsentEvidence.builder().text("court order 12").build()));
        outbox.enqueue(Message.transactional("invoice 7")
                .to("li@example.com")
                .content("text/plain", "your invoice")
                .build());

        try (Workers workers = start()) {
            assertThat(settled(1).get(0).state()).isEqualTo(DeliveryState.SUPPRESSED);
        }
        assertThat(channel.taken).isEmpty();
    }

    /** L16, G6: people unsubscribe while a campaign runs; no window begins after their call has returned. */
    @Test
    void no_hand_over_begins_after_the_unsubscribe_call_has_returned() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> people =
                IntStream.range(0, 60).mapToObj(i -> "p" + i + "@example.com").toList();
        people.forEach(this::agree);
        Set<String> gone = ConcurrentHashMap.newKeySet();
        List<String> violations = new CopyOnWriteArrayList<>();
        CountDownLatch running = new CountDownLatch(5);
        channel.doing(dispatch -> {
            running.countDown();
            dispatch.recheck();
            Set<String> goneBefore = Set.copyOf(gone);
            dispatch.beginWindow();
            dispatch.recipients().stream()
                    .map(DispatchRecipient::address)
                    .filter(goneBefore::contains)
                    .forEach(violations::add);
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        for (int i = 0; i < people.size(); i++) {
            outbox.enqueue(coupon("c" + i, people.get(i)));
        }
        List<String> leaving = new ArrayList<>(people);
        Collections.shuffle(leaving, random);
        try (Workers workers = start()) {
            running.await();
            for (String address : leaving.subList(0, 30)) {
                unsubscribe(address);
                gone.add(address);
            }
            settled(people.size());
        }

        assertThat(violations).as("seed " + seed).isEmpty();
        assertThat(channel.taken).as("seed " + seed).containsAll(leaving.subList(30, 60));
    }
}

package io.crmsdk.delivery;

import static io.crmsdk.delivery.DeliveryState.ACCEPTED;
import static io.crmsdk.delivery.DeliveryState.CANCELLED;
import static io.crmsdk.delivery.DeliveryState.DEAD;
import static io.crmsdk.delivery.DeliveryState.EXPIRED;
import static io.crmsdk.delivery.DeliveryState.FAILED;
import static io.crmsdk.delivery.DeliveryState.QUEUED;
import static io.crmsdk.delivery.DeliveryState.SCHEDULED;
import static io.crmsdk.delivery.DeliveryState.SENDING;
import static io.crmsdk.delivery.DeliveryState.UNCONFIRMED;
import static io.crmsdk.delivery.DeliveryState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an ordering key promises, on whichever database the subclass opens. */
abstract class OrderingContract {
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(2));
    private static final Evidence SEEN =
            new Evidence("mx.example.com", "in the log", "4711", Instant.parse("2026-03-01T10:15:30Z"));

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Set<String> poison = ConcurrentHashMap.newKeySet();
    private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
    private final FakeChannel channel = new FakeChannel().doing(this::send);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DeliveryTestStore store;

    abstract DeliveryTestStore open() throws Exception;

    /** Whether two transactions may write at the same time. */
    boolean writesSideBySide() {
        return true;
    }

    /** What the outboxes of all tests start from. */
    Outbox.Builder builder() {
        return Outbox.builder(store.store());
    }

    @BeforeEach
    void open_the_store() throws Exception {
        store = open();
    }

    @AfterEach
    void nobody_stands_in_a_line_who_is_not_open() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (store == null) {
            return; // this database cannot be had here: the test was skipped
        }
        List<String> lost = store.strings("SELECT q.delivery_id FROM crm_delivery_queue q WHERE q.state = 'WAITING'"
                + " AND q.delivery_id NOT IN (SELECT delivery_id FROM crm_delivery_turn)");
        store.close();

        assertThat(lost).as("waiting without a place").isEmpty();
    }

    private void send(Dispatch dispatch) {
        String key = dispatch.message().key();
        if (poison.contains(key)) {
            throw new IllegalStateException("poison");
        }
        dispatch.beginWindow();
        sent.add(key);
        for (DispatchRecipient recipient : dispatch.recipients()) {
            dispatch.record(
                    recipient,
                    doubtful.contains(key)
                            ? new Outcome.Unconfirmed("the line broke")
                            : new Outcome.Accepted(FakeChannel.reply("250 Ok")));
        }
    }

    private Outbox outbox(OrderingPolicy policy) {
        Outbox outbox = builder()
                .channel(channel)
                .retry(AT_ONCE)
                .ordering(policy)
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.hold())
                .build();
        opened.add(outbox);
        return outbox;
    }

    private Outbox outbox() {
        return outbox(OrderingPolicy.HOLD);
    }

    private void start(Outbox outbox) {
        opened.add(outbox.startWorkers(WorkerOptions.builder()
                .threads(4)
                .poll(Duration.ofMillis(20))
                .stopWithin(Duration.ofSeconds(5))
                .build()));
    }

    private static Message.Builder draft(String key, String orderingKey) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", key)
                .orderingKey(orderingKey);
    }

    private static String enqueue(Outbox outbox, String key, String orderingKey) {
        return idOf(outbox.enqueue(draft(key, orderingKey).build()));
    }

    private static String idOf(EnqueueAnswer answer) {
        assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
        return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
    }

    private static Delivery delivery(Outbox outbox, String id) {
        return outbox.delivery(id).orElseThrow();
    }

    private static DeliveryState state(Outbox outbox, String id) {
        return delivery(outbox, id).state();
    }

    private static void awaitState(Outbox outbox, String id, DeliveryState state) {
        await().atMost(20, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(state(outbox, id)).isEqualTo(state));
    }

    /** Whatever was to go by itself has gone. */
    private static void awaitRest(Outbox outbox) {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> outbox.health().oldestDue() == null
                        && !outbox.health().counts().containsKey(SENDING)
                        && !outbox.health().counts().containsKey(QUEUED));
    }

    private void awaitNoLines() {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> store.strings("SELECT order_hash FROM crm_delivery_order")
                                .isEmpty()
                        && store.strings("SELECT delivery_id FROM crm_delivery_turn")
                                .isEmpty());
    }

    private static Confirmation confirmation(Confirmation.Verdict verdict) {
        return new Confirmation(verdict, SEEN, "eva", "looked it up");
    }

    @Test
    void messages_of_one_key_go_out_in_the_order_in_which_they_were_enqueued() {
        Outbox outbox = outbox();
        List<String> keys = IntStream.range(0, 20).mapToObj(n -> "m" + n).toList();
        List<String> ids =
                keys.stream().map(key -> enqueue(outbox, key, "order-4711")).toList();
        assertThat(state(outbox, ids.get(0))).isEqualTo(QUEUED);
        assertThat(state(outbox, ids.get(1))).isEqualTo(WAITING);
        assertThat(delivery(outbox, ids.get(1)).nextAttempt()).isNull();
        assertThat(outbox.health().counts()).containsEntry(WAITING, 19L);
        assertThat(outbox.health().held()).isZero();

        start(outbox);
        awaitState(outbox, ids.get(19), ACCEPTED);

        assertThat(sent).isEqualTo(keys);
        assertThat(delivery(outbox, ids.get(0)).history())
                .extracting(HistoryEntry::state)
                .containsExactly(QUEUED, SENDING, ACCEPTED);
        assertThat(delivery(outbox, ids.get(19)).history())
                .extracting(HistoryEntry::state)
                .containsExactly(WAITING, QUEUED, SENDING, ACCEPTED);
        awaitNoLines();
    }

    @Test
    void messages_of_one_call_go_out_in_its_order_and_all_recipients_of_one_together() {
        Outbox outbox = outbox();
        List<EnqueueAnswer> answers = outbox.enqueueAll(List.of(
                draft("a", "k").to("wang@example.com").build(),
                draft("x", "other").build(),
                draft("b", "k").to("wang@example.com").build(),
                draft("c", "k").priority(Priority.HIGH).build()));
        EnqueueAnswer.Ack first = (EnqueueAnswer.Ack) answers.get(0);
        EnqueueAnswer.Ack second = (EnqueueAnswer.Ack) answers.get(2);
        assertThat(first.deliveryIds()).allMatch(id -> state(outbox, id) == QUEUED);
        assertThat(second.deliveryIds()).allMatch(id -> state(outbox, id) == WAITING);
        assertThat(state(outbox, idOf(answers.get(1)))).isEqualTo(QUEUED);

        start(outbox);
        awaitState(outbox, idOf(answers.get(3)), ACCEPTED);

        assertThat(sent.stream().filter(key -> !key.equals("x")).distinct()).containsExactly("a", "b", "c");
        awaitNoLines();
    }

    @Test
    void the_same_message_with_another_ordering_key_is_another_message() {
        Outbox outbox = outbox();
        String id = enqueue(outbox, "a", "k");

        assertThat(outbox.enqueue(draft("a", "other").build())).isInstanceOf(EnqueueAnswer.Reject.class);
        assertThat(idOf(outbox.enqueue(draft("a", "k").build()))).isEqualTo(id);
        assertThat(state(outbox, id)).isEqualTo(QUEUED);
    }

    @Test
    void a_dead_one_holds_its_followers_and_nobody_else_until_it_is_replayed() {
        Outbox outbox = outbox();
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        String other = enqueue(outbox, "other", "another key");
        String free = idOf(outbox.enqueue(Message.transactional("free")
                .to("li@example.com")
                .content("text/plain", "free")
                .build()));

        start(outbox);
        awaitState(outbox, a, DEAD);
        awaitState(outbox, other, ACCEPTED);
        awaitState(outbox, free, ACCEPTED);
        awaitRest(outbox);
        assertThat(state(outbox, b)).isEqualTo(WAITING);

        String late = enqueue(outbox, "late", "k");
        assertThat(state(outbox, late)).isEqualTo(WAITING);
        poison.clear();
        outbox.settle(a, confirmation(Confirmation.Verdict.NOT_SENT));
        awaitState(outbox, late, ACCEPTED);

        assertThat(sent).containsSubsequence("a", "b", "late");
        awaitNoLines();
    }

    @Test
    void a_dead_one_that_is_withdrawn_lets_its_followers_go() {
        Outbox outbox = outbox();
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        start(outbox);
        awaitState(outbox, a, DEAD);

        assertThat(outbox.cancel(a, "eva", "not wanted any more")).isTrue();
        awaitState(outbox, b, ACCEPTED);

        assertThat(state(outbox, a)).isEqualTo(CANCELLED);
        assertThat(sent).containsExactly("b");
        assertThat(outbox.cancel(a, "eva", "again")).isFalse();
        awaitNoLines();
    }

    @Test
    void a_dead_one_is_set_aside_if_the_outbox_says_so_and_goes_to_the_end_when_it_is_replayed() {
        Outbox outbox = outbox(OrderingPolicy.SKIP_DEAD);
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        start(outbox);
        awaitState(outbox, b, ACCEPTED);
        assertThat(state(outbox, a)).isEqualTo(DEAD);
        assertThat(outbox.cancel(a, "eva", "it holds nobody")).isFalse();

        poison.clear();
        String later = idOf(outbox.enqueue(
                draft("later", "k").notBefore(Instant.now().plusSeconds(3600)).build()));
        assertThat(outbox.settle(a, confirmation(Confirmation.Verdict.NOT_SENT)).state())
                .isEqualTo(WAITING);
        awaitRest(outbox);
        assertThat(sent).containsExactly("b");

        outbox.cancel(later, "eva", "makes room");
        awaitState(outbox, a, ACCEPTED);
        awaitNoLines();
    }

    @Test
    void an_unconfirmed_one_holds_its_followers_until_it_is_settled() {
        Outbox outbox = outbox();
        doubtful.addAll(List.of("a", "b"));
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        String c = enqueue(outbox, "c", "k");
        start(outbox);
        awaitState(outbox, a, UNCONFIRMED);
        awaitRest(outbox);
        assertThat(state(outbox, b)).isEqualTo(WAITING);
        assertThat(outbox.health().held()).isEqualTo(1);

        outbox.settle(a, confirmation(Confirmation.Verdict.ACCEPTED));
        awaitState(outbox, b, UNCONFIRMED);
        awaitRest(outbox);
        assertThat(sent).containsExactly("a", "b");

        doubtful.clear();
        outbox.settle(b, confirmation(Confirmation.Verdict.NOT_SENT));
        awaitState(outbox, c, ACCEPTED);

        assertThat(sent).containsExactly("a", "b", "b", "c");
        awaitNoLines();
    }

    @Test
    void an_unconfirmed_one_that_nothing_moves_is_set_aside_if_the_outbox_says_so() {
        Outbox outbox = outbox(OrderingPolicy.SKIP_DEAD);
        doubtful.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");

        start(outbox);
        awaitState(outbox, b, ACCEPTED);

        assertThat(state(outbox, a)).isEqualTo(UNCONFIRMED);
        awaitNoLines();
        doubtful.clear();
        outbox.settle(a, confirmation(Confirmation.Verdict.NOT_SENT));
        awaitState(outbox, a, ACCEPTED);
        assertThat(sent).containsExactly("a", "b", "a");
    }

    @Test
    void the_first_and_one_that_waits_can_be_withdrawn_before_anything_is_sent() {
        Outbox outbox = outbox();
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        String c = enqueue(outbox, "c", "k");

        assertThat(outbox.cancel(b, "eva", "not wanted")).isTrue();
        assertThat(state(outbox, c)).isEqualTo(WAITING);
        assertThat(outbox.cancel(a, "eva", "not wanted")).isTrue();
        assertThat(state(outbox, c)).isEqualTo(QUEUED);

        start(outbox);
        awaitState(outbox, c, ACCEPTED);
        assertThat(sent).containsExactly("c");
        awaitNoLines();
    }

    @Test
    void one_that_is_refused_or_expires_is_over_and_one_that_is_due_later_is_not() {
        Outbox outbox = outbox();
        channel.doing(dispatch -> {
            if (dispatch.message().key().equals("refused")) {
                dispatch.recipients()
                        .forEach(recipient -> dispatch.record(recipient, new Outcome.Refused("550", null)));
            } else {
                send(dispatch);
            }
        });
        String refused = enqueue(outbox, "refused", "k");
        String expires = idOf(outbox.enqueue(
                draft("expires", "k").expires(Instant.now().plusSeconds(2)).build()));
        String scheduled = idOf(outbox.enqueue(draft("scheduled", "k")
                .notBefore(Instant.now().plusSeconds(3))
                .priority(Priority.LOW)
                .build()));
        String last =
                idOf(outbox.enqueue(draft("last", "k").priority(Priority.HIGH).build()));
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> Instant.now()
                        .isAfter(delivery(outbox, expires).history().get(0).at().plusSeconds(2)));

        start(outbox);
        awaitState(outbox, scheduled, SCHEDULED);
        assertThat(state(outbox, refused)).isEqualTo(FAILED);
        assertThat(state(outbox, expires)).isEqualTo(EXPIRED);
        assertThat(state(outbox, last)).isEqualTo(WAITING);
        awaitState(outbox, last, ACCEPTED);

        assertThat(sent).containsExactly("scheduled", "last");
        awaitNoLines();
    }

    @Test
    void what_a_rolled_back_transaction_had_enqueued_holds_nobody() throws Exception {
        Outbox outbox = outbox();
        try (Connection host = host()) {
            idOf(outbox.enqueue(host, draft("never", "k").build()));
            host.rollback();
        }

        String a = enqueue(outbox, "a", "k");
        assertThat(state(outbox, a)).isEqualTo(QUEUED);
    }

    private Connection host() throws SQLException {
        Connection connection = store.connection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void who_enqueues_for_a_key_waits_for_the_commit_of_who_did_before_and_other_keys_do_not() throws Exception {
        assumeTrue(writesSideBySide(), "this database has one writer at a time");
        Outbox outbox = outbox();
        ExecutorService other = Executors.newSingleThreadExecutor();
        opened.add(other::shutdownNow);
        try (Connection host = host()) {
            String first = idOf(outbox.enqueue(host, draft("first", "k").build()));
            Future<String> second = other.submit(() -> enqueue(outbox, "second", "k"));
            String free = enqueue(outbox, "free", "another key");
            assertThat(second.isDone()).isFalse();
            host.commit();

            assertThat(state(outbox, second.get(20, TimeUnit.SECONDS))).isEqualTo(WAITING);
            assertThat(state(outbox, first)).isEqualTo(QUEUED);
            assertThat(state(outbox, free)).isEqualTo(QUEUED);
        }
    }

    @Test
    void one_whose_predecessor_ends_before_it_is_committed_goes_all_the_same() throws Exception {
        assumeTrue(writesSideBySide(), "this database has one writer at a time");
        Outbox outbox = outbox();
        String first = enqueue(outbox, "first", "k");
        try (Connection host = host()) {
            String second = idOf(outbox.enqueue(host, draft("second", "k").build()));
            start(outbox);
            awaitState(outbox, first, ACCEPTED);
            host.commit();

            awaitState(outbox, second, ACCEPTED);
        }
        assertThat(sent).containsExactly("first", "second");
        awaitNoLines();
    }

    @Test
    void one_whose_predecessor_was_erased_goes_all_the_same() throws Exception {
        Outbox outbox = outbox();
        String first = enqueue(outbox, "first", "k");
        String second = enqueue(outbox, "second", "k");
        store.execute("DELETE FROM crm_delivery_queue WHERE delivery_id = '" + first + "'");
        store.execute("DELETE FROM crm_delivery WHERE id = '" + first + "'");

        start(outbox);
        awaitState(outbox, second, ACCEPTED);

        assertThat(sent).containsExactly("second");
        awaitNoLines();
    }

    @Test
    void what_is_sent_again_from_the_dead_keeps_its_place_and_who_waits_needs_no_sending_again() {
        Outbox outbox = outbox();
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        assertThatThrownBy(() -> outbox.operations("eva").replay(b, CopyRisk.NONE, "hurry"))
                .hasMessageContaining("REPLAY_NOT_NEEDED");
        start(outbox);
        awaitState(outbox, a, DEAD);
        poison.clear();
        outbox.operations("eva").replay(a, CopyRisk.NONE, "mended");
        awaitState(outbox, b, ACCEPTED);

        assertThat(sent).containsExactly("a", "b");
        awaitNoLines();
    }

    @Test
    void a_dead_one_that_was_set_aside_goes_to_the_end_of_the_line_when_it_is_sent_again() {
        Outbox outbox = outbox(OrderingPolicy.SKIP_DEAD);
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        start(outbox);
        awaitState(outbox, b, ACCEPTED);
        poison.clear();
        outbox.operations("eva").replay(a, CopyRisk.NONE, "mended");
        awaitState(outbox, a, ACCEPTED);

        assertThat(sent).containsExactly("b", "a");
        awaitNoLines();
    }

    @Test
    void a_correction_of_a_dead_one_keeps_its_key_and_goes_to_the_end_of_the_line() {
        Outbox outbox = outbox();
        poison.add("a");
        String a = enqueue(outbox, "a", "k");
        enqueue(outbox, "b", "k");
        start(outbox);
        awaitState(outbox, a, DEAD);
        OutboxOperations eva = outbox.operations("eva");
        Message corrected = eva.message(a).rewrite("a2").to("li@example.com").build();
        String a2 = idOf(eva.replace(a, corrected, CopyRisk.NONE, "typo"));
        awaitState(outbox, a2, ACCEPTED);

        assertThat(corrected.orderingKey()).isEqualTo("k");
        assertThat(state(outbox, a)).isEqualTo(CANCELLED);
        assertThat(sent).containsExactly("b", "a2");
        awaitNoLines();
    }

    @Test
    void cleaning_up_leaves_a_dead_one_that_holds_its_line() throws Exception {
        Outbox outbox = builder()
                .channel(channel)
                .retry(AT_ONCE)
                .clock(() -> UtcClock.system().instant().minus(Duration.ofDays(365))) // ids begin with its time
                .build();
        opened.add(outbox);
        poison.addAll(List.of("a", "alone"));
        String alone = idOf(outbox.enqueue(Message.transactional("alone")
                .to("li@example.com")
                .content("text/plain", "alone")
                .build()));
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        start(outbox);
        awaitState(outbox, a, DEAD);
        awaitState(outbox, alone, DEAD);
        store.execute("UPDATE crm_delivery SET state_us = 1 WHERE state = 'DEAD'");
        store.execute("UPDATE crm_message SET created_us = 1");
        List<String> kept = new ArrayList<>();
        DeliveryArchive archive = new DeliveryArchive() {
            @Override
            public String name() {
                return "memory";
            }

            @Override
            public void keep(List<String> lines) {
                kept.addAll(lines);
            }
        };
        Retention retention = Retention.defaults().withTimes(Duration.ofDays(1), Duration.ofDays(2));
        outbox.operations("eva").retain(retention, archive, "daily");

        assertThat(kept).singleElement().asString().contains("alone");
        assertThat(outbox.delivery(alone)).isEmpty();
        assertThat(state(outbox, a)).isEqualTo(DEAD);
        assertThat(state(outbox, b)).isEqualTo(WAITING);
    }

    @Test
    void F_114_what_waited_before_a_restore_is_held_as_well_and_goes_out_in_order_once_it_is_settled() {
        Outbox outbox = outbox();
        String a = enqueue(outbox, "a", "k");
        String b = enqueue(outbox, "b", "k");
        store.store().markRestored(null);
        String c = enqueue(outbox, "c", "k");

        start(outbox);
        awaitState(outbox, b, UNCONFIRMED);
        awaitState(outbox, a, UNCONFIRMED);
        assertThat(state(outbox, c)).isEqualTo(WAITING);
        assertThat(outbox.settle(b, confirmation(Confirmation.Verdict.NOT_SENT)).state())
                .isEqualTo(WAITING);
        start(outbox);
        assertThat(state(outbox, b)).as("settled after the restore").isEqualTo(WAITING);
        outbox.settle(a, confirmation(Confirmation.Verdict.NOT_SENT));
        awaitState(outbox, c, ACCEPTED);

        assertThat(sent).containsExactly("a", "b", "c");
    }

    /** The order of commits is kept by a counter in the same transactions, behind the enqueue. */
    @Test
    void with_many_producers_workers_and_faults_each_key_goes_out_in_the_order_of_commits() throws Exception {
        long seed = System.nanoTime();
        int keys = 4;
        int producers = 4;
        int each = 12;
        store.execute("CREATE TABLE test_counter (k VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER NOT NULL)");
        store.execute("CREATE TABLE test_commit (k VARCHAR(20) NOT NULL, n INTEGER NOT NULL, m VARCHAR(40) NOT NULL)");
        for (int k = 0; k < keys; k++) {
            store.execute("INSERT INTO test_counter VALUES ('k" + k + "', 0)");
        }
        Map<String, Set<String>> order = new ConcurrentHashMap<>();
        List<String> together = new CopyOnWriteArrayList<>();
        Set<String> inFlight = ConcurrentHashMap.newKeySet();
        Random faults = new Random(seed);
        channel.doing(dispatch -> {
            String key = dispatch.message().orderingKey();
            if (!inFlight.add(key)) {
                together.add(dispatch.message().key());
            }
            try {
                handOver(dispatch, fault(faults), order);
            } finally {
                inFlight.remove(key);
            }
        });
        List<Outbox> outboxes = List.of(repeating(), repeating());
        outboxes.forEach(this::start);
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        opened.add(threads::shutdownNow);

        List<Future<?>> running = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            String name = "p" + p;
            Random random = new Random(seed + p);
            Outbox outbox = outboxes.get(p % 2);
            running.add(threads.submit(() -> produce(outbox, name, each, keys, random)));
        }
        for (Future<?> future : running) {
            future.get(120, TimeUnit.SECONDS);
        }
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> store.strings("SELECT delivery_id FROM crm_delivery_queue")
                        .isEmpty());

        for (int k = 0; k < keys; k++) {
            assertThat(List.copyOf(order.getOrDefault("k" + k, Set.of())))
                    .as("key " + k + ", seed " + seed)
                    .isEqualTo(store.strings("SELECT m FROM test_commit WHERE k = 'k" + k + "' ORDER BY n"));
        }
        assertThat(together)
                .as("in flight beside another of its key, seed " + seed)
                .isEmpty();
        awaitNoLines();
    }

    private Outbox repeating() {
        Outbox outbox = builder()
                .channel(channel)
                .retry(AT_ONCE)
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofMillis(1)))
                .build();
        opened.add(outbox);
        return outbox;
    }

    private static int fault(Random faults) {
        synchronized (faults) {
            return faults.nextInt(10);
        }
    }

    private static void handOver(Dispatch dispatch, int fault, Map<String, Set<String>> order) throws IOException {
        DispatchRecipient recipient = dispatch.recipients().get(0);
        if (fault == 0) {
            throw new IOException("no route");
        }
        if (fault == 1) {
            dispatch.record(recipient, new Outcome.Deferred("451", null, null));
            return;
        }
        dispatch.beginWindow();
        order.computeIfAbsent(
                        dispatch.message().orderingKey(), key -> Collections.synchronizedSet(new LinkedHashSet<>()))
                .add(dispatch.message().key());
        if (fault == 2 && dispatch.attempt() == 1) {
            throw new IOException("broke in the window");
        }
        dispatch.record(recipient, new Outcome.Accepted(FakeChannel.reply("250 Ok")));
    }

    private Void produce(Outbox outbox, String name, int count, int keys, Random random) throws Exception {
        for (int i = 0; i < count; i++) {
            boolean rollBack = random.nextInt(5) == 0;
            String orderingKey = "k" + random.nextInt(keys);
            while (!produceOne(outbox, name + "-" + i, orderingKey, rollBack)) {
                Thread.sleep(5 + random.nextInt(20));
            }
        }
        return null;
    }

    /** False if the database gave this transaction up for another, so that it has to be repeated. */
    private boolean produceOne(Outbox outbox, String key, String orderingKey, boolean rollBack) throws Exception {
        try (Connection host = host()) {
            try {
                EnqueueAnswer answer =
                        outbox.enqueue(host, draft(key, orderingKey).build());
                if (!(answer instanceof EnqueueAnswer.Ack)) {
                    host.rollback();
                    return false;
                }
                count(host, key, orderingKey);
                if (rollBack) {
                    host.rollback();
                } else {
                    host.commit();
                }
                return true;
            } catch (SQLException | DeliveryException e) {
                host.rollback();
                return false;
            }
        }
    }

    private static void count(Connection host, String key, String orderingKey) throws SQLException {
        try (PreparedStatement add = host.prepareStatement("UPDATE test_counter SET n = n + 1 WHERE k = ?");
                PreparedStatement read = host.prepareStatement("SELECT n FROM test_counter WHERE k = ?");
                PreparedStatement note = host.prepareStatement("INSERT INTO test_commit (k, n, m) VALUES (?, ?, ?)")) {
            add.setString(1, orderingKey);
            add.executeUpdate();
            read.setString(1, orderingKey);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                note.setString(1, orderingKey);
                note.setInt(2, row.getInt(1));
                note.setString(3, key);
                note.executeUpdate();
            }
        }
    }
}

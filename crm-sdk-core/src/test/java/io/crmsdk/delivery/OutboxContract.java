package io.crmsdk.delivery;

import static io.crmsdk.delivery.DeliveryState.ACCEPTED;
import static io.crmsdk.delivery.DeliveryState.BOUNCED;
import static io.crmsdk.delivery.DeliveryState.CANCELLED;
import static io.crmsdk.delivery.DeliveryState.COMPLAINED;
import static io.crmsdk.delivery.DeliveryState.DEAD;
import static io.crmsdk.delivery.DeliveryState.DEFERRED;
import static io.crmsdk.delivery.DeliveryState.DELIVERED;
import static io.crmsdk.delivery.DeliveryState.EXPIRED;
import static io.crmsdk.delivery.DeliveryState.FAILED;
import static io.crmsdk.delivery.DeliveryState.QUEUED;
import static io.crmsdk.delivery.DeliveryState.SCHEDULED;
import static io.crmsdk.delivery.DeliveryState.SENDING;
import static io.crmsdk.delivery.DeliveryState.SUPPRESSED;
import static io.crmsdk.delivery.DeliveryState.UNCONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the outbox promises, on whichever database the subclass opens. */
abstract class OutboxContract {
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(2));
    private static final RetryPolicy LATER = RetryPolicy.defaults().withWaits(Duration.ofHours(1), Duration.ofHours(1));

    private final FakeChannel channel = new FakeChannel();
    private final FakeConsent consent = new FakeConsent();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DeliveryTestStore store;

    abstract DeliveryTestStore open() throws Exception;

    @BeforeEach
    void open_the_store() throws Exception {
        store = open();
    }

    @AfterEach
    void every_row_is_in_one_listed_state_and_nothing_is_leaked() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (store == null) {
            return; // this database cannot be had here: the test was skipped
        }
        List<String> strangers = store.strings("SELECT d.id FROM crm_delivery d LEFT JOIN crm_delivery_queue q"
                + " ON q.delivery_id = d.id WHERE (d.state IS NULL) = (q.state IS NULL)");
        store.close();

        assertThat(strangers).as("deliveries in no state or in two").isEmpty();
    }

    private Outbox outbox(RetryPolicy retry) {
        return outbox(retry, new DeliveryListener[0]);
    }

    private Outbox outbox(RetryPolicy retry, DeliveryListener... listeners) {
        Outbox.Builder builder = builder()
                .channel(channel)
                .consent(consent)
                .retry(retry)
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofMillis(1)));
        for (DeliveryListener listener : listeners) {
            builder.listener(listener);
        }
        return opened(builder.build());
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private WorkerOptions.Builder quick() {
        return WorkerOptions.builder().threads(2).poll(Duration.ofMillis(20)).stopWithin(Duration.ofSeconds(5));
    }

    /** What the outboxes of all tests start from. */
    Outbox.Builder builder() {
        return Outbox.builder(store.store());
    }

    private Workers start(Outbox outbox) {
        return opened(outbox.startWorkers(quick().build()));
    }

    /** Its claimer is asleep afterwards, so that only another pool can take what the test takes away. */
    private void startAndStall(Outbox outbox, CountDownLatch stalled) throws InterruptedException {
        opened(outbox.startWorkers(quick().threads(1).poll(Duration.ofHours(1)).build()));
        stalled.await();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("crm-outbox-claimer"))
                .allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", "您好, " + key)
                .build();
    }

    private static Message marketing(String key, String... recipients) {
        return Message.marketing(key, "EMAIL/coupons")
                .to(recipients)
                .content("text/plain", "20 % off")
                .build();
    }

    private static String idOf(EnqueueAnswer answer) {
        assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
        return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
    }

    private static Delivery delivery(Outbox outbox, String id) {
        return outbox.delivery(id).orElseThrow();
    }

    private static void awaitState(Outbox outbox, String id, DeliveryState state) {
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(DeliveryException.class)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .untilAsserted(() -> assertThat(delivery(outbox, id).state())
                        .as(() -> delivery(outbox, id).history().stream()
                                .map(entry -> entry + " " + entry.detail())
                                .toList()
                                .toString())
                        .isEqualTo(state));
    }

    private static List<DeliveryState> states(Outbox outbox, String id) {
        return delivery(outbox, id).history().stream()
                .filter(HistoryEntry::applied)
                .map(HistoryEntry::state)
                .toList();
    }

    @Test
    void an_acknowledged_message_is_queued_and_then_accepted_with_the_servers_words() {
        Outbox outbox = outbox(LATER);

        String id = idOf(outbox.enqueue(message("a")));

        assertThat(delivery(outbox, id).state()).isEqualTo(QUEUED);
        start(outbox);
        awaitState(outbox, id, ACCEPTED);
        Delivery accepted = delivery(outbox, id);
        assertThat(accepted.evidence()).isEqualTo(FakeChannel.reply("250 2.0.0 Ok: queued as 4711"));
        assertThat(accepted.attempts()).isEqualTo(1);
        assertThat(accepted.possibleDuplicate()).isFalse();
        assertThat(states(outbox, id)).containsExactly(QUEUED, SENDING, ACCEPTED);
        assertThat(channel.taken).containsExactly("li@example.com");
    }

    @Test
    void a_message_reaches_the_channel_as_it_was_enqueued() throws Exception {
        Outbox outbox = outbox(LATER);
        List<Message> seen = new CopyOnWriteArrayList<>();
        channel.doing(dispatch -> {
            seen.add(dispatch.message());
            channel.accept(dispatch);
        });
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        Message sent = Message.marketing("k 1/李", "EMAIL/news")
                .to("li@example.com", "wang@example.com")
                .content("message/rfc822", content)
                .attribute("envelope.from", "bounce+1:2@example.com")
                .attribute("空", "")
                .expires(Instant.parse("2100-01-01T00:00:00.000001Z"))
                .build();

        String id = idOf(outbox.enqueue(sent));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        Message got = seen.get(0);
        assertThat(got.key()).isEqualTo(sent.key());
        assertThat(got.kind()).isEqualTo(sent.kind());
        assertThat(got.scope()).isEqualTo(sent.scope());
        assertThat(got.recipients()).isEqualTo(sent.recipients());
        assertThat(got.content()).isEqualTo(content);
        assertThat(got.attributes()).isEqualTo(sent.attributes());
        assertThat(got.expires()).isEqualTo(sent.expires());
    }

    @Test
    void the_same_key_with_the_same_parameters_is_the_same_message() {
        Outbox outbox = outbox(LATER);
        EnqueueAnswer.Ack first = (EnqueueAnswer.Ack) outbox.enqueue(message("a"));

        EnqueueAnswer.Ack second = (EnqueueAnswer.Ack) outbox.enqueue(message("a"));

        assertThat(first.duplicate()).isFalse();
        assertThat(second.duplicate()).isTrue();
        assertThat(second.deliveryIds()).isEqualTo(first.deliveryIds());
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
    }

    @Test
    void the_same_key_with_other_content_is_refused_and_shows_both_hashes() {
        Outbox outbox = outbox(LATER);
        outbox.enqueue(message("a"));

        EnqueueAnswer answer = outbox.enqueue(Message.transactional("a")
                .to("li@example.com")
                .content("text/plain", "something else")
                .build());

        assertThat(answer).isInstanceOfSatisfying(EnqueueAnswer.Reject.class, reject -> {
            assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.IDEMPOTENCY_CONFLICT);
            assertThat(reject.message()).containsPattern("[0-9a-f]{64}.*[0-9a-f]{64}");
        });
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
    }

    @Test
    void renderings_that_differ_are_the_same_message_if_their_fingerprint_is() {
        Outbox outbox = outbox(LATER);
        outbox.enqueue(Message.transactional("a")
                .to("li@example.com")
                .content("text/plain", "boundary=1")
                .fingerprint("x")
                .build());

        EnqueueAnswer answer = outbox.enqueue(Message.transactional("a")
                .to("li@example.com")
                .content("text/plain", "boundary=2")
                .fingerprint("x")
                .build());

        assertThat(answer)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Ack.class,
                        ack -> assertThat(ack.duplicate()).isTrue());
    }

    @Test
    void a_batch_answers_for_each_message() {
        Outbox outbox = outbox(LATER);
        outbox.enqueue(message("old"));

        List<EnqueueAnswer> answers = outbox.enqueueAll(List.of(
                message("new"),
                Message.transactional("bad")
                        .to("not-an-address")
                        .content("text/plain", "x")
                        .build(),
                message("old"),
                message("new"),
                Message.transactional("old")
                        .to("li@example.com")
                        .content("text/plain", "x")
                        .build()));

        assertThat(answers.get(0)).isInstanceOf(EnqueueAnswer.Ack.class);
        assertThat(answers.get(1)).isInstanceOf(EnqueueAnswer.Reject.class);
        assertThat(answers.get(2))
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Ack.class, a -> assertThat(a.duplicate()).isTrue());
        assertThat(answers.get(3)).isInstanceOfSatisfying(EnqueueAnswer.Ack.class, a -> {
            assertThat(a.duplicate()).isTrue();
            assertThat(a.messageId()).isEqualTo(((EnqueueAnswer.Ack) answers.get(0)).messageId());
        });
        assertThat(answers.get(4)).isInstanceOf(EnqueueAnswer.Reject.class);
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(2);
    }

    @Test
    void F_203_a_message_in_a_transaction_that_rolls_back_never_was() throws Exception {
        Outbox outbox = outbox(LATER);
        start(outbox);
        try (Connection connection = store.connection()) {
            connection.setAutoCommit(false);
            assertThat(outbox.enqueue(connection, message("a"))).isInstanceOf(EnqueueAnswer.Ack.class);
            connection.rollback();
            connection.setAutoCommit(true);
        }

        assertThat(outbox.deliveries(DeliveryQuery.all())).isEmpty();
        assertThat(channel.attempts).isEmpty();
    }

    /** False where the database lets only one transaction write at a time, so that none can commit behind another. */
    boolean writesSideBySide() {
        return true;
    }

    @Test
    void F_204_a_message_whose_transaction_commits_late_is_not_skipped() throws Exception {
        assumeTrue(
                writesSideBySide(), "this database has one writer at a time, so no transaction commits behind another");
        Outbox outbox = outbox(LATER);
        start(outbox);
        try (Connection late = store.connection()) {
            late.setAutoCommit(false);
            String lateId = idOf(outbox.enqueue(late, message("late")));
            try (Statement older = late.createStatement()) {
                older.executeUpdate("UPDATE crm_delivery_queue SET due_us = due_us - 3600000000 WHERE delivery_id = '"
                        + lateId + "'");
            }
            for (int n = 0; n < 3; n++) {
                awaitState(outbox, idOf(outbox.enqueue(message("younger" + n))), ACCEPTED);
            }
            assertThat(channel.takenByKey).doesNotContainKey("late");
            late.commit();
            late.setAutoCommit(true);

            awaitState(outbox, lateId, ACCEPTED);
        }
        assertThat(channel.takenByKey).hasSize(4);
        assertThat(channel.takenByKey.values()).containsOnly(1);
    }

    @Test
    void F_303_workers_whose_clocks_are_ten_minutes_apart_claim_by_the_databases_clock_only() throws Exception {
        Outbox behind = opened(builder()
                .channel(channel)
                .clock(() -> UtcClock.system().instant().minusSeconds(300))
                .build());
        Outbox ahead = opened(builder()
                .channel(channel)
                .clock(() -> UtcClock.system().instant().plusSeconds(300))
                .build());
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            if (dispatch.message().key().equals("held")) {
                stalled.countDown();
                go.await();
            }
            channel.accept(dispatch);
        });
        String held = idOf(behind.enqueue(message("held")));
        startAndStall(behind, stalled);
        String scheduled = idOf(ahead.enqueue(Message.transactional("in two minutes")
                .to("li@example.com")
                .content("text/plain", "x")
                .notBefore(UtcClock.system().instant().plusSeconds(120))
                .build()));
        ahead.enqueueAll(IntStream.range(0, 200).mapToObj(n -> message("m" + n)).toList());
        Workers workers = opened(ahead.startWorkers(quick().nodeId("ahead").build()));
        await().atMost(1, TimeUnit.MINUTES).until(() -> channel.taken.size() >= 200);
        idleFor(workers, Duration.ofMillis(200));

        assertThat(channel.takenByKey).hasSize(200).doesNotContainKeys("held", "in two minutes");
        assertThat(channel.takenByKey.values()).containsOnly(1);
        assertThat(delivery(ahead, scheduled).state()).isEqualTo(SCHEDULED);
        go.countDown();
        awaitState(behind, held, ACCEPTED);
        assertThat(channel.takenByKey).containsEntry("held", 1);
    }

    @Test
    void a_refused_message_leaves_the_hosts_transaction_usable() throws Exception {
        Outbox outbox = outbox(LATER);
        outbox.enqueue(message("a"));
        try (Connection connection = store.connection()) {
            connection.setAutoCommit(false);
            EnqueueAnswer conflict = outbox.enqueue(
                    connection,
                    Message.transactional("a")
                            .to("x@example.com")
                            .content("text/plain", "y")
                            .build());
            EnqueueAnswer good = outbox.enqueue(connection, message("b"));
            connection.commit();
            connection.setAutoCommit(true);

            assertThat(conflict).isInstanceOf(EnqueueAnswer.Reject.class);
            assertThat(good).isInstanceOf(EnqueueAnswer.Ack.class);
        }

        assertThat(outbox.deliveries(DeliveryQuery.all().key("b"))).hasSize(1);
    }

    @Test
    void a_connection_that_commits_by_itself_is_refused() throws Exception {
        Outbox outbox = outbox(LATER);
        try (Connection connection = store.connection()) {
            assertThatThrownBy(() -> outbox.enqueue(connection, message("a")))
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.code()).isEqualTo("CONNECTION_AUTOCOMMIT"));
        }
    }

    @Test
    void F_202_a_commit_whose_answer_is_lost_is_unknown_and_the_same_key_tells_the_truth() {
        Outbox outbox = outbox(LATER);
        store.faults().loseCommitAnswers(1);

        EnqueueAnswer unknown = outbox.enqueue(message("a"));
        EnqueueAnswer again = outbox.enqueue(message("a"));

        assertThat(unknown).isInstanceOf(EnqueueAnswer.Unknown.class);
        assertThat(again)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Ack.class,
                        ack -> assertThat(ack.duplicate()).isTrue());
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
    }

    @Test
    void a_store_that_cannot_be_reached_is_a_rejection() {
        Outbox outbox = outbox(LATER);
        store.faults().refuseConnections(true);

        EnqueueAnswer answer = outbox.enqueue(message("a"));

        store.faults().refuseConnections(false);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.STORE_FAILED));
        assertThat(outbox.deliveries(DeliveryQuery.all())).isEmpty();
    }

    @Test
    void each_recipient_has_its_own_outcome() {
        Outbox outbox = outbox(LATER);
        channel.doing(dispatch -> {
            List<DispatchRecipient> to = dispatch.recipients();
            dispatch.record(
                    to.get(0), new Outcome.Refused("no such user", FakeChannel.reply("550 5.1.1 no such user")));
            dispatch.record(to.get(1), new Outcome.Deferred("greylisted", FakeChannel.reply("451 4.7.1 later"), null));
            channel.accept(dispatch);
        });
        EnqueueAnswer.Ack ack = (EnqueueAnswer.Ack) outbox.enqueue(Message.transactional("a")
                .to("a@example.com", "b@example.com", "c@example.com")
                .content("text/plain", "x")
                .build());
        start(outbox);

        awaitState(outbox, ack.deliveryIds().get(2), ACCEPTED);
        awaitState(outbox, ack.deliveryIds().get(1), DEFERRED);
        awaitState(outbox, ack.deliveryIds().get(0), FAILED);

        assertThat(channel.taken).containsExactly("c@example.com");
        assertThat(delivery(outbox, ack.deliveryIds().get(0)).evidence()).isNotNull();
        assertThat(delivery(outbox, ack.deliveryIds().get(1)).nextAttempt()).isNotNull();
        assertThat(states(outbox, ack.deliveryIds().get(0))).doesNotContain(SENDING);
    }

    @Test
    void a_break_before_the_window_defers_and_the_message_is_sent_once() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            if (dispatch.attempt() < 3) {
                throw new IOException("connection reset");
            }
            channel.accept(dispatch);
        });

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        assertThat(states(outbox, id)).containsExactly(QUEUED, DEFERRED, DEFERRED, SENDING, ACCEPTED);
        assertThat(delivery(outbox, id).history().get(1).detail()).contains("before the window", "connection reset");
        assertThat(channel.takenByKey).containsEntry("a", 1);
        assertThat(channel.attempts).containsExactly(1, 2, 3);
    }

    @Test
    void a_break_in_the_window_leaves_marketing_unconfirmed_and_held() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            channel.take(dispatch);
            throw new IOException("read timed out");
        });

        String id = idOf(outbox.enqueue(marketing("a", "li@example.com")));
        Workers workers = start(outbox);
        awaitState(outbox, id, UNCONFIRMED);

        assertThat(idle(workers)).isTrue();
        assertThat(delivery(outbox, id).nextAttempt()).isNull();
        assertThat(delivery(outbox, id).history().get(2).detail()).contains("in the window", "read timed out");
        assertThat(channel.attempts).containsExactly(1);
        assertThat(outbox.health().held()).isEqualTo(1);
    }

    @Test
    void a_break_in_the_window_repeats_a_transactional_message_once_and_says_so() {
        Outbox outbox = outbox(AT_ONCE);
        Set<String> messageIds = ConcurrentHashMap.newKeySet();
        channel.doing(dispatch -> {
            messageIds.add(dispatch.messageId());
            if (dispatch.attempt() == 1) {
                dispatch.beginWindow();
                channel.take(dispatch);
                throw new IOException("read timed out");
            }
            channel.accept(dispatch);
        });

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        assertThat(states(outbox, id)).containsExactly(QUEUED, SENDING, UNCONFIRMED, SENDING, ACCEPTED);
        assertThat(delivery(outbox, id).possibleDuplicate()).isTrue();
        assertThat(messageIds).hasSize(1);
    }

    @Test
    void a_second_break_in_the_window_is_held() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("again");
        });

        String id = idOf(outbox.enqueue(message("a")));
        Workers workers = start(outbox);
        await().untilAsserted(() -> assertThat(outbox.health().held()).isEqualTo(1));

        assertThat(idle(workers)).isTrue();
        assertThat(channel.attempts).containsExactly(1, 2);
        assertThat(delivery(outbox, id).state()).isEqualTo(UNCONFIRMED);
    }

    @Test
    void a_refusal_of_the_repeat_does_not_deny_the_first_attempt() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            if (dispatch.attempt() == 1) {
                dispatch.beginWindow();
                throw new IOException("read timed out");
            }
            dispatch.recipients().forEach(to -> dispatch.record(to, new Outcome.Refused("gone", null)));
        });

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        await().untilAsserted(() -> assertThat(outbox.health().held()).isEqualTo(1));

        assertThat(delivery(outbox, id).state()).isEqualTo(UNCONFIRMED);
        assertThat(states(outbox, id)).doesNotContain(FAILED);
    }

    @Test
    void a_channel_that_claims_a_yes_without_a_window_is_set_aside_and_never_believed() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(channel::yes);

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);

        awaitState(outbox, id, DEAD);
        assertThat(delivery(outbox, id).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .contains("before beginWindow()");
    }

    @Test
    void F_109_a_message_whose_handling_throws_an_error_is_set_aside_and_the_others_go_on() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            if (dispatch.message().key().equals("poison")) {
                throw new StackOverflowError("deep");
            }
            channel.accept(dispatch);
        });

        String poison = idOf(outbox.enqueue(message("poison")));
        List<String> others = IntStream.range(0, 20)
                .mapToObj(n -> idOf(outbox.enqueue(message("good" + n))))
                .toList();
        start(outbox);

        awaitState(outbox, poison, DEAD);
        others.forEach(id -> awaitState(outbox, id, ACCEPTED));
        assertThat(delivery(outbox, poison).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .contains("StackOverflowError");
        assertThat(channel.takenByKey).doesNotContainKey("poison");
    }

    @Test
    void a_row_that_cannot_be_read_is_set_aside_and_the_others_go_on() throws Exception {
        Outbox outbox = outbox(AT_ONCE);
        String bad = idOf(outbox.enqueue(message("bad")));
        String good = idOf(outbox.enqueue(message("good")));
        store.execute("UPDATE crm_message SET attributes = 'garbage' WHERE idem_key = 'bad'");
        start(outbox);

        awaitState(outbox, good, ACCEPTED);
        awaitState(outbox, bad, DEAD);
    }

    @Test
    void an_unsubscribe_after_enqueue_suppresses_without_an_attempt() {
        Outbox outbox = outbox(AT_ONCE);
        EnqueueAnswer.Ack ack =
                (EnqueueAnswer.Ack) outbox.enqueue(marketing("a", "li@example.com", "wang@example.com"));
        consent.optedOut.add("li@example.com");
        start(outbox);

        awaitState(outbox, ack.deliveryIds().get(0), SUPPRESSED);
        awaitState(outbox, ack.deliveryIds().get(1), ACCEPTED);
        assertThat(channel.taken).containsExactly("wang@example.com");
    }

    @Test
    void F_702_an_unsubscribe_while_the_server_is_slow_stops_the_message_before_the_window() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            consent.optedOut.add("li@example.com");
            channel.accept(dispatch);
        });
        EnqueueAnswer.Ack ack =
                (EnqueueAnswer.Ack) outbox.enqueue(marketing("a", "li@example.com", "wang@example.com"));
        start(outbox);

        awaitState(outbox, ack.deliveryIds().get(0), SUPPRESSED);
        awaitState(outbox, ack.deliveryIds().get(1), ACCEPTED);
        assertThat(channel.taken).containsExactly("wang@example.com");
    }

    @Test
    void F_705_consent_is_read_anew_after_every_wait() {
        Outbox outbox = outbox(AT_ONCE);
        AtomicInteger tries = new AtomicInteger();
        channel.doing(dispatch -> {
            if (tries.incrementAndGet() == 3) {
                consent.optedOut.add("li@example.com");
            }
            throw new IOException("down");
        });

        String id = idOf(outbox.enqueue(marketing("a", "li@example.com")));
        start(outbox);

        awaitState(outbox, id, SUPPRESSED);
        assertThat(tries).hasValue(3);
        assertThat(channel.taken).isEmpty();
    }

    @Test
    void recheck_takes_out_whoever_has_withdrawn_since() {
        Outbox outbox = outbox(AT_ONCE);
        List<Integer> left = new CopyOnWriteArrayList<>();
        channel.doing(dispatch -> {
            consent.optedOut.add("li@example.com");
            left.add(dispatch.recheck().size());
        });

        String id = idOf(outbox.enqueue(marketing("a", "li@example.com")));
        start(outbox);

        awaitState(outbox, id, SUPPRESSED);
        assertThat(left).containsExactly(0);
    }

    @Test
    void an_expired_message_is_never_sent() throws Exception {
        Outbox outbox = outbox(AT_ONCE);
        EnqueueAnswer past = outbox.enqueue(Message.transactional("past")
                .to("li@example.com")
                .content("text/plain", "x")
                .expires(Instant.parse("2020-01-01T00:00:00Z"))
                .build());
        String id = idOf(outbox.enqueue(Message.transactional("soon")
                .to("li@example.com")
                .content("text/plain", "x")
                .expires(Instant.parse("2100-01-01T00:00:00Z"))
                .build()));
        store.execute("UPDATE crm_message SET expires_us = 1000000 WHERE idem_key = 'soon'");
        start(outbox);

        awaitState(outbox, id, EXPIRED);
        assertThat(channel.attempts).isEmpty();
        assertThat(past)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.ALREADY_EXPIRED));
    }

    @Test
    void a_scheduled_message_waits_for_its_instant_by_the_databases_clock() throws Exception {
        Outbox outbox = outbox(AT_ONCE);
        Instant when = Instant.parse("2100-01-01T00:00:00.123456Z");
        String id = idOf(outbox.enqueue(Message.transactional("a")
                .to("li@example.com")
                .content("text/plain", "x")
                .notBefore(when)
                .build()));
        Workers workers = start(outbox);

        assertThat(idle(workers)).isTrue();
        assertThat(delivery(outbox, id).state()).isEqualTo(SCHEDULED);
        assertThat(delivery(outbox, id).nextAttempt()).isEqualTo(when);
        assertThat(channel.attempts).isEmpty();
        store.execute("UPDATE crm_delivery_queue SET due_us = 1000000");
        awaitState(outbox, id, ACCEPTED);
    }

    @Test
    void a_delivery_is_given_up_with_its_cause() {
        Outbox outbox = outbox(AT_ONCE.withLimits(Duration.ofDays(1), 3));
        channel.doing(dispatch -> {
            throw new IOException("no route to host");
        });

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);

        awaitState(outbox, id, FAILED);
        assertThat(channel.attempts).containsExactly(1, 2, 3);
        assertThat(delivery(outbox, id).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .contains("given up after 3 attempts", "no route to host");
    }

    @Test
    void F_206_outcomes_are_kept_while_the_store_is_down_and_written_afterwards() {
        Outbox outbox = outbox(LATER);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            channel.take(dispatch);
            store.faults().refuseConnections(true);
            channel.yes(dispatch);
        });
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        await().until(() -> !channel.taken.isEmpty());
        store.faults().refuseConnections(false);

        awaitState(outbox, id, ACCEPTED);
        assertThat(channel.taken).hasSize(1);
        assertThat(states(outbox, id)).containsExactly(QUEUED, SENDING, ACCEPTED);
    }

    @Test
    void F_206_an_outcome_whose_commit_answer_is_lost_is_written_once() {
        Outbox outbox = outbox(LATER);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            channel.take(dispatch);
            store.faults().loseCommitAnswers(2);
            channel.yes(dispatch);
        });
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);

        awaitState(outbox, id, ACCEPTED);
        await().until(() -> outbox.health().unrecorded() == 0);
        assertThat(states(outbox, id)).containsExactly(QUEUED, SENDING, ACCEPTED);
        assertThat(delivery(outbox, id).history()).hasSize(3);
        assertThat(delivery(outbox, id).possibleDuplicate()).isFalse();
    }

    @Test
    void a_mark_that_cannot_be_committed_keeps_the_message_from_leaving() {
        Outbox outbox = outbox(AT_ONCE);
        AtomicInteger tries = new AtomicInteger();
        channel.doing(dispatch -> {
            if (tries.incrementAndGet() == 1) {
                store.faults().refuseConnections(true);
            }
            try {
                channel.accept(dispatch);
            } finally {
                store.faults().refuseConnections(false);
            }
        });
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);

        awaitState(outbox, id, ACCEPTED);
        assertThat(channel.taken).hasSize(1);
        assertThat(states(outbox, id)).containsExactly(QUEUED, DEFERRED, SENDING, ACCEPTED);
    }

    @Test
    void F_207_a_worker_that_lost_its_lease_before_the_window_sends_nothing() throws Exception {
        Outbox slow = outbox(LATER);
        Outbox quick = outbox(LATER);
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            if (dispatch.attempt() == 1) {
                stalled.countDown();
                go.await();
            }
            channel.accept(dispatch);
        });
        String id = idOf(slow.enqueue(message("a")));
        startAndStall(slow, stalled);
        store.execute("UPDATE crm_delivery_queue SET lease_us = 1");
        start(quick);
        awaitState(quick, id, ACCEPTED);

        go.countDown();
        await().until(() ->
                slow.health().unrecorded() == 0 && delivery(slow, id).history().size() == 5);

        assertThat(channel.taken).hasSize(1);
        assertThat(delivery(slow, id).state()).isEqualTo(ACCEPTED);
        assertThat(delivery(slow, id).history())
                .extracting(HistoryEntry::applied)
                .last()
                .isEqualTo(false);
        assertThat(delivery(slow, id).possibleDuplicate()).isFalse();
    }

    @Test
    void F_207_a_yes_that_comes_after_the_lease_was_lost_still_counts() throws Exception {
        Outbox slow = outbox(LATER);
        Outbox quick = opened(builder().channel(channel).consent(consent).build());
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            channel.take(dispatch);
            stalled.countDown();
            go.await();
            channel.yes(dispatch);
        });
        String id = idOf(slow.enqueue(message("a")));
        startAndStall(slow, stalled);
        store.execute("UPDATE crm_delivery_queue SET lease_us = 1");
        start(quick);
        awaitState(quick, id, UNCONFIRMED);
        assertThat(delivery(quick, id).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .startsWith("process died in the window, attempt 1, host ");

        go.countDown();
        awaitState(quick, id, ACCEPTED);

        assertThat(channel.taken).hasSize(1);
        assertThat(states(quick, id)).containsExactly(QUEUED, SENDING, UNCONFIRMED, ACCEPTED);
        assertThat(store.strings("SELECT delivery_id FROM crm_delivery_queue")).isEmpty();
    }

    @Test
    void a_message_accepted_by_two_attempts_is_shown_as_a_possible_duplicate() throws Exception {
        Outbox slow = outbox(LATER);
        Outbox quick = outbox(LATER);
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            channel.take(dispatch);
            if (dispatch.attempt() == 1) {
                stalled.countDown();
                go.await();
            }
            channel.yes(dispatch);
        });
        String id = idOf(slow.enqueue(message("a")));
        startAndStall(slow, stalled);
        store.execute("UPDATE crm_delivery_queue SET lease_us = 1");
        start(quick);
        awaitState(quick, id, ACCEPTED);
        go.countDown();
        await().until(() -> delivery(quick, id).history().size() == 6);

        assertThat(delivery(quick, id).possibleDuplicate()).isTrue();
        assertThat(delivery(quick, id).state()).isEqualTo(ACCEPTED);
    }

    @Test
    void a_pool_of_the_same_name_takes_over_at_once() throws Exception {
        Outbox outbox = outbox(LATER);
        String before = idOf(outbox.enqueue(message("before")));
        String within = idOf(outbox.enqueue(marketing("within", "li@example.com")));
        leaveBehind("node-1#old", within, before);

        opened(outbox.startWorkers(quick().nodeId("node-1").build()));

        awaitState(outbox, before, ACCEPTED);
        awaitState(outbox, within, UNCONFIRMED);
        assertThat(delivery(outbox, before).history())
                .extracting(HistoryEntry::detail)
                .anyMatch(detail -> detail.contains("node-1#old") && detail.contains("nothing was sent"));
        assertThat(delivery(outbox, within).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .startsWith("process died in the window, attempt 1, host node-1#old");
        assertThat(channel.takenByKey).doesNotContainKey("within");
    }

    @Test
    void F_114_what_was_due_before_a_restore_is_held_and_never_sent_blindly() throws Exception {
        Outbox outbox = outbox(AT_ONCE);
        String queued = idOf(outbox.enqueue(message("queued")));
        String within = idOf(outbox.enqueue(message("within")));
        store.execute("UPDATE crm_delivery_queue SET owner = 'lost#1', fence = 1, attempts = 1, state = 'SENDING',"
                + " begun_us = 1000000 WHERE delivery_id = '" + within + "'");
        String later = idOf(outbox.enqueue(Message.transactional("later")
                .to("li@example.com")
                .content("text/plain", "x")
                .notBefore(Instant.parse("2100-01-01T00:00:00Z"))
                .build()));
        store.store().markRestored(Instant.parse("2026-01-01T00:00:00Z"));
        String after = idOf(outbox.enqueue(message("after")));

        Workers workers = start(outbox);
        awaitState(outbox, after, ACCEPTED);

        assertThat(idle(workers)).isTrue();
        assertThat(channel.takenByKey).containsOnlyKeys("after");
        for (String id : List.of(queued, within)) {
            Delivery held = delivery(outbox, id);
            assertThat(held.state()).isEqualTo(UNCONFIRMED);
            assertThat(held.nextAttempt()).isNull();
            assertThat(held.history())
                    .last()
                    .extracting(HistoryEntry::detail)
                    .asString()
                    .contains("restored", "backup of 2026-01-01T00:00:00Z");
            assertThat(outbox.cancel(id, "chen", "not needed")).isFalse();
        }
        assertThat(states(outbox, within)).contains(SENDING);
        assertThat(delivery(outbox, later).state()).isEqualTo(SCHEDULED);
        assertThat(outbox.health().held()).isEqualTo(2);
    }

    @Test
    void F_114_what_was_held_after_a_restore_is_sent_once_somebody_settles_it_as_not_sent() {
        Outbox outbox = outbox(AT_ONCE);
        List<Message> messages =
                IntStream.range(0, 1_100).mapToObj(n -> message("m" + n)).toList();
        List<String> ids =
                outbox.enqueueAll(messages).stream().map(OutboxContract::idOf).toList();
        store.store().markRestored(null);
        start(outbox).close();
        assertThat(outbox.health().held()).isEqualTo(ids.size());

        outbox.settle(ids.get(0), proof(Confirmation.Verdict.NOT_SENT));
        outbox.settle(ids.get(1), proof(Confirmation.Verdict.ACCEPTED));
        Workers workers = start(outbox);
        awaitState(outbox, ids.get(0), ACCEPTED);

        assertThat(idle(workers)).isTrue();
        assertThat(channel.takenByKey).containsOnlyKeys("m0");
        assertThat(delivery(outbox, ids.get(1)).state()).isEqualTo(ACCEPTED);
        assertThat(outbox.health().held()).isEqualTo(ids.size() - 2);
    }

    @Test
    void a_lease_of_another_node_is_left_alone() throws Exception {
        Outbox outbox = outbox(LATER);
        String before = idOf(outbox.enqueue(message("before")));
        String within = idOf(outbox.enqueue(marketing("within", "li@example.com")));
        leaveBehind("node-2#old", within, before);

        Workers workers = opened(outbox.startWorkers(quick().nodeId("node-1").build()));
        idleFor(workers, Duration.ofMillis(200));

        assertThat(channel.attempts).isEmpty();
        assertThat(delivery(outbox, within).state()).isEqualTo(SENDING);
    }

    private void leaveBehind(String owner, String within, String before) throws SQLException {
        store.execute("INSERT INTO crm_delivery_node (owner, node_id, machine, pid, process_start, started_us, seen_us)"
                + " VALUES ('" + owner + "', '" + owner.replace("#old", "") + "', 'elsewhere', 1, 1, 1, 1)");
        store.execute("UPDATE crm_delivery_queue SET owner = '" + owner + "', lease_us = 3000000000000000, fence = 1,"
                + " attempts = 1");
        store.execute("UPDATE crm_delivery_queue SET state = 'SENDING' WHERE delivery_id = '" + within + "'");
        assertThat(before).isNotEqualTo(within);
    }

    @Test
    void F_601_F_602_proofs_lead_to_the_same_state_in_any_order() {
        Outbox outbox = outbox(LATER);
        Workers workers = start(outbox);
        List<Confirmation> proofs = List.of(
                proof(Confirmation.Verdict.DELIVERED),
                proof(Confirmation.Verdict.BOUNCED),
                proof(Confirmation.Verdict.COMPLAINED),
                proof(Confirmation.Verdict.ACCEPTED));
        for (int seed = 0; seed < 6; seed++) {
            String id = idOf(outbox.enqueue(message("seed" + seed)));
            awaitState(outbox, id, ACCEPTED);
            List<Confirmation> order = new ArrayList<>(proofs);
            order.addAll(proofs);
            Collections.shuffle(order, new Random(seed));

            order.forEach(proof -> outbox.settle(id, proof));

            assertThat(delivery(outbox, id).state()).isEqualTo(COMPLAINED);
            assertThat(delivery(outbox, id).history())
                    .as("three entries of the sending, one for each different proof; seed " + seed)
                    .hasSize(3 + proofs.size());
        }
        assertThat(idle(workers)).isTrue();
    }

    private static Confirmation proof(Confirmation.Verdict verdict) {
        return new Confirmation(verdict, FakeChannel.reply("found: " + verdict), "mailbox reader", "test");
    }

    @Test
    void deliveries_are_found_by_the_other_sides_id_and_from_a_time_on() {
        Outbox outbox = outbox(LATER);
        start(outbox);
        String id = idOf(outbox.enqueue(message("k")));
        Instant enqueued = delivery(outbox, id).history().get(0).at().truncatedTo(ChronoUnit.MILLIS);
        awaitState(outbox, id, ACCEPTED);
        outbox.settle(id, proof(Confirmation.Verdict.DELIVERED));

        DeliveryQuery known = DeliveryQuery.all().remoteId("4711");
        assertThat(outbox.deliveries(known)).extracting(Delivery::id).containsExactly(id);
        assertThat(outbox.deliveries(known.since(enqueued.minus(Duration.ofMinutes(1)))))
                .hasSize(1);
        assertThat(outbox.deliveries(known.since(enqueued.plus(Duration.ofMinutes(1)))))
                .isEmpty();
        assertThat(outbox.deliveries(DeliveryQuery.all().remoteId("4712"))).isEmpty();
    }

    @Test
    void a_proof_settles_an_unconfirmed_delivery() {
        Outbox outbox = outbox(LATER);
        String id = unconfirmed(outbox);

        Delivery settled = outbox.settle(id, proof(Confirmation.Verdict.DELIVERED));

        assertThat(settled.state()).isEqualTo(DELIVERED);
        assertThat(settled.evidence()).isEqualTo(FakeChannel.reply("found: DELIVERED"));
        assertThat(settled.history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .contains("by mailbox reader: test");
        assertThat(outbox.health().held()).isZero();
    }

    @Test
    void a_delivery_that_surely_was_not_sent_is_queued_again() {
        Outbox outbox = outbox(LATER);
        String id = unconfirmed(outbox);
        channel.doing(channel::accept);

        outbox.settle(id, proof(Confirmation.Verdict.NOT_SENT));

        awaitState(outbox, id, ACCEPTED);
        assertThat(states(outbox, id)).containsExactly(QUEUED, SENDING, UNCONFIRMED, QUEUED, SENDING, ACCEPTED);
        assertThat(delivery(outbox, id).possibleDuplicate()).isFalse();
    }

    @Test
    void a_dead_delivery_can_be_queued_again() {
        Outbox outbox = outbox(AT_ONCE);
        channel.doing(dispatch -> {
            throw new IllegalStateException("bug");
        });
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, DEAD);
        channel.doing(channel::accept);

        outbox.settle(id, proof(Confirmation.Verdict.NOT_SENT));

        awaitState(outbox, id, ACCEPTED);
        assertThat(states(outbox, id)).containsSubsequence(QUEUED, DEAD, QUEUED, SENDING, ACCEPTED);
        assertThat(states(outbox, id)).containsOnlyOnce(DEAD, SENDING, ACCEPTED);
    }

    @Test
    void not_sent_does_not_reopen_what_was_accepted() {
        Outbox outbox = outbox(LATER);
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        Delivery after = outbox.settle(id, proof(Confirmation.Verdict.NOT_SENT));

        assertThat(after.state()).isEqualTo(ACCEPTED);
        assertThat(after.history()).extracting(HistoryEntry::applied).last().isEqualTo(false);
    }

    @Test
    void a_bounce_keeps_its_evidence_beside_the_acceptance() {
        Outbox outbox = outbox(LATER);
        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        outbox.settle(id, proof(Confirmation.Verdict.BOUNCED));

        assertThat(delivery(outbox, id).state()).isEqualTo(BOUNCED);
        assertThat(delivery(outbox, id).history())
                .extracting(HistoryEntry::state)
                .contains(ACCEPTED, BOUNCED);
    }

    private String unconfirmed(Outbox outbox) {
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        String id = idOf(outbox.enqueue(marketing("doubt", "li@example.com")));
        start(outbox);
        awaitState(outbox, id, UNCONFIRMED);
        return id;
    }

    @Test
    void F_604_an_unknown_delivery_cannot_be_settled() {
        Outbox outbox = outbox(LATER);

        assertThatThrownBy(() -> outbox.settle("nobody", proof(Confirmation.Verdict.DELIVERED)))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo("UNKNOWN_DELIVERY"));
    }

    @Test
    void a_queued_delivery_can_be_cancelled_and_an_accepted_one_cannot() {
        Outbox outbox = outbox(LATER);
        String first = idOf(outbox.enqueue(message("a")));

        assertThat(outbox.cancel(first, "li", "changed my mind")).isTrue();
        assertThat(outbox.cancel(first, "li", "again")).isFalse();
        String second = idOf(outbox.enqueue(message("b")));
        start(outbox);
        awaitState(outbox, second, ACCEPTED);

        assertThat(outbox.cancel(second, "li", "too late")).isFalse();
        assertThat(delivery(outbox, first).state()).isEqualTo(CANCELLED);
        assertThat(channel.takenByKey).containsOnlyKeys("b");
    }

    @Test
    void F_110_F_910_a_throwing_listener_changes_nothing_and_is_counted() {
        List<DeliveryState> heard = new CopyOnWriteArrayList<>();
        DeliveryListener bad = new DeliveryListener() {
            @Override
            public void onChange(DeliveryChange change) {
                throw new AssertionError("listener");
            }
        };
        DeliveryListener good = new DeliveryListener() {
            @Override
            public void onAttempt(DeliveryChange change) {
                heard.add(change.state());
            }

            @Override
            public void onChange(DeliveryChange change) {
                heard.add(change.state());
            }
        };
        Outbox outbox = outbox(LATER, bad, good);

        String id = idOf(outbox.enqueue(message("a")));
        start(outbox);
        awaitState(outbox, id, ACCEPTED);

        await().untilAsserted(() -> assertThat(heard).containsExactly(QUEUED, SENDING, ACCEPTED));
        assertThat(outbox.health().listenerFailures()).isEqualTo(2);
    }

    @Test
    void F_910_a_listener_that_never_returns_holds_up_no_delivery() {
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Outbox outbox = outbox(LATER, new DeliveryListener() {
            @Override
            public void onChange(DeliveryChange change) {
                heard.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        start(outbox);
        List<String> ids = IntStream.range(0, 20)
                .mapToObj(n -> idOf(outbox.enqueue(message("m" + n))))
                .toList();

        ids.forEach(id -> awaitState(outbox, id, ACCEPTED));

        assertThat(heard.getCount()).isZero();
        assertThat(go.getCount()).as("it still blocks").isEqualTo(1);
        go.countDown();
    }

    @Test
    void F_108_an_orderly_stop_lets_attempts_end_and_gives_back_the_rest() throws Exception {
        Outbox outbox = outbox(LATER);
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            busy.countDown();
            go.await();
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        IntStream.range(0, 10).forEach(n -> outbox.enqueue(message("m" + n)));
        Workers workers = start(outbox);
        busy.await();
        Thread stopper = new Thread(workers::close);
        stopper.start();
        // It waits for the attempts by then, so that all others see that the pool is stopping.
        await().until(() -> stopper.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        stopper.join(15_000);

        assertThat(stopper.isAlive()).isFalse();
        assertThat(outbox.deliveries(DeliveryQuery.all().state(UNCONFIRMED))).isEmpty();
        assertThat(outbox.deliveries(DeliveryQuery.all().state(SENDING))).isEmpty();
        assertThat(store.strings("SELECT delivery_id FROM crm_delivery_queue WHERE lease_us > 0"))
                .isEmpty();
        assertThat(store.strings("SELECT owner FROM crm_delivery_node")).isEmpty();
        assertThat(channel.taken).as("nothing new begins").hasSize(2);
        assertThat(outbox.deliveries(DeliveryQuery.all().state(ACCEPTED))).hasSize(2);
        assertThat(outbox.deliveries(DeliveryQuery.all().state(QUEUED))).hasSize(8);
    }

    @Test
    void F_108_F_910_a_stop_does_not_wait_for_ever_for_a_channel_that_hangs() {
        Outbox outbox = outbox(LATER);
        CountDownLatch hangs = new CountDownLatch(1);
        channel.doing(dispatch -> {
            hangs.countDown();
            new CountDownLatch(1).await();
        });
        String id = idOf(outbox.enqueue(message("a")));
        Workers workers =
                opened(outbox.startWorkers(quick().stopWithin(Duration.ZERO).build()));
        await().until(() -> hangs.getCount() == 0);

        workers.close();

        assertThat(delivery(outbox, id).state()).isEqualTo(DEFERRED);
        assertThat(delivery(outbox, id).history())
                .extracting(HistoryEntry::detail)
                .last()
                .asString()
                .contains("before the window");
    }

    @Test
    void health_tells_what_waits() {
        Outbox outbox = outbox(LATER);
        outbox.enqueue(message("a"));
        outbox.enqueue(Message.transactional("b")
                .to("x@example.com")
                .content("text/plain", "x")
                .notBefore(Instant.parse("2100-01-01T00:00:00Z"))
                .build());

        OutboxHealth health = outbox.health();

        assertThat(health.counts()).containsEntry(QUEUED, 1L).containsEntry(SCHEDULED, 1L);
        assertThat(health.oldestDue()).isNotNull().isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(health.nextDue()).isNotNull();
        assertThat(health.clockSkew().abs()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void deliveries_are_listed_in_pages_and_narrowed() {
        Outbox outbox = outbox(LATER);
        List<Message> many =
                IntStream.range(0, 450).mapToObj(n -> message("m" + n)).toList();
        outbox.enqueueAll(many);

        assertThat(outbox.deliveries(DeliveryQuery.all()).map(Delivery::key))
                .containsExactlyElementsOf(many.stream().map(Message::key).toList());
        assertThat(outbox.deliveries(DeliveryQuery.all().key("m17"))).hasSize(1);
        assertThat(outbox.deliveries(DeliveryQuery.all().state(ACCEPTED))).isEmpty();
        assertThat(outbox.deliveries(DeliveryQuery.all().recipient("li@example.com")))
                .hasSize(450);
    }

    @Test
    void F_302_many_workers_of_many_nodes_take_every_row_once() {
        everyRowIsTakenOnce(4, 4, 600);
    }

    @Test
    @Tag("slow")
    void F_302_sixteen_workers_take_ten_thousand_rows_once() {
        everyRowIsTakenOnce(4, 4, 10_000);
    }

    private void everyRowIsTakenOnce(int nodes, int threads, int rows) {
        Outbox outbox = outbox(LATER);
        for (int from = 0; from < rows; from += 500) {
            outbox.enqueueAll(IntStream.range(from, Math.min(rows, from + 500))
                    .mapToObj(n -> message("m" + n))
                    .toList());
        }
        List<Workers> pools = new ArrayList<>();
        for (int n = 0; n < nodes; n++) {
            pools.add(opened(outbox.startWorkers(
                    quick().threads(threads).claimBatch(50).nodeId("node" + n).build())));
        }
        await().atMost(5, TimeUnit.MINUTES).until(() -> channel.taken.size() >= rows);
        pools.forEach(OutboxContract::idle);

        assertThat(channel.takenByKey).hasSize(rows);
        assertThat(channel.takenByKey.values()).containsOnly(1);
        assertThat(outbox.deliveries(DeliveryQuery.all().state(ACCEPTED))).hasSize(rows);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Asia/Shanghai", "America/New_York"})
    void F_306_stored_instants_do_not_depend_on_the_zone_of_the_process(String zone) throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            Outbox outbox = outbox(LATER);
            idOf(outbox.enqueue(Message.transactional("later")
                    .to("li@example.com")
                    .content("text/plain", "x")
                    .notBefore(Instant.parse("2100-03-14T02:30:00.123456Z"))
                    .build()));
            idOf(outbox.enqueue(message("now")));

            assertThat(store.strings("SELECT due_us FROM crm_delivery_queue WHERE state = 'SCHEDULED'"))
                    .containsExactly("4108674600123456");
            assertThat(outbox.health().clockSkew().abs()).isLessThan(Duration.ofMinutes(1));
            start(outbox);
            await().until(() -> channel.takenByKey.containsKey("now"));
            assertThat(channel.takenByKey).doesNotContainKey("later");
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static boolean idle(Workers workers) {
        try {
            return workers.awaitIdle(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void idleFor(Workers workers, Duration time) throws InterruptedException {
        assertThat(workers.node()).isNotEmpty();
        Thread.sleep(time.toMillis());
    }
}

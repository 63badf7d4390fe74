package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the outbox holds when lines break, logs block and destinations die, on whichever database the subclass opens. */
abstract class FaultsContract {
    /** Words that only a claim has. */
    private static final String CLAIM = "lease_us = ?, owner = ?, begun_us = NULL";

    /** Words that only a renewal has. */
    private static final String RENEWAL = "SET lease_us = ? WHERE delivery_id IN";

    private final FakeChannel channel = new FakeChannel();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DeliveryTestStore store;

    abstract DeliveryTestStore open() throws Exception;

    @BeforeEach
    void open_the_store() throws Exception {
        store = open();
    }

    @AfterEach
    void close_everything() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(resource);
        return resource;
    }

    private Outbox outbox(Channel... channels) {
        Outbox.Builder builder = Outbox.builder(store.store())
                .retry(RetryPolicy.defaults().withWaits(Duration.ofHours(1), Duration.ofHours(1)))
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.hold());
        for (Channel each : channels) {
            builder.channel(each);
        }
        return opened(builder.build());
    }

    private static WorkerOptions.Builder quick() {
        return WorkerOptions.builder()
                .threads(2)
                .poll(Duration.ofMillis(20))
                .lease(Duration.ofMillis(600))
                .stopWithin(Duration.ofSeconds(5));
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", "您好, " + key)
                .build();
    }

    private static String idOf(EnqueueAnswer answer) {
        assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
        return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
    }

    private static void awaitState(Outbox outbox, String id, DeliveryState state) {
        await().atMost(20, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(DeliveryException.class)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .untilAsserted(() ->
                        assertThat(outbox.delivery(id).orElseThrow().state()).isEqualTo(state));
    }

    @Test
    void F_201_a_line_that_is_lost_before_the_commit_arrives_is_unknown_and_the_same_key_is_stored_once() {
        Outbox outbox = outbox(channel);
        store.faults().cut("INSERT INTO crm_message", Faults.Cut.BEFORE_COMMIT);

        EnqueueAnswer unknown = outbox.enqueue(message("a"));
        store.faults().mend();
        EnqueueAnswer again = outbox.enqueue(message("a"));
        EnqueueAnswer third = outbox.enqueue(message("a"));

        assertThat(unknown).isInstanceOf(EnqueueAnswer.Unknown.class);
        assertThat(((EnqueueAnswer.Ack) again).duplicate()).isFalse();
        assertThat(((EnqueueAnswer.Ack) third).duplicate()).isTrue();
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Faults.Cut.class)
    void F_205_a_claim_whose_line_is_lost_is_not_owned_and_every_row_is_sent_once(Faults.Cut where) throws Exception {
        Outbox outbox = outbox(channel);
        List<String> ids = IntStream.range(0, 20)
                .mapToObj(n -> idOf(outbox.enqueue(message("m" + n))))
                .toList();
        store.faults().cut(CLAIM, where);
        opened(outbox.startWorkers(quick().build()));
        await().until(() -> outbox.health().workerFailures() >= 1);
        assertThat(channel.attempts).isEmpty();

        store.faults().mend();
        ids.forEach(id -> awaitState(outbox, id, DeliveryState.ACCEPTED));

        assertThat(channel.takenByKey).hasSize(20);
        assertThat(channel.takenByKey.values()).containsOnly(1);
        assertThat(outbox.deliveries(DeliveryQuery.all())).noneMatch(Delivery::possibleDuplicate);
    }

    @Test
    void F_308_a_worker_whose_lease_cannot_be_renewed_sends_nothing_once_another_has_taken_over() {
        Outbox outbox = outbox(channel);
        CountDownLatch stale = new CountDownLatch(1);
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        AtomicInteger calls = new AtomicInteger();
        channel.doing(dispatch -> {
            if (calls.getAndIncrement() == 0) {
                stale.await();
                try {
                    dispatch.beginWindow();
                } catch (LeaseLostException e) {
                    refusal.set(e);
                    throw e;
                }
            }
            channel.accept(dispatch);
        });
        store.faults().cut(RENEWAL, Faults.Cut.STATEMENT);

        String id = idOf(outbox.enqueue(message("a")));
        opened(outbox.startWorkers(quick().build()));
        awaitState(outbox, id, DeliveryState.ACCEPTED);
        stale.countDown();

        await().until(() -> refusal.get() != null);
        assertThat(refusal.get()).hasMessageContaining("nothing was sent");
        assertThat(channel.takenByKey).containsEntry("a", 1);
        assertThat(outbox.delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.ACCEPTED);
        store.faults().mend();
    }

    @Test
    void F_210_a_pool_of_one_connection_that_somebody_holds_rejects_in_time_and_all_goes_on_when_it_is_given_back()
            throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(store.dataSource());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(500);
        HikariDataSource one = opened(new HikariDataSource(config));
        Store narrow = opened(Store.builder(one).build());
        Outbox outbox = opened(Outbox.builder(narrow)
                .channel(channel)
                .retry(RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(20)))
                .build());
        opened(outbox.startWorkers(quick().lease(Duration.ofSeconds(30)).build()));
        await().until(() -> outbox.enqueue(message("before")) instanceof EnqueueAnswer.Ack);
        AtomicReference<Connection> held = new AtomicReference<>();
        await().ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
            held.set(one.getConnection());
            return true;
        });

        EnqueueAnswer meanwhile = outbox.enqueue(message("meanwhile"));
        held.get().close();

        assertThat(meanwhile)
                .isInstanceOfSatisfying(
                        EnqueueAnswer.Reject.class,
                        reject -> assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.STORE_FAILED));
        await().until(() -> outbox.enqueue(message("meanwhile")) instanceof EnqueueAnswer.Ack);
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(channel.takenByKey).containsOnlyKeys("before", "meanwhile"));
        assertThat(channel.takenByKey.values()).containsOnly(1);
    }

    /** Every single look at the host's clock finds it hours away from where the last one did. */
    @Test
    void
            F_304_F_305_a_clock_that_jumps_by_hours_at_every_look_releases_nothing_early_and_repeats_and_keeps_back_nothing()
                    throws Exception {
        AtomicInteger looks = new AtomicInteger();
        int[] hours = {0, 8, -8, 1, -24, 240, -240};
        List<Outbox> outboxes = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            outboxes.add(opened(Outbox.builder(store.store())
                    .channel(channel)
                    .retry(RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(50)))
                    .clock(() -> UtcClock.system()
                            .instant()
                            .plus(Duration.ofHours(hours[looks.getAndIncrement() % hours.length])))
                    .build()));
        }
        channel.doing(dispatch -> {
            if (dispatch.attempt() == 1) {
                dispatch.recipients().forEach(to -> dispatch.record(to, new Outcome.Deferred("451 later", null, null)));
            } else {
                channel.accept(dispatch);
            }
        });
        Instant inFourHours = UtcClock.system().instant().plus(Duration.ofHours(4));
        List<String> scheduled = new ArrayList<>();
        outboxes.forEach(outbox ->
                opened(outbox.startWorkers(quick().lease(Duration.ofSeconds(5)).build())));
        for (int n = 0; n < 60; n++) {
            Outbox outbox = outboxes.get(n % 2);
            outbox.enqueue(Message.transactional("now" + n)
                    .to("li@example.com")
                    .content("text/plain", "x")
                    .expires(inFourHours)
                    .build());
            scheduled.add(idOf(outbox.enqueue(Message.transactional("later" + n)
                    .to("li@example.com")
                    .content("text/plain", "x")
                    .notBefore(inFourHours)
                    .expires(inFourHours.plus(Duration.ofHours(1)))
                    .build())));
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> channel.takenByKey.size() >= 60);
        await().until(() -> outboxes.get(0).health().counts().equals(Map.of(DeliveryState.SCHEDULED, 60L)));

        assertThat(looks.get()).as("the clock was looked at").isGreaterThan(100);
        assertThat(channel.takenByKey.keySet()).allMatch(key -> key.startsWith("now"));
        assertThat(channel.takenByKey.values()).containsOnly(1);
        assertThat(scheduled).allSatisfy(id -> {
            Delivery waits = outboxes.get(0).delivery(id).orElseThrow();
            assertThat(waits.state()).isEqualTo(DeliveryState.SCHEDULED);
            assertThat(waits.nextAttempt()).isEqualTo(Micros.instant(Micros.of(inFourHours)));
        });
        assertThat(outboxes.get(0).deliveries(DeliveryQuery.all()))
                .allSatisfy(delivery -> assertThat(delivery.history())
                        .extracting(HistoryEntry::at)
                        .allSatisfy(at -> assertThat(
                                        Duration.between(at, UtcClock.system().instant())
                                                .abs())
                                .as("dated by the database's clock")
                                .isLessThan(Duration.ofHours(1))));
    }

    @Test
    void F_309_a_proof_counts_by_what_it_says_and_one_from_the_future_is_flagged() {
        Outbox outbox = outbox(channel);
        String id = idOf(outbox.enqueue(message("a")));
        Instant future = Instant.parse("2236-01-01T00:00:00Z");
        Instant past = Instant.parse("1999-01-01T00:00:00Z");

        outbox.settle(id, proof(Confirmation.Verdict.DELIVERED, future));
        outbox.settle(id, proof(Confirmation.Verdict.BOUNCED, past));
        outbox.settle(id, proof(Confirmation.Verdict.ACCEPTED, future));

        Delivery delivery = outbox.delivery(id).orElseThrow();
        assertThat(delivery.state()).isEqualTo(DeliveryState.BOUNCED);
        assertThat(delivery.history().stream()
                        .filter(entry -> entry.evidence() != null)
                        .map(entry -> entry.evidence().at()))
                .containsExactly(future, past, future);
        assertThat(delivery.history().get(1).detail()).contains("dated 2236-01-01T00:00:00Z", "minutes ahead");
        assertThat(delivery.history().get(2).detail()).doesNotContain("ahead");
        assertThat(delivery.history().get(1).at())
                .isBefore(UtcClock.system().instant().plusSeconds(60));
    }

    private static Confirmation proof(Confirmation.Verdict verdict, Instant at) {
        return new Confirmation(verdict, new Evidence("mx.example.com", verdict.name(), null, at), "report", "a DSN");
    }

    @Test
    void F_213_half_of_the_backlog_for_a_dead_destination_does_not_hold_up_the_other_half() {
        Set<String> attempted = ConcurrentHashMap.newKeySet();
        AtomicInteger attempts = new AtomicInteger();
        Channel dead = new Channel() {
            @Override
            public String name() {
                return "dead";
            }

            @Override
            public EnqueueAnswer.@Nullable Reject validate(Message message) {
                return null;
            }

            @Override
            public void send(Dispatch dispatch) throws Exception {
                attempts.incrementAndGet();
                attempted.add(dispatch.message().key());
                throw new IOException("connection refused");
            }
        };
        Outbox outbox = outbox(channel, dead);
        List<Message> messages = new ArrayList<>();
        for (int n = 0; n < 300; n++) {
            messages.add(Message.transactional("dead" + n)
                    .channel("dead")
                    .to("li@example.com")
                    .content("text/plain", "x")
                    .build());
            messages.add(message("good" + n));
        }
        outbox.enqueueAll(messages);
        opened(outbox.startWorkers(quick().lease(Duration.ofSeconds(30)).build()));

        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThat(outbox.health().counts()).isEqualTo(Map.of(DeliveryState.DEFERRED, 300L)));

        assertThat(channel.takenByKey).hasSize(300);
        assertThat(attempted).hasSize(300);
        assertThat(attempts).as("each was tried once and waits").hasValue(300);
    }

    @Test
    void F_212_an_urgent_message_is_not_behind_a_large_backlog_and_only_few_rows_are_in_hand() throws Exception {
        Outbox outbox = outbox(channel);
        outbox.enqueueAll(IntStream.range(0, 40)
                .mapToObj(n -> Message.transactional("backlog" + n)
                        .priority(Priority.LOW)
                        .to("li@example.com")
                        .content("text/plain", "x")
                        .build())
                .toList());
        for (int n = 0; n < 10; n++) {
            doubleTheRows(n);
        }
        long backlog = outbox.health().due();
        assertThat(backlog).isEqualTo(40 * 1024);
        AtomicInteger takenBefore = new AtomicInteger(-1);
        AtomicReference<List<String>> inHand = new AtomicReference<>();
        CountDownLatch working = new CountDownLatch(3);
        channel.doing(dispatch -> {
            if (dispatch.message().key().equals("urgent")) {
                takenBefore.set(channel.taken.size());
                inHand.set(store.strings("SELECT COUNT(*) FROM crm_delivery_queue WHERE lease_us > 0"));
            }
            working.countDown();
            channel.accept(dispatch);
        });
        Workers workers = outbox.startWorkers(
                quick().lease(Duration.ofSeconds(30)).claimBatch(16).build());
        working.await();
        String urgent = idOf(outbox.enqueue(message("urgent")));
        awaitState(outbox, urgent, DeliveryState.ACCEPTED);
        workers.close();

        assertThat(takenBefore.get()).isBetween(0, (int) (backlog / 10));
        assertThat(Integer.parseInt(inHand.get().get(0))).isLessThanOrEqualTo(32 + 3);
    }

    /** Each row once more, with another character at the end of its id. */
    private void doubleTheRows(int n) throws Exception {
        String longer = store.store().engine().equals("mariadb") ? "CONCAT(%s, '" + n + "')" : "%s || '" + n + "'";
        store.execute(
                "INSERT INTO crm_delivery (id, message_id, ordinal, recipient, created_us, fence, attempts, doubts,"
                        + " repeats) SELECT " + String.format(Locale.ROOT, longer, "id")
                        + ", message_id, ordinal, recipient, created_us, 0, 0, 0, 0"
                        + " FROM crm_delivery");
        store.execute("INSERT INTO crm_delivery_queue (delivery_id, lane, due_us, lease_us, fence, state, attempts,"
                + " doubts, repeats, stumbles, crashes) SELECT " + String.format(Locale.ROOT, longer, "delivery_id")
                + ", lane, due_us, 0, 0, state, 0, 0, 0, 0, 0 FROM crm_delivery_queue");
    }

    @Test
    void F_911_a_log_that_blocks_holds_up_no_delivery() throws Exception {
        Outbox outbox = outbox(channel);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PrintStream before = System.err;
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        blocked.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8));
        try {
            opened(outbox.startWorkers(quick().build()));
            store.faults().refuseConnections(true);
            blocked.await();
            store.faults().refuseConnections(false);

            String id = idOf(outbox.enqueue(message("a")));
            awaitState(outbox, id, DeliveryState.ACCEPTED);

            assertThat(release.getCount()).as("the log still blocks").isEqualTo(1);
            assertThat(channel.takenByKey).containsEntry("a", 1);
        } finally {
            System.setErr(before);
            release.countDown();
        }
    }
}

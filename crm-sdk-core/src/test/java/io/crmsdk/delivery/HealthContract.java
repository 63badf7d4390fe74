package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an outbox says of itself when something is wrong, on whichever database the subclass opens. */
abstract class HealthContract {
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

    private Outbox outbox(DeliveryListener... listeners) {
        Outbox.Builder builder = Outbox.builder(store.store())
                .channel(channel)
                .retry(RetryPolicy.defaults().withWaits(Duration.ofHours(1), Duration.ofHours(1)))
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.hold());
        for (DeliveryListener listener : listeners) {
            builder.listener(listener);
        }
        Outbox outbox = builder.build();
        opened.add(outbox);
        return outbox;
    }

    private Workers start(Outbox outbox, Duration lease) {
        Workers workers = outbox.startWorkers(WorkerOptions.builder()
                .threads(1)
                .poll(Duration.ofMillis(20))
                .lease(lease)
                .stopWithin(Duration.ofSeconds(5))
                .build());
        opened.add(workers);
        return workers;
    }

    private static String enqueue(Outbox outbox, String key) {
        EnqueueAnswer answer = outbox.enqueue(Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", key)
                .build());
        return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
    }

    private static List<String> codes(Outbox outbox, HealthLimits limits) {
        return outbox.health().findings(limits).stream()
                .map(HealthFinding::code)
                .toList();
    }

    @Test
    void a_sound_outbox_has_no_findings() {
        Outbox outbox = outbox();
        enqueue(outbox, "a");
        Workers workers = start(outbox, Duration.ofSeconds(30));

        await().untilAsserted(() -> assertThat(outbox.health().counts()).isEmpty());

        assertThat(codes(outbox, HealthLimits.defaults())).isEmpty();
        assertThat(outbox.health().workers()).singleElement().satisfies(worker -> {
            assertThat(worker.node()).isEqualTo(workers.node());
            assertThat(worker.lease()).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void what_is_due_for_too_long_is_found_with_its_cause() throws Exception {
        Outbox outbox = outbox();
        enqueue(outbox, "a");
        store.execute("UPDATE crm_delivery_queue SET due_us = due_us - 3600000000");

        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("OLDEST_DUE");
                    assertThat(finding.what()).contains("PT1H", "no worker is running");
                });
        assertThat(outbox.health().due()).isEqualTo(1);

        outbox.operations("eva").pause("moving");
        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .extracting(HealthFinding::code)
                .containsExactlyInAnyOrder("PAUSED", "OLDEST_DUE");
        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .anySatisfy(finding -> assertThat(finding.what()).contains("the outbox is paused"));
    }

    @Test
    void a_worker_that_is_silent_is_named_with_what_it_holds_and_its_leases_when_they_end() throws Exception {
        Outbox outbox = outbox();
        enqueue(outbox, "a");
        store.execute("INSERT INTO crm_delivery_node (owner, node_id, machine, pid, process_start, started_us, seen_us,"
                + " lease_us) VALUES ('far#1', 'far', 'elsewhere', 1, 1, 1, 1, 30000000)");
        store.execute("UPDATE crm_delivery_queue SET owner = 'far#1', lease_us = 4000000000000000");

        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("WORKER_SILENT");
                    assertThat(finding.what()).contains("far#1", "holds 1 deliveries");
                });

        store.execute("UPDATE crm_delivery_queue SET lease_us = 1");
        assertThat(codes(outbox, HealthLimits.defaults())).contains("WORKER_SILENT", "LEASES_EXPIRED");
    }

    @Test
    void an_attempt_that_waits_for_its_answer_for_too_long_is_found() throws Exception {
        Outbox outbox = outbox();
        CountDownLatch inWindow = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            inWindow.countDown();
            go.await();
            channel.yes(dispatch);
        });
        enqueue(outbox, "a");
        start(outbox, Duration.ofSeconds(30));
        inWindow.await();

        // Not at once: the database's clock may show the same millisecond still.
        await().untilAsserted(() -> assertThat(
                        codes(outbox, HealthLimits.defaults().withWindow(Duration.ZERO)))
                .containsExactly("WINDOW_STUCK"));
        assertThat(codes(outbox, HealthLimits.defaults())).isEmpty();
        go.countDown();
        await().untilAsserted(() -> assertThat(outbox.health().oldestWindow()).isNull());
    }

    @Test
    void what_is_in_doubt_and_held_is_counted_apart_from_what_is_stranded() throws Exception {
        Outbox outbox = outbox();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        enqueue(outbox, "a");
        start(outbox, Duration.ofSeconds(30));
        await().untilAsserted(() -> assertThat(outbox.health().held()).isEqualTo(1));
        assertThat(codes(outbox, HealthLimits.defaults())).containsExactly("HELD");

        store.execute("UPDATE crm_delivery_queue SET state = 'DEFERRED'");

        assertThat(outbox.health().stranded()).isEqualTo(1);
        assertThat(outbox.health().held()).isZero();
        assertThat(outbox.health().findings(HealthLimits.defaults()).get(0).code())
                .isEqualTo("STRANDED");
    }

    @Test
    void what_waits_for_its_turn_for_too_long_is_found_with_the_one_that_it_waits_for() throws Exception {
        Outbox outbox = outbox();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        List<String> ids = new ArrayList<>();
        for (String key : List.of("first", "second")) {
            ids.add(((EnqueueAnswer.Ack) outbox.enqueue(Message.transactional(key)
                            .to("li@example.com")
                            .content("text/plain", key)
                            .orderingKey("order-4711")
                            .build()))
                    .deliveryIds()
                    .get(0));
        }
        start(outbox, Duration.ofSeconds(30));
        await().until(() -> outbox.health().held() == 1);
        assertThat(codes(outbox, HealthLimits.defaults())).containsExactly("HELD");
        assertThat(outbox.health().oldestWaiting()).isNotNull();

        store.execute("UPDATE crm_delivery_queue SET due_us = due_us - 7200000000 WHERE state = 'WAITING'");

        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .filteredOn(finding -> finding.code().equals("WAITING_LONG"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.what()).contains("PT2H", ids.get(0) + ", which is UNCONFIRMED"));
        assertThat(codes(outbox, HealthLimits.defaults().withWaiting(Duration.ofHours(3))))
                .containsExactly("HELD");
    }

    @Test
    void a_channel_that_sends_nothing_says_why() {
        Outbox outbox = outbox();
        channel.pausedFor = "SMTP_LOGIN: 535 5.7.8 bad password";

        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("CHANNEL_PAUSED");
                    assertThat(finding.what()).contains("fake", "SMTP_LOGIN");
                });
    }

    @Test
    void clocks_that_are_apart_are_found_with_their_distance() {
        Outbox outbox = Outbox.builder(store.store())
                .channel(channel)
                .clock(() -> UtcClock.system().instant().minus(Duration.ofHours(8)))
                .build();
        opened.add(outbox);

        assertThat(outbox.health().findings(HealthLimits.defaults()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo("CLOCK_SKEW");
                    assertThat(finding.what()).containsPattern("PT(8H|7H59M)");
                });
    }

    @Test
    void F_209_a_store_that_forgot_what_this_process_had_committed_is_noticed_and_nothing_is_claimed_from_it()
            throws Exception {
        Outbox outbox = outbox();
        start(outbox, Duration.ofMillis(300));
        await().untilAsserted(() -> assertThat(outbox.health().workers()).hasSize(1));

        store.execute("UPDATE crm_delivery_node SET seen_us = seen_us - 60000000");
        await().untilAsserted(() -> assertThat(outbox.health().wentBack()).isTrue());
        Thread.sleep(100); // five polls
        String id = enqueue(outbox, "a");
        Thread.sleep(100);

        assertThat(codes(outbox, HealthLimits.defaults())).contains("STORE_WENT_BACK");
        assertThat(outbox.delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.QUEUED);
        assertThat(channel.attempts).isEmpty();
    }

    @Test
    void a_pool_that_only_lives_on_sees_no_store_that_went_back() throws Exception {
        Outbox outbox = Outbox.builder(store.store())
                .channel(channel)
                .retry(RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(20)))
                .build();
        opened.add(outbox);
        // Several heartbeats, at a third of the lease each.
        start(outbox, Duration.ofMillis(600));
        for (int n = 0; n < 40; n++) {
            enqueue(outbox, "m" + n);
            Thread.sleep(20);
        }
        // One that was put off, since the machine was busy for longer than the lease, goes soon.
        await().untilAsserted(() -> assertThat(outbox.health().counts()).isEmpty());

        assertThat(outbox.health().wentBack()).isFalse();
    }

    @Test
    void a_watchdog_says_once_when_something_begins_and_once_when_it_is_over() {
        List<String> heard = new CopyOnWriteArrayList<>();
        Outbox outbox = outbox(new DeliveryListener() {
            @Override
            public void onFinding(HealthFinding finding) {
                heard.add("+" + finding.code());
            }

            @Override
            public void onFindingOver(HealthFinding finding) {
                heard.add("-" + finding.code());
            }
        });
        outbox.watch(HealthLimits.defaults(), Duration.ofMillis(5));
        outbox.operations("eva").pause("moving");
        await().untilAsserted(() -> assertThat(heard).containsExactly("+PAUSED"));
        store.faults().refuseConnections(true);
        await().untilAsserted(() -> assertThat(heard).containsExactly("+PAUSED", "+STORE_UNREADABLE"));
        store.faults().refuseConnections(false);
        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("+PAUSED", "+STORE_UNREADABLE", "-STORE_UNREADABLE"));
        outbox.operations("eva").resume("moved");

        await().untilAsserted(() ->
                assertThat(heard).containsExactly("+PAUSED", "+STORE_UNREADABLE", "-STORE_UNREADABLE", "-PAUSED"));
    }

    @Test
    void a_backlog_that_grows_from_look_to_look_is_found_and_one_that_shrinks_is_not() {
        Outbox outbox = outbox();
        List<String> heard = new CopyOnWriteArrayList<>();
        Notifier notifier = new Notifier(List.of(new DeliveryListener() {
            @Override
            public void onFinding(HealthFinding finding) {
                heard.add("+" + finding.code());
            }

            @Override
            public void onFindingOver(HealthFinding finding) {
                heard.add("-" + finding.code());
            }
        }));
        try (Watchdog watchdog = new Watchdog(outbox::health, notifier, HealthLimits.defaults(), Duration.ofHours(1))) {
            for (int look = 0; look < 10; look++) {
                for (int n = 0; n < 12; n++) {
                    enqueue(outbox, look + "/" + n);
                }
                watchdog.look();
            }
            await().untilAsserted(() -> assertThat(heard).containsExactly("+BACKLOG_GROWING"));
            watchdog.look();
        }

        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(heard).containsExactly("+BACKLOG_GROWING", "-BACKLOG_GROWING"));
        notifier.stop();
    }

    @Test
    void F_612_what_was_accepted_and_never_confirmed_stays_accepted_and_is_listed_since_when() throws Exception {
        Outbox outbox = outbox();
        String old = enqueue(outbox, "old");
        String confirmed = enqueue(outbox, "confirmed");
        start(outbox, Duration.ofSeconds(30));
        await().untilAsserted(() -> assertThat(outbox.health().counts()).isEmpty());
        outbox.settle(
                confirmed,
                new Confirmation(
                        Confirmation.Verdict.DELIVERED, FakeChannel.reply("250 delivered"), "report", "a DSN"));
        store.execute("UPDATE crm_delivery SET state_us = state_us - 259200000000");
        String fresh = enqueue(outbox, "fresh");
        await().until(() -> outbox.delivery(fresh).orElseThrow().state() == DeliveryState.ACCEPTED);

        DeliveryQuery unconfirmed = DeliveryQuery.all()
                .state(DeliveryState.ACCEPTED)
                .endedBefore(UtcClock.system().instant().minus(Duration.ofDays(2)));

        assertThat(outbox.deliveries(unconfirmed)).extracting(Delivery::id).containsExactly(old);
        assertThat(outbox.deliveries(DeliveryQuery.all().state(DeliveryState.DELIVERED)))
                .hasSize(1);
    }
}

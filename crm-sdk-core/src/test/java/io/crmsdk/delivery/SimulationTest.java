package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Databases.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes, a server and a store that fail at random, people who unsubscribe meanwhile; judged by the books of the server.
 *
 * <p>The seed fixes what is done, not how threads interleave; a failure names it.
 */
class SimulationTest {
    private static final int MESSAGES = 120;
    private static final Set<DeliveryState> SURELY_NOT_TAKEN = Set.of(
            DeliveryState.QUEUED,
            DeliveryState.DEFERRED,
            DeliveryState.FAILED,
            DeliveryState.SUPPRESSED,
            DeliveryState.EXPIRED,
            DeliveryState.DEAD);

    @TempDir
    Path directory;

    private final FakeChannel channel = new FakeChannel();
    private final FakeConsent consent = new FakeConsent();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatever_fails_the_books_agree_with_the_words(long seed) throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.SQLITE, directory)) {
            simulate(seed, store);
        }
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(longs = {11, 12, 13, 14})
    void the_same_on_a_server(long seed) throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.POSTGRESQL, directory)) {
            simulate(seed, store);
        }
    }

    private void simulate(long seed, DeliveryTestStore store) throws Exception {
        Random random = new Random(seed);
        channel.doing(dispatch ->
                misbehave(dispatch, new Random(seed ^ dispatch.messageId().hashCode() ^ dispatch.attempt())));
        List<Outbox> nodes = List.of(node(store, Duration.ofMinutes(-10)), node(store, Duration.ofHours(8)));
        List<Workers> pools = new ArrayList<>();
        for (Outbox node : nodes) {
            pools.add(start(node));
        }
        for (int n = 0; n < MESSAGES; n++) {
            enqueue(nodes.get(n % 2), n, random);
            disturb(random, store, nodes, pools);
        }
        store.faults().refuseConnections(false);
        store.faults().loseCommitAnswers(0);
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptions()
                .until(() -> nodes.get(0).health().nextDue() == null
                        && nodes.stream().allMatch(node -> node.health().unrecorded() == 0));
        nodes.forEach(Outbox::close);

        judge(nodes.get(0), seed);
    }

    private Outbox node(DeliveryTestStore store, Duration skew) {
        InstantSource wrong = InstantSource.offset(InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z")), skew);
        return Outbox.builder(store.store())
                .channel(channel)
                .consent(consent)
                .clock(wrong)
                .retry(RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(20)))
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofMillis(5)))
                .build();
    }

    private static Workers start(Outbox node) {
        return node.startWorkers(WorkerOptions.builder()
                .threads(3)
                .lease(Duration.ofMillis(400))
                .poll(Duration.ofMillis(10))
                .stopWithin(Duration.ofMillis(100))
                .build());
    }

    private void enqueue(Outbox node, int n, Random random) {
        String key = "m" + n;
        Message.Builder builder = n % 2 == 0 ? Message.transactional(key) : Message.marketing(key, "EMAIL/coupons");
        Message message =
                builder.to("p" + n + "@example.com").content("text/plain", key).build();
        EnqueueAnswer answer = node.enqueue(message);
        while (!(answer instanceof EnqueueAnswer.Ack)) {
            answer = node.enqueue(message);
        }
        acknowledged.add(key);
        if (random.nextInt(5) == 0) {
            consent.optedOut.add("p" + random.nextInt(n + 1) + "@example.com");
        }
    }

    private void misbehave(Dispatch dispatch, Random random) throws Exception {
        if (random.nextInt(6) == 0) {
            throw new IOException("connection refused");
        }
        List<DispatchRecipient> before = dispatch.recipients();
        boolean gone = before.stream().allMatch(to -> consent.optedOut.contains(to.address()));
        Thread.sleep(random.nextInt(5));
        dispatch.beginWindow();
        if (gone && dispatch.message().kind() == MessageKind.MARKETING) {
            violations.add(dispatch.message().key() + " entered its window after the unsubscribe had returned");
        }
        int course = random.nextInt(12);
        if (course == 0) {
            throw new IOException("cut before the server took it");
        }
        if (course == 1) {
            dispatch.recipients()
                    .forEach(to -> dispatch.record(to, new Outcome.Refused("no", FakeChannel.reply("550 no"))));
            return;
        }
        if (course == 2) {
            dispatch.recipients()
                    .forEach(to ->
                            dispatch.record(to, new Outcome.Deferred("busy", FakeChannel.reply("451 busy"), null)));
            return;
        }
        channel.take(dispatch);
        if (course == 3) {
            throw new IOException("cut after the server took it");
        }
        Thread.sleep(random.nextInt(5));
        channel.yes(dispatch);
    }

    private void disturb(Random random, DeliveryTestStore store, List<Outbox> nodes, List<Workers> pools)
            throws Exception {
        switch (random.nextInt(12)) {
            case 0 -> store.faults().loseCommitAnswers(1 + random.nextInt(3));
            case 1 -> {
                store.faults().refuseConnections(true);
                Thread.sleep(random.nextInt(30));
                store.faults().refuseConnections(false);
            }
            case 2 -> endLeases(store);
            case 3 -> {
                int n = random.nextInt(2);
                pools.get(n).close();
                pools.set(n, start(nodes.get(n)));
            }
            default -> Thread.sleep(random.nextInt(10));
        }
    }

    /** Walks over all rows in no order of ids, so it may be the one that a deadlock throws out. */
    private static void endLeases(DeliveryTestStore store) throws SQLException {
        try {
            store.execute("UPDATE crm_delivery_queue SET lease_us = 1 WHERE lease_us > 0");
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("40")) {
                throw e;
            }
        }
    }

    private void judge(Outbox outbox, long seed) {
        List<String> lies = new ArrayList<>(violations);
        Set<String> listed = ConcurrentHashMap.newKeySet();
        outbox.deliveries(DeliveryQuery.all()).forEach(delivery -> {
            listed.add(delivery.key());
            int taken = channel.takenByKey.getOrDefault(delivery.key(), 0);
            boolean lie = (delivery.state() == DeliveryState.ACCEPTED && taken == 0)
                    || (SURELY_NOT_TAKEN.contains(delivery.state()) && taken > 0)
                    || delivery.state() == DeliveryState.SENDING
                    || (taken > 1 && !delivery.possibleDuplicate())
                    || taken > 2;
            if (lie) {
                lies.add(delivery + " but the server took it " + taken + " times: " + delivery.history());
            }
        });

        assertThat(lies).as("seed " + seed).isEmpty();
        assertThat(listed).as("seed " + seed).containsAll(acknowledged);
    }
}

package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Databases.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mark that is written before a worker has the message must not change. */
abstract class MarkingAheadContract {
    @TempDir
    Path folder;

    private final FakeChannel channel = new FakeChannel();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private DeliveryTestStore store;
    private Outbox outbox;

    abstract Kind kind();

    @BeforeEach
    void open() throws Exception {
        store = DeliveryTestStore.empty(kind(), folder);
        outbox = builder().build();
    }

    @AfterEach
    void close() {
        if (store != null) {
            outbox.close();
            store.close();
        }
    }

    private Outbox.Builder builder() {
        return Outbox.builder(store.store()).channel(channel).listener(new DeliveryListener() {
            @Override
            public void onChange(DeliveryChange change) {
                told.add(change.key() + " " + change.state());
            }
        });
    }

    private List<String> enqueue(int count) {
        List<Message> messages = IntStream.range(0, count)
                .mapToObj(n -> Message.transactional("m-" + n)
                        .to("li@example.com")
                        .content("text/plain", "您好")
                        .build())
                .toList();
        List<String> ids = new ArrayList<>();
        for (EnqueueAnswer answer : outbox.enqueueAll(messages)) {
            ids.addAll(((EnqueueAnswer.Ack) answer).deliveryIds());
        }
        return ids;
    }

    private Workers start(int threads) {
        return outbox.startWorkers(WorkerOptions.builder()
                .threads(threads)
                .poll(Duration.ofMillis(20))
                .stopWithin(Duration.ofMillis(200))
                .build());
    }

    private int sending() throws SQLException {
        return store.strings("SELECT delivery_id FROM crm_delivery_queue WHERE state = 'SENDING'")
                .size();
    }

    private boolean isMarked(String id) throws SQLException {
        return !store.strings("SELECT 1 FROM crm_delivery_queue WHERE state = 'SENDING' AND begun_us IS NOT NULL"
                        + " AND delivery_id = '" + id + "'")
                .isEmpty();
    }

    /** The first is accepted, and its worker returns only when the second has its mark, which then gets what is given here. */
    private void secondMeets(List<String> ids, FakeChannel.Script second) {
        channel.doing(dispatch -> {
            if (dispatch.message().key().equals("m-0")) {
                channel.accept(dispatch);
                await().until(() -> isMarked(ids.get(1)));
            } else {
                second.run(dispatch);
            }
        });
    }

    private List<DeliveryState> history(String id) {
        return outbox.delivery(id).orElseThrow().history().stream()
                .map(HistoryEntry::state)
                .toList();
    }

    @Test
    void one_message_a_worker_and_64_at_most_are_marked_and_unwritten_at_any_moment_and_each_is_sent_once()
            throws Exception {
        int threads = 4;
        AtomicInteger most = new AtomicInteger();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            most.accumulateAndGet(sending(), Math::max);
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        enqueue(600);

        assertThat(start(threads).awaitIdle(Duration.ofMinutes(1))).isTrue();

        assertThat(most.get()).isGreaterThan(threads).isLessThanOrEqualTo(threads + 64);
        assertThat(channel.takenByKey)
                .hasSize(600)
                .allSatisfy((key, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void a_refusal_before_the_window_of_what_was_marked_ahead_says_nothing_of_a_window() throws Exception {
        List<String> ids = enqueue(2);
        secondMeets(
                ids,
                dispatch -> dispatch.record(
                        dispatch.recipients().get(0),
                        new Outcome.Refused("no such user", FakeChannel.reply("550 5.1.1 no such user"))));

        assertThat(start(1).awaitIdle(Duration.ofSeconds(30))).isTrue();

        assertThat(history(ids.get(1))).containsExactly(DeliveryState.QUEUED, DeliveryState.FAILED);
        outbox.close();
        assertThat(told).contains("m-0 SENDING", "m-1 FAILED").doesNotContain("m-1 SENDING");
    }

    @Test
    void what_breaks_before_the_window_of_what_was_marked_ahead_is_deferred_and_surely_not_sent() throws Exception {
        List<String> ids = enqueue(2);
        secondMeets(ids, dispatch -> {
            throw new IOException("connection refused");
        });
        start(1);

        await().until(() -> outbox.delivery(ids.get(1)).orElseThrow().state() == DeliveryState.DEFERRED);

        assertThat(history(ids.get(1))).containsExactly(DeliveryState.QUEUED, DeliveryState.DEFERRED);
        assertThat(isMarked(ids.get(1))).isFalse();
    }

    @Test
    void a_window_that_began_under_a_mark_written_ahead_stands_in_the_history_and_is_told() throws Exception {
        List<String> ids = enqueue(2);
        secondMeets(ids, channel::accept);

        assertThat(start(1).awaitIdle(Duration.ofSeconds(30))).isTrue();

        assertThat(history(ids.get(1)))
                .containsExactly(DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.ACCEPTED);
        outbox.close();
        assertThat(told.stream().filter(line -> line.startsWith("m-1"))).containsExactly("m-1 SENDING", "m-1 ACCEPTED");
    }

    @Test
    void what_consent_decides_is_never_marked_ahead() throws Exception {
        outbox.close();
        outbox = builder().consent(new FakeConsent()).build();
        List<String> ids = enqueue(2);
        List<Boolean> marked = new ArrayList<>();
        channel.doing(dispatch -> {
            channel.accept(dispatch);
            if (dispatch.message().key().equals("m-0")) {
                await().until(() -> outbox.delivery(ids.get(0)).orElseThrow().state() == DeliveryState.ACCEPTED);
                marked.add(isMarked(ids.get(1)));
            }
        });

        assertThat(start(1).awaitIdle(Duration.ofSeconds(30))).isTrue();

        assertThat(marked).containsExactly(false);
        assertThat(channel.takenByKey).isEqualTo(Map.of("m-0", 1, "m-1", 1));
    }

    @Test
    void a_stop_gives_back_what_was_marked_ahead_although_every_worker_is_stuck() throws Exception {
        List<String> ids = enqueue(2);
        CountDownLatch marked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        channel.doing(dispatch -> {
            channel.accept(dispatch);
            await().until(() -> isMarked(ids.get(1)));
            marked.countDown();
            never.await();
        });
        Workers workers = start(1);
        marked.await();

        workers.close();

        assertThat(outbox.delivery(ids.get(1)).orElseThrow().state()).isEqualTo(DeliveryState.QUEUED);
        assertThat(history(ids.get(1))).doesNotContain(DeliveryState.SENDING);
    }
}

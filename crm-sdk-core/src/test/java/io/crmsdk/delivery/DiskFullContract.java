package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the outbox promises of a store whose disk is full. */
abstract class DiskFullContract {
    @TempDir
    Path folder;

    /** A database on a disk that has room. */
    abstract DataSource open() throws Exception;

    /** Leaves no room on its disk. */
    abstract void fill() throws Exception;

    /** Gives the room back. */
    abstract void free() throws Exception;

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", "x".repeat(3000))
                .build();
    }

    @Test
    void F_111_a_full_disk_rejects_with_its_cause_acknowledges_nothing_and_goes_on_by_itself_when_there_is_room()
            throws Exception {
        FakeChannel channel = new FakeChannel();
        CountDownLatch inWindow = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(1);
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            inWindow.countDown();
            full.await();
            channel.take(dispatch);
            channel.yes(dispatch);
        });
        List<String> acknowledged = new ArrayList<>();
        try (Store store = Store.builder(open()).build();
                Outbox outbox = Outbox.builder(store).channel(channel).build();
                Workers workers = outbox.startWorkers(WorkerOptions.builder()
                        .threads(1)
                        .poll(Duration.ofMillis(20))
                        .build())) {
            acknowledged.add(key(outbox.enqueue(message("before"))));
            inWindow.await();

            fill();
            EnqueueAnswer answer = outbox.enqueue(message("0"));
            for (int n = 1; answer instanceof EnqueueAnswer.Ack; n++) {
                acknowledged.add(key(answer)); // into pages that were free
                answer = outbox.enqueue(message("" + n));
            }
            full.countDown();

            assertThat(answer).isInstanceOfSatisfying(EnqueueAnswer.Reject.class, reject -> {
                assertThat(reject.code()).isEqualTo(EnqueueAnswer.Reject.STORE_FAILED);
                assertThat(reject.message()).matches("(?is).*(full|space|53100).*");
            });
            free();
            acknowledged.add(key(outbox.enqueue(message("after"))));
            await().atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(channel.takenByKey.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged));
            await().until(() -> workers.awaitIdle(Duration.ofSeconds(1)));

            assertThat(outbox.deliveries(DeliveryQuery.all()))
                    .allMatch(delivery -> delivery.state() == DeliveryState.ACCEPTED)
                    .hasSize(acknowledged.size());
            assertThat(channel.takenByKey.values()).containsOnly(1);
        }
    }

    private static String key(EnqueueAnswer answer) {
        assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
        return answer.key();
    }
}

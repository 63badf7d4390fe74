package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose backend is killed throws out every connection, recovers from its log and comes back. */
@Tag("slow")
class PostgresqlRestartTest {
    private static final int MESSAGES = 200;
    private static final int CRASHES = 5;

    @TempDir
    Path folder;

    private final FakeChannel channel = new FakeChannel();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private void enqueueAll(Outbox outbox) {
        for (int n = 0; n < MESSAGES; n++) {
            Message message = Message.transactional("m" + n)
                    .to("li@example.com")
                    .content("text/plain", "x")
                    .build();
            while (!(outbox.enqueue(message) instanceof EnqueueAnswer.Ack)) {
                pause();
            }
            acknowledged.add(message.key());
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the process of one connection; the postmaster then ends all others and starts anew. */
    private static void crash(DeliveryTestStore store) {
        await().atMost(60, TimeUnit.SECONDS)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    List<String> pid = store.strings("SELECT pg_backend_pid()");
                    return ProcessHandle.of(Long.parseLong(pid.get(0)))
                            .map(ProcessHandle::destroyForcibly)
                            .orElse(false);
                });
    }

    @Test
    void F_208_after_each_crash_of_the_database_all_workers_come_back_and_nothing_is_lost_or_sent_twice()
            throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.POSTGRESQL, folder);
                Outbox outbox = Outbox.builder(store.store())
                        .channel(channel)
                        .retry(RetryPolicy.defaults().withWaits(Duration.ofMillis(1), Duration.ofMillis(20)))
                        .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.hold())
                        .build();
                Workers workers = outbox.startWorkers(WorkerOptions.builder()
                        .threads(3)
                        .poll(Duration.ofMillis(50))
                        .lease(Duration.ofSeconds(2))
                        .build())) {
            // The server recovers from what was written since; other tests may have written a lot.
            store.execute("CHECKPOINT");
            Thread host = new Thread(() -> enqueueAll(outbox));
            host.start();
            for (int n = 0; n < CRASHES; n++) {
                Thread.sleep(200);
                crash(store);
            }
            host.join();
            await().atMost(90, TimeUnit.SECONDS)
                    .ignoreExceptionsInstanceOf(DeliveryException.class)
                    .until(() -> outbox.health().nextDue() == null
                            && outbox.health().unrecorded() == 0
                            && workers.awaitIdle(Duration.ofSeconds(1)));

            List<Delivery> all = outbox.deliveries(DeliveryQuery.all()).toList();
            assertThat(acknowledged).hasSize(MESSAGES);
            assertThat(all).extracting(Delivery::key).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(all).allSatisfy(delivery -> {
                assertThat(delivery.state()).isIn(DeliveryState.ACCEPTED, DeliveryState.UNCONFIRMED);
                if (delivery.state() == DeliveryState.ACCEPTED) {
                    assertThat(channel.takenByKey).containsEntry(delivery.key(), 1);
                }
            });
            assertThat(outbox.health().workerFailures())
                    .as("loops wait longer and longer while the server is away")
                    .isLessThan(CRASHES * 40L);
        }
    }
}

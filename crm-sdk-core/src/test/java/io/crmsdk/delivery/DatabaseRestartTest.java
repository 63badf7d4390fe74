package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.OwnServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that is stopped or killed throws out every connection, recovers from its log and comes back. */
@Tag("slow")
class DatabaseRestartTest {
    /** {@code -Dcrmsdk.restarts=10} for the long run. */
    private static final int RESTARTS = Integer.getInteger("crmsdk.restarts", 4);

    private static final int AT_LEAST = 10;

    @TempDir
    Path folder;

    private final FakeChannel channel = new FakeChannel();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean enough = new AtomicBoolean();

    private void enqueueUntilEnough(Outbox outbox) {
        for (int n = 0; !enough.get(); n++) {
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

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"POSTGRESQL", "MARIADB"})
    void F_208_after_each_stop_and_each_crash_of_the_database_all_workers_come_back_and_nothing_is_lost_or_sent_twice(
            Kind kind) throws Exception {
        try (OwnServer server = Databases.ownServer(kind, folder);
                DeliveryTestStore store = DeliveryTestStore.on(server.database());
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
            Thread host = new Thread(() -> enqueueUntilEnough(outbox));
            host.start();
            for (int n = 0; n < RESTARTS; n++) {
                int before = channel.takenByKey.size();
                await().atMost(90, TimeUnit.SECONDS)
                        .until(() -> channel.takenByKey.size() >= before + AT_LEAST); // it is at work again
                server.stop(n % 2 == 0);
                server.start();
            }
            enough.set(true);
            host.join();
            await().atMost(90, TimeUnit.SECONDS)
                    .ignoreExceptionsInstanceOf(DeliveryException.class)
                    .until(() -> outbox.health().nextDue() == null
                            && outbox.health().unrecorded() == 0
                            && workers.awaitIdle(Duration.ofSeconds(1)));

            List<Delivery> all = outbox.deliveries(DeliveryQuery.all()).toList();
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(RESTARTS * AT_LEAST);
            assertThat(all).extracting(Delivery::key).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(all).allSatisfy(delivery -> {
                assertThat(delivery.state()).isIn(DeliveryState.ACCEPTED, DeliveryState.UNCONFIRMED);
                if (delivery.state() == DeliveryState.ACCEPTED) {
                    assertThat(channel.takenByKey).containsEntry(delivery.key(), 1);
                }
            });
            assertThat(outbox.health().workerFailures())
                    .as("loops wait longer and longer while the server is away")
                    .isLessThan(RESTARTS * 40L);
        }
    }
}

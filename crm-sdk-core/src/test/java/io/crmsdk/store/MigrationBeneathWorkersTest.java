package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.followup.CustomerZone;
import io.crmsdk.followup.Delay;
import io.crmsdk.followup.FollowUp;
import io.crmsdk.followup.FollowUpStart;
import io.crmsdk.followup.FollowUpState;
import io.crmsdk.followup.FollowUps;
import io.crmsdk.followup.Step;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.time.UtcClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** This version as the older one: a newer one adds to the schema while workers, hosts and engines of this one are at work. */
@Tag("slow")
class MigrationBeneathWorkersTest {
    private static final List<String> TABLES = List.of(
            "crm_message",
            "crm_idempotency",
            "crm_delivery",
            "crm_delivery_queue",
            "crm_delivery_event",
            "crm_delivery_node",
            "crm_delivery_turn",
            "crm_followup",
            "crm_followup_event");

    @TempDir
    Path folder;

    /** Takes everything and keeps a list of it. */
    private static final class Server implements Channel {
        private final List<String> taken = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "server";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) {
            dispatch.beginWindow();
            taken.add(dispatch.message().key());
            Evidence yes = new Evidence("mx", "250 ok", null, UtcClock.system().instant());
            dispatch.recipients().forEach(to -> dispatch.record(to, new Outcome.Accepted(yes)));
        }
    }

    private static Script future() {
        StringBuilder sql = new StringBuilder("CREATE TABLE crm_future (id INTEGER NOT NULL PRIMARY KEY);\n");
        for (String table : TABLES) {
            sql.append("ALTER TABLE ").append(table).append(" ADD COLUMN future_us BIGINT;\n");
            sql.append("CREATE INDEX ")
                    .append(table)
                    .append("_future ON ")
                    .append(table)
                    .append(" (future_us);\n");
        }
        return Script.of("V999__future.sql", sql.toString());
    }

    /** Not on H2, whose file one process has for itself: there a schema changes before anything runs on it. */
    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL", "MARIADB"})
    void F_214_a_newer_version_that_adds_to_the_schema_beneath_running_workers_loses_and_repeats_nothing(Kind kind)
            throws Exception {
        Dialect dialect = Dialect.valueOf(kind.name());
        List<Script> newer = new ArrayList<>(Scripts.of(dialect));
        newer.add(future());
        Server server = new Server();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger acknowledged = new AtomicInteger();
        FollowUp remind = FollowUp.define("quote", 1)
                .step(Step.message("remind", Delay.none(), firing -> message(firing.key())))
                .build();
        CustomerZone zone = new CustomerZone(ZoneId.of("UTC"), CustomerZone.Gap.FORWARD, CustomerZone.Overlap.EARLIER);
        try (TestDatabase database = Databases.open(kind, folder);
                Store store = database.store();
                Outbox outbox = Outbox.builder(store).channel(server).build();
                FollowUps followUps = FollowUps.builder(store, outbox)
                        .definition(remind)
                        .poll(Duration.ofMillis(10))
                        .build();
                Workers workers = outbox.startWorkers(
                        WorkerOptions.builder().poll(Duration.ofMillis(20)).build())) {
            followUps.startEngine();
            Thread host = new Thread(() -> {
                for (int n = 0; !enough.get(); n++) {
                    // The same key until it is acknowledged, as every host should.
                    while (!(outbox.enqueue(message("m" + n)) instanceof EnqueueAnswer.Ack)) {
                        Thread.onSpinWait();
                    }
                    acknowledged.incrementAndGet();
                }
            });
            host.start();
            await().atMost(1, TimeUnit.MINUTES).until(() -> server.taken.size() > 100);

            new Migrator(dialect, newer, new HostConnections(database.dataSource()), "newer").bring(SchemaMode.APPLY);

            int before = acknowledged.get();
            for (int n = 0; n < 20; n++) {
                followUps.start(FollowUpStart.of("f" + n, "quote", "quote/" + n, zone));
            }
            await().atMost(1, TimeUnit.MINUTES).until(() -> acknowledged.get() > before + 200);
            enough.set(true);
            host.join();
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> followUps.list(FollowUpState.FINISHED, 100).size() == 20);
            await().atMost(1, TimeUnit.MINUTES)
                    .until(() -> outbox.health().counts().isEmpty());

            assertThat(workers.node()).isNotEmpty();
            assertThat(server.taken).hasSize(acknowledged.get() + 20).doesNotHaveDuplicates();
            assertThat(outbox.deliveries(DeliveryQuery.all()))
                    .hasSize(acknowledged.get() + 20)
                    .allMatch(delivery -> delivery.state() == DeliveryState.ACCEPTED);
            assertThatThrownBy(database::store)
                    .as("one of this version that starts anew is refused")
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo("STORE_SCHEMA_NEWER"));
        }
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", key)
                .build();
    }
}

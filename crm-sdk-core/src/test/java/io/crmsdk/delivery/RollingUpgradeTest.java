package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An older build of this library and this one on the same store; {@code .ci/rolling-upgrade} makes the older one and runs this. */
@Tag("slow")
class RollingUpgradeTest {
    private static final String LEASE_MS = "30000";

    @TempDir
    Path directory;

    private final List<ChildJvm> children = new ArrayList<>();

    @AfterEach
    void end_all_children() {
        children.forEach(ChildJvm::kill);
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL", "MARIADB"})
    void F_214_an_older_build_works_on_beside_this_one_and_nothing_is_lost_or_sent_twice(Kind kind) throws Exception {
        String build = System.getProperty("crmsdk.older", "");
        Assumptions.assumeFalse(build.isEmpty(), "there is no older build here; .ci/rolling-upgrade makes one");
        List<Path> older = List.of(
                Path.of(build, "crm-sdk-core", "target", "classes"),
                Path.of(build, "crm-sdk-core", "target", "test-classes"));
        TestDatabase database = Databases.open(kind, directory);
        database.close();
        CrashChild.Book book = new CrashChild.Book(directory.resolve("book"));
        String[] works = {"run", database.url(), book.path().toString(), LEASE_MS};
        String[] enqueues = {"enqueue", database.url(), book.path().toString(), LEASE_MS};

        ChildJvm oldWorker = child(ChildJvm.ofBuild(older, CrashChild.class, works));
        oldWorker.await("STARTED");
        ChildJvm oldHost = child(ChildJvm.ofBuild(older, CrashChild.class, enqueues));
        oldHost.await("ACK");
        long before = scripts(database);
        ChildJvm newWorker = child(ChildJvm.start(CrashChild.class, works));
        newWorker.await("STARTED");
        assertThat(scripts(database)).as("this build migrated beneath them").isGreaterThan(before);
        int beneath = acknowledged(oldHost).size();
        ChildJvm newHost = child(ChildJvm.start(CrashChild.class, enqueues));
        await().atMost(1, TimeUnit.MINUTES).until(() -> acknowledged(newHost).size() > 300);
        await().atMost(1, TimeUnit.MINUTES).until(() -> acknowledged(oldHost).size() > beneath + 300);
        oldHost.kill();
        newHost.kill();
        oldWorker.kill();
        newWorker.kill();
        ChildJvm again = child(ChildJvm.ofBuild(older, CrashChild.class, works));
        again.end();
        assertThat(again.lines()).as("an older one that starts anew is refused").doesNotContain("STARTED");

        Set<String> acknowledged = new HashSet<>(acknowledged(oldHost));
        acknowledged.addAll(acknowledged(newHost));
        try (DeliveryTestStore store = DeliveryTestStore.on(database.again());
                Outbox outbox = outbox(store, book);
                Workers workers = outbox.startWorkers(WorkerOptions.builder()
                        .threads(8)
                        .poll(Duration.ofMillis(20))
                        .build())) {
            await().atMost(2, TimeUnit.MINUTES).until(() -> {
                settleDoubts(outbox, book);
                return outbox.health().counts().isEmpty();
            });
            Set<String> stored = new HashSet<>();
            try (Stream<Delivery> all = outbox.deliveries(DeliveryQuery.all())) {
                all.forEach(delivery -> {
                    stored.add(delivery.key());
                    assertThat(delivery.state()).isEqualTo(DeliveryState.ACCEPTED);
                });
            }
            assertThat(stored).containsAll(acknowledged);
            assertThat(book.all()).doesNotHaveDuplicates().hasSameElementsAs(stored);
            assertThat(store.strings(
                            "SELECT DISTINCT end_node FROM crm_delivery WHERE end_node <> '" + workers.node() + "'"))
                    .as("both builds delivered")
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    private static long scripts(TestDatabase database) throws Exception {
        try (TestDatabase look = database.again()) {
            return Long.parseLong(look.rows("SELECT COUNT(*) FROM crm_schema").get(0));
        }
    }

    private static Outbox outbox(DeliveryTestStore store, CrashChild.Book book) {
        FakeChannel channel = new FakeChannel();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            book.taken(dispatch.message().key());
            channel.yes(dispatch);
        });
        return Outbox.builder(store.store()).channel(channel).build();
    }

    /** As a person does who looks into the server's log. */
    private static void settleDoubts(Outbox outbox, CrashChild.Book book) throws Exception {
        List<Delivery> doubtful;
        try (Stream<Delivery> found = outbox.deliveries(DeliveryQuery.all().state(DeliveryState.UNCONFIRMED))) {
            doubtful = found.toList();
        }
        for (Delivery delivery : doubtful) {
            Confirmation.Verdict verdict =
                    book.all().contains(delivery.key()) ? Confirmation.Verdict.ACCEPTED : Confirmation.Verdict.NOT_SENT;
            Evidence log = FakeChannel.reply("the log of " + delivery.id());
            outbox.settle(delivery.id(), new Confirmation(verdict, log, "eva", "looked it up"));
        }
    }

    private static Set<String> acknowledged(ChildJvm child) {
        Set<String> keys = new HashSet<>();
        child.lines().stream()
                .filter(line -> line.matches("ACK \\d+-\\d+-\\d+"))
                .forEach(line -> keys.add(line.substring(4)));
        return keys;
    }

    private ChildJvm child(ChildJvm started) {
        children.add(started);
        return started;
    }
}

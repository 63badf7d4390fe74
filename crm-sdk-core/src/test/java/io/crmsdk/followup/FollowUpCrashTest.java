package io.crmsdk.followup;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.TestDatabase;
import io.crmsdk.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that are killed for real. */
@Tag("slow")
class FollowUpCrashTest {
    private static final CustomerZone ZONE =
            new CustomerZone(ZoneId.of("UTC"), CustomerZone.Gap.FORWARD, CustomerZone.Overlap.EARLIER);

    @TempDir
    Path folder;

    private FollowUps idle(Store store, Outbox outbox) {
        return FollowUpChild.followUps(store, outbox, "none", folder.resolve("book"));
    }

    private static FollowUpStart start(String key) {
        return FollowUpStart.of(key, "quote", "quote/4711", ZONE);
    }

    private static void awaitFinished(FollowUps followUps, int count) {
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> followUps.list(FollowUpState.FINISHED, 1_000).size() == count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"action", "letter"})
    void F_104_F_105_an_engine_killed_within_a_step_leaves_it_to_another_once_its_lease_has_ended(String where)
            throws Exception {
        try (TestDatabase database = Databases.open(Databases.Kind.SQLITE, folder);
                Store store = database.store();
                Outbox outbox = Outbox.builder(store).channelElsewhere("mail").build();
                FollowUps followUps = idle(store, outbox)) {
            followUps.start(start("a"));
            try (ChildJvm child = child(database, where)) {
                child.await("AT " + where);
                child.kill();
            }
            followUps.startEngine();
            awaitFinished(followUps, 1);

            FollowUpCase done = followUps.find("a").orElseThrow();
            assertThat(done.history())
                    .filteredOn(entry -> entry.kind() == Kind.FIRED)
                    .extracting(FollowUpCase.Entry::step)
                    .containsExactly("act", "remind");
            assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
            assertThat(Files.readAllLines(folder.resolve("book")))
                    .as("at least once, under the same key")
                    .hasSize(where.equals("action") ? 2 : 1)
                    .containsOnly("a/act");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL"})
    void F_101_F_102_F_113_engines_killed_at_random_beside_a_living_one_lose_nothing_and_enqueue_nothing_twice(
            Databases.Kind kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (TestDatabase database = Databases.open(kind, folder);
                Store store = database.store();
                Outbox outbox = Outbox.builder(store).channelElsewhere("mail").build();
                FollowUps followUps = idle(store, outbox)) {
            for (int n = 0; n < 150; n++) {
                followUps.start(start("k" + n));
            }
            try (ChildJvm beside = child(database, "none")) {
                for (int round = 0; round < 2; round++) {
                    try (ChildJvm child = child(database, "none")) {
                        child.await("STARTED");
                        Thread.sleep(random.nextInt(200));
                        child.kill();
                    }
                }
                beside.kill();
            }
            followUps.startEngine();
            awaitFinished(followUps, 150);

            List<String> messages = outbox.deliveries(DeliveryQuery.all())
                    .map(delivery -> delivery.key())
                    .toList();
            assertThat(messages).as("seed " + seed).hasSize(150).doesNotHaveDuplicates();
            assertThat(new HashSet<>(Files.readAllLines(folder.resolve("book"))))
                    .hasSize(150);
            assertThat(followUps.list(FollowUpState.FINISHED, 1_000))
                    .allSatisfy(done -> assertThat(done.history())
                            .extracting(FollowUpCase.Entry::kind)
                            .containsExactly(Kind.STARTED, Kind.FIRED, Kind.FIRED));
        }
    }

    private ChildJvm child(TestDatabase database, String mode) throws Exception {
        return ChildJvm.start(
                FollowUpChild.class,
                mode,
                database.url(),
                folder.resolve("book").toString());
    }
}

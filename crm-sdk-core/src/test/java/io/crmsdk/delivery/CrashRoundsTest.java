package io.crmsdk.delivery;

import static io.crmsdk.delivery.DeliveryState.ACCEPTED;
import static io.crmsdk.delivery.DeliveryState.UNCONFIRMED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that enqueues and sends under load is killed at a random moment, again and again, with default settings. A few rounds here;
 * {@code benchmarks/RESULTS.md} has the command and the figures of fifty.
 */
@Tag("slow")
class CrashRoundsTest {
    private static final int ROUNDS = Integer.getInteger("crmsdk.crash.rounds", 2);
    private static final int MESSAGES = Integer.getInteger("crmsdk.crash.messages", 2_000);
    private static final int MOST_DOUBTFUL = CrashRoundsChild.WORKERS + 64;

    @TempDir
    Path directory;

    private final Set<String> acknowledged = new HashSet<>();
    private final List<Long> recoveredMs = new ArrayList<>();
    private TestDatabase database;
    private ChildJvm child;
    private int mostDoubtful;

    @AfterEach
    void end_the_child() {
        if (child != null) {
            child.kill();
        }
    }

    /**
     * Those that {@code crmsdk.crash.kinds} names with commas between them, or all but H2: killed while it writes, it was seen to write a
     * row for ever afterwards, within one statement (TransactionMap.set, waiting for a transaction that was lost).
     */
    static List<Kind> kinds() {
        String named = System.getProperty("crmsdk.crash.kinds", "SQLITE,POSTGRESQL,MARIADB");
        return Stream.of(Kind.values())
                .filter(kind -> List.of(named.split(",", -1)).contains(kind.name()))
                .toList();
    }

    /** One of them in every run, since it takes half a minute; all in a long one. */
    static List<Kind> kindsForTheTakeover() {
        return ROUNDS < 10 ? List.of(Kind.POSTGRESQL) : kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void F_101_F_102_F_106_F_107_random_kills_lose_nothing_claim_nothing_false_and_copy_nothing_without_a_doubt(
            Kind kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int perRound = (MESSAGES + ROUNDS - 1) / ROUNDS;
        long began = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            child = start(kind, 2 * perRound, false);
            await().atMost(2, TimeUnit.MINUTES).until(() -> acknowledged(child).size() >= perRound);
            Thread.sleep(random.nextInt(1_000));
            child.kill();
            acknowledged.addAll(acknowledged(child));
            recovered(child).ifPresent(recoveredMs::add);
            try (DeliveryTestStore store = store(kind)) {
                assertWhatIsKnownAfterTheKill(store, "round " + round + ", seed " + seed);
            }
        }

        try (DeliveryTestStore store = store(kind)) {
            int copies = drain(store, "seed " + seed);
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(MESSAGES);
            System.out.printf(
                    "%s: %d rounds, %d acknowledged, 0 lost, 0 falsely sent, 0 copies without a doubt; at most %d doubtful"
                            + " after a kill, %d copies of doubtful ones by policy; the first recovered message"
                            + " %s ms after the start; %d s in all%n",
                    kind,
                    ROUNDS,
                    acknowledged.size(),
                    mostDoubtful,
                    copies,
                    recoveredMs.stream().sorted().toList(),
                    Duration.ofNanos(System.nanoTime() - began).toSeconds());
        }
    }

    /** Before anything mends anything: what is claimed is true, and what is not known is listed as such. */
    private void assertWhatIsKnownAfterTheKill(DeliveryTestStore store, String where) throws Exception {
        Set<String> taken = new HashSet<>(book().all());
        Set<String> accepted = new HashSet<>(store.strings("SELECT m.idem_key FROM crm_delivery d JOIN crm_message m"
                + " ON m.id = d.message_id WHERE d.state = 'ACCEPTED'"));
        Map<String, Set<String>> open = new HashMap<>();
        store.strings("SELECT q.state, m.idem_key FROM crm_delivery_queue q JOIN crm_delivery d ON d.id = q.delivery_id"
                        + " JOIN crm_message m ON m.id = d.message_id WHERE q.state IN ('SENDING', 'UNCONFIRMED')")
                .forEach(line -> open.computeIfAbsent(line.split("\\|", -1)[0], state -> new HashSet<>())
                        .add(line.split("\\|", -1)[1]));
        Set<String> sending = open.getOrDefault("SENDING", Set.of());
        mostDoubtful = Math.max(mostDoubtful, sending.size());

        assertThat(taken).as("falsely sent, %s", where).containsAll(accepted);
        taken.removeAll(accepted);
        open.values().forEach(taken::removeAll);
        assertThat(taken).as("taken by the server and not listed, %s", where).isEmpty();
        assertThat(sending).as("doubtful, %s", where).hasSizeLessThanOrEqualTo(MOST_DOUBTFUL);
    }

    /** Lets the rest go out, settles each doubt by what the server's book says, and compares everything. */
    private int drain(DeliveryTestStore store, String where) throws Exception {
        FakeChannel channel = new FakeChannel();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            book().taken(dispatch.message().key());
            channel.yes(dispatch);
        });
        Map<String, Integer> copies = new HashMap<>();
        try (Outbox outbox = Outbox.builder(store.store()).channel(channel).build();
                Workers workers = outbox.startWorkers(WorkerOptions.builder()
                        .threads(CrashRoundsChild.WORKERS)
                        .build())) {
            await().atMost(10, TimeUnit.MINUTES)
                    .until(() -> Set.of(UNCONFIRMED)
                            .containsAll(outbox.health().counts().keySet()));
            settleDoubts(outbox);
            await().atMost(2, TimeUnit.MINUTES)
                    .until(() -> outbox.health().counts().isEmpty());
            assertThat(workers.node()).isNotEmpty();
            book().all().forEach(key -> copies.merge(key, 1, Integer::sum));
            copies.values().removeIf(count -> count == 1);

            Set<String> stored = new HashSet<>();
            try (Stream<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all())) {
                deliveries.forEach(delivery -> {
                    stored.add(delivery.key());
                    assertThat(delivery.state()).as("%s, %s", delivery, where).isEqualTo(ACCEPTED);
                    if (copies.containsKey(delivery.key())) {
                        assertThat(delivery.possibleDuplicate())
                                .as("copied without a doubt, %s", where)
                                .isTrue();
                    }
                });
            }
            assertThat(stored).as("lost, %s", where).containsAll(acknowledged);
            assertThat(stored.size() - acknowledged.size())
                    .as("stored and not acknowledged, %s", where)
                    .isLessThanOrEqualTo(ROUNDS * (CrashRoundsChild.BATCH + 1));
            assertThat(new HashSet<>(book().all())).as("taken, %s", where).isEqualTo(stored);
        }
        return copies.size();
    }

    /** As a person does who looks into the server's log. */
    private void settleDoubts(Outbox outbox) throws Exception {
        Set<String> taken = new HashSet<>(book().all());
        List<Delivery> doubtful;
        try (Stream<Delivery> found = outbox.deliveries(DeliveryQuery.all().state(UNCONFIRMED))) {
            doubtful = found.toList();
        }
        for (Delivery delivery : doubtful) {
            Confirmation.Verdict verdict =
                    taken.contains(delivery.key()) ? Confirmation.Verdict.ACCEPTED : Confirmation.Verdict.NOT_SENT;
            Evidence log = FakeChannel.reply("the log of " + delivery.id());
            outbox.settle(delivery.id(), new Confirmation(verdict, log, "eva", "looked it up"));
        }
    }

    @ParameterizedTest
    @MethodSource("kindsForTheTakeover")
    void F_104_what_a_killed_process_of_another_machine_held_is_worked_on_within_a_minute_by_default(Kind kind)
            throws Exception {
        child = start(kind, 200, true);
        await().until(() -> count(child, "HOLDS ") == CrashRoundsChild.WORKERS);
        child.kill();
        long killed = System.nanoTime();
        try (DeliveryTestStore store = store(kind)) {
            assertThat(store.strings("SELECT delivery_id FROM crm_delivery_queue WHERE lease_us > 0"))
                    .isNotEmpty();
            // Whoever starts next cannot look whether the process is gone, so only the end of the lease frees what it
            // held.
            store.execute("UPDATE crm_delivery_node SET machine = 'elsewhere'");
        }
        child = start(kind, 0, false);

        await().atMost(60, TimeUnit.SECONDS).until(() -> recovered(child).isPresent());
        System.out.printf(
                "%s: taken over from another machine %d ms after the kill%n",
                kind, Duration.ofNanos(System.nanoTime() - killed).toMillis());
    }

    private static Set<String> acknowledged(ChildJvm child) {
        Set<String> keys = new HashSet<>();
        // The kill may have cut the last line.
        child.lines().stream()
                .filter(line -> line.matches("ACK \\d+-(single|batch)-\\d+-\\d+"))
                .forEach(line -> keys.add(line.substring(4)));
        return keys;
    }

    private static Optional<Long> recovered(ChildJvm child) {
        return child.lines().stream()
                .filter(line -> line.matches("RECOVERED \\d+"))
                .map(line -> Long.valueOf(line.substring(10)))
                .findFirst();
    }

    private static long count(ChildJvm child, String start) {
        return child.lines().stream().filter(line -> line.startsWith(start)).count();
    }

    private ChildJvm start(Kind kind, int messages, boolean stalls) throws Exception {
        if (database == null) {
            database = Databases.open(kind, directory);
            database.close();
        }
        return ChildJvm.start(
                CrashRoundsChild.class,
                database.url(),
                book().path().toString(),
                Integer.toString(messages),
                Boolean.toString(stalls));
    }

    /** A file that only one process can hold is closed in between, a server's database is the same throughout. */
    private DeliveryTestStore store(Kind kind) {
        return DeliveryTestStore.on(database.again());
    }

    private CrashChild.Book book() {
        return new CrashChild.Book(directory.resolve("book"));
    }
}

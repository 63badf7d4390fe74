package io.crmsdk.delivery;

import static io.crmsdk.delivery.DeliveryState.ACCEPTED;
import static io.crmsdk.delivery.DeliveryState.QUEUED;
import static io.crmsdk.delivery.DeliveryState.SENDING;
import static io.crmsdk.delivery.DeliveryState.UNCONFIRMED;
import static io.crmsdk.delivery.DeliveryState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.ChildJvm;
import io.crmsdk.store.Databases;
import io.crmsdk.store.Databases.Kind;
import io.crmsdk.store.Databases.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are killed and frozen for real, at every step. */
@Tag("slow")
class CrashTest {
    private static final long AN_HOUR = 3_600_000;

    @TempDir
    Path directory;

    private final List<ChildJvm> children = new ArrayList<>();
    private TestDatabase database;

    @AfterEach
    void end_all_children() {
        children.forEach(ChildJvm::kill);
    }

    @ParameterizedTest
    @EnumSource
    void F_101_F_102_every_acknowledged_message_survives_a_kill(Kind kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> acknowledged = new HashSet<>();
        int rounds = Integer.getInteger("crmsdk.crash.rounds", 6);
        for (int round = 0; round < rounds; round++) {
            ChildJvm child = child("enqueue", kind, AN_HOUR);
            child.await("ACK");
            Thread.sleep(random.nextInt(500));
            child.kill();
            acknowledged.addAll(acknowledged(child));
        }

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = outbox(store, new FakeChannel());
            Set<String> stored = new HashSet<>();
            outbox.deliveries(DeliveryQuery.all()).forEach(delivery -> stored.add(delivery.key()));

            assertThat(stored).as("seed " + seed).containsAll(acknowledged);
            assertThat(stored.size() - acknowledged.size()).as("unacknowledged").isLessThanOrEqualTo(4 * rounds);
            assertThat(store.strings("SELECT k.idem_key FROM crm_idempotency k LEFT JOIN crm_message m"
                            + " ON m.id = k.message_id LEFT JOIN crm_delivery d ON d.message_id = m.id"
                            + " LEFT JOIN crm_delivery_queue q ON q.delivery_id = d.id WHERE q.delivery_id IS NULL"))
                    .as("keys without a whole message")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void F_104_F_105_a_kill_before_the_window_loses_nothing_and_doubles_nothing(Kind kind) throws Exception {
        String id = enqueue(kind, "a");
        killAt("before-window", kind);

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            awaitState(outbox, id, ACCEPTED);

            assertThat(book().all()).containsExactly("a");
            assertThat(outbox.delivery(id).orElseThrow().attempts()).isEqualTo(2);
            assertThat(outbox.delivery(id).orElseThrow().possibleDuplicate()).isFalse();
            assertThat(outbox.delivery(id).orElseThrow().history())
                    .extracting(HistoryEntry::state)
                    .containsExactly(QUEUED, QUEUED, SENDING, ACCEPTED);
            outbox.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void F_106_a_kill_in_the_window_is_shown_and_not_repeated_blindly(Kind kind) throws Exception {
        String id = enqueue(kind, "a");
        killAt("in-window", kind);

        assertUnconfirmedAfterRestart(kind, id);
        assertThat(book().all()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void F_107_a_kill_between_the_servers_yes_and_its_record_is_shown_and_not_repeated_blindly(Kind kind)
            throws Exception {
        String id = enqueue(kind, "a");
        killAt("after-reply", kind);

        assertUnconfirmedAfterRestart(kind, id);
        assertThat(book().all()).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void F_107_nobody_overtakes_the_one_before_it_that_a_kill_left_in_doubt(Kind kind) throws Exception {
        String first = enqueue(kind, inOrder("a", "k"));
        String second = enqueue(kind, inOrder("b", "k"));
        killAt("after-reply", kind);

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            awaitState(outbox, first, UNCONFIRMED);
            assertThat(outbox.delivery(second).orElseThrow().state()).isEqualTo(WAITING);
            settle(outbox, first, Confirmation.Verdict.ACCEPTED);
            awaitState(outbox, second, ACCEPTED);

            assertThat(book().all()).containsExactly("a", "b");
            outbox.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL"})
    void F_107_whatever_is_killed_when_each_key_goes_out_once_and_in_its_order(Kind kind) throws Exception {
        Random random = new Random();
        List<Message> messages = IntStream.range(0, 200)
                .mapToObj(n -> inOrder("k" + n % 4 + "-" + (100 + n), "k" + n % 4))
                .toList();
        try (DeliveryTestStore store = store(kind)) {
            outbox(store, new FakeChannel()).enqueueAll(messages);
        }
        for (int round = 0; round < 4; round++) {
            ChildJvm child = child("run", kind, AN_HOUR);
            child.await("STARTED");
            Thread.sleep(random.nextInt(150));
            child.kill();
        }

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                settleDoubts(outbox);
                return outbox.health().counts().isEmpty();
            });
            for (int k = 0; k < 4; k++) {
                String key = "k" + k + "-";
                assertThat(book().all().stream().filter(line -> line.startsWith(key)))
                        .hasSize(50)
                        .isSorted()
                        .doesNotHaveDuplicates();
            }
            outbox.close();
        }
    }

    /** As a person does who looks into the server's log. */
    private void settleDoubts(Outbox outbox) throws Exception {
        for (Delivery delivery :
                outbox.deliveries(DeliveryQuery.all().state(UNCONFIRMED)).toList()) {
            boolean taken = book().all().contains(delivery.key());
            settle(outbox, delivery.id(), taken ? Confirmation.Verdict.ACCEPTED : Confirmation.Verdict.NOT_SENT);
        }
    }

    private static void settle(Outbox outbox, String id, Confirmation.Verdict verdict) {
        outbox.settle(id, new Confirmation(verdict, FakeChannel.reply("the log of " + id), "eva", "looked it up"));
    }

    /** The lease lasts an hour: only the proof that the process is gone can have freed the row. */
    private void assertUnconfirmedAfterRestart(Kind kind, String id) throws Exception {
        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            awaitState(outbox, id, UNCONFIRMED);

            Delivery delivery = outbox.delivery(id).orElseThrow();
            assertThat(delivery.history())
                    .extracting(HistoryEntry::detail)
                    .last()
                    .asString()
                    .startsWith("process died in the window, attempt 1, host ");
            assertThat(delivery.evidence()).isNull();
            assertThat(delivery.nextAttempt()).as("repeated once, after a wait").isNotNull();
            outbox.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL", "MARIADB"})
    void F_301_a_process_frozen_before_the_window_sends_nothing_when_it_wakes(Kind kind) throws Exception {
        String id = enqueue(kind, "a");
        ChildJvm frozen = child("before-window", kind, 500);
        frozen.await("AT before-window");
        freeze(frozen, kind);

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            awaitState(outbox, id, ACCEPTED);
            book().goOn();
            frozen.signal("CONT");
            await().atMost(20, TimeUnit.SECONDS)
                    .until(() ->
                            outbox.delivery(id).orElseThrow().history().stream().anyMatch(entry -> !entry.applied()));

            assertThat(book().all()).containsExactly("a");
            assertThat(outbox.delivery(id).orElseThrow().state()).isEqualTo(ACCEPTED);
            outbox.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SQLITE", "POSTGRESQL", "MARIADB"})
    void F_301_a_process_frozen_after_the_dot_reports_its_yes_when_it_wakes(Kind kind) throws Exception {
        String id = enqueue(kind, "a");
        ChildJvm frozen = child("after-reply", kind, 500);
        frozen.await("AT after-reply");
        freeze(frozen, kind);

        try (DeliveryTestStore store = store(kind)) {
            Outbox outbox = work(store);
            awaitState(outbox, id, UNCONFIRMED);
            book().goOn();
            frozen.signal("CONT");
            awaitState(outbox, id, ACCEPTED);

            assertThat(book().all()).containsExactly("a");
            assertThat(outbox.delivery(id).orElseThrow().possibleDuplicate()).isFalse();
            outbox.close();
        }
    }

    @Test
    void F_113_two_processes_share_an_embedded_file_under_the_rules_of_leases() throws Exception {
        try (DeliveryTestStore store = store(Kind.SQLITE)) {
            Outbox outbox = outbox(store, new FakeChannel());
            outbox.enqueueAll(
                    IntStream.range(0, 300).mapToObj(n -> message("m" + n)).toList());
            child("run", Kind.SQLITE, 30_000);
            child("run", Kind.SQLITE, 30_000);
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> outbox.deliveries(DeliveryQuery.all().state(ACCEPTED))
                                    .count()
                            == 300);

            assertThat(book().all()).hasSize(300).doesNotHaveDuplicates();
        }
    }

    /** Not while it holds the file's one write lock, or a server's on these rows: then nobody could go on until it wakes, another matter. */
    private void freeze(ChildJvm child, Kind kind) throws Exception {
        List<String> takeLocks = kind == Kind.SQLITE
                ? List.of("UPDATE crm_delivery_node SET seen_us = seen_us")
                : List.of(
                        "SELECT owner FROM crm_delivery_node FOR UPDATE NOWAIT",
                        "SELECT delivery_id FROM crm_delivery_queue FOR UPDATE NOWAIT");
        try (DeliveryTestStore store = store(kind)) {
            for (int n = 0; n < 10; n++) {
                child.signal("STOP");
                try {
                    for (String each : takeLocks) {
                        store.execute(each);
                    }
                    return;
                } catch (SQLException e) {
                    child.signal("CONT");
                }
            }
            throw new AssertionError("the child always holds the lock");
        }
    }

    private String enqueue(Kind kind, String key) throws Exception {
        return enqueue(kind, message(key));
    }

    private String enqueue(Kind kind, Message message) throws Exception {
        try (DeliveryTestStore store = store(kind)) {
            EnqueueAnswer answer = outbox(store, new FakeChannel()).enqueue(message);
            return ((EnqueueAnswer.Ack) answer).deliveryIds().get(0);
        }
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", key)
                .build();
    }

    private static Message inOrder(String key, String orderingKey) {
        return Message.transactional(key)
                .to("li@example.com")
                .content("text/plain", key)
                .orderingKey(orderingKey)
                .build();
    }

    private void killAt(String step, Kind kind) throws Exception {
        ChildJvm child = child(step, kind, AN_HOUR);
        child.await("AT " + step);
        child.kill();
    }

    /** A file that only one process can hold is closed in between, a server's database is the same throughout. */
    private DeliveryTestStore store(Kind kind) throws Exception {
        return DeliveryTestStore.on(database(kind).again());
    }

    private TestDatabase database(Kind kind) throws Exception {
        if (database == null) {
            database = Databases.open(kind, directory);
            database.close();
        }
        return database;
    }

    private CrashChild.Book book() {
        return new CrashChild.Book(directory.resolve("book"));
    }

    private static Outbox outbox(DeliveryTestStore store, FakeChannel channel) {
        return Outbox.builder(store.store())
                .channel(channel)
                .consent(new FakeConsent())
                .build();
    }

    private Outbox work(DeliveryTestStore store) {
        FakeChannel channel = new FakeChannel();
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            book().taken(dispatch.message().key());
            channel.yes(dispatch);
        });
        Outbox outbox = outbox(store, channel);
        outbox.startWorkers(WorkerOptions.builder().poll(Duration.ofMillis(20)).build());
        return outbox;
    }

    private static void awaitState(Outbox outbox, String id, DeliveryState state) {
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(outbox.delivery(id).orElseThrow().state()).isEqualTo(state));
    }

    private ChildJvm child(String mode, Kind kind, long leaseMs) throws Exception {
        ChildJvm child = ChildJvm.start(
                CrashChild.class, mode, database(kind).url(), book().path().toString(), Long.toString(leaseMs));
        children.add(child);
        return child;
    }

    /** Lines that came whole; the last one may have been cut by the kill. */
    private static Set<String> acknowledged(ChildJvm child) {
        Set<String> keys = new HashSet<>();
        child.lines().stream()
                .filter(line -> line.matches("ACK \\d+-\\d+-\\d+"))
                .forEach(line -> keys.add(line.substring(4)));
        return keys;
    }
}

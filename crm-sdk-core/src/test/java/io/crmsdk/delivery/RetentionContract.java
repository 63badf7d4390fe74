package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves the store for the archive, and what never does, on whichever database the subclass opens. */
abstract class RetentionContract {
    private static final Retention MONTH = Retention.defaults()
            .withTimes(Duration.ofDays(30), Duration.ofDays(300))
            .withBounds(7, Duration.ofMinutes(1));
    private static final String YEAR_AGO = "31536000000000";

    @TempDir
    Path archives;

    private final FakeChannel channel = new FakeChannel();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private DeliveryTestStore store;
    private Outbox outbox;

    abstract DeliveryTestStore open() throws Exception;

    @BeforeEach
    void open_the_outbox() throws Exception {
        store = open();
        outbox = outbox();
    }

    private Outbox outbox() {
        Outbox outbox = Outbox.builder(store.store())
                .channel(channel)
                .clock(() -> UtcClock.system().instant().minus(Duration.ofDays(365))) // ids begin with its time
                .afterDoubt(MessageKind.TRANSACTIONAL, DoubtPolicy.hold())
                .build();
        opened.add(outbox);
        return outbox;
    }

    @AfterEach
    void close_everything() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        if (store != null) {
            store.close();
        }
    }

    private Workers start() {
        Workers workers = outbox.startWorkers(
                WorkerOptions.builder().threads(2).poll(Duration.ofMillis(20)).build());
        opened.add(workers);
        return workers;
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to("li@example.com", "wang@example.com")
                .content("text/plain", "您好, " + key)
                .attribute("envelope.from", "shop@example.com")
                .build();
    }

    private void enqueue(int from, int to) {
        outbox.enqueueAll(
                IntStream.range(from, to).mapToObj(n -> message("m" + n)).toList());
    }

    private void awaitAllSent() {
        await().untilAsserted(() -> assertThat(outbox.health().counts()).isEmpty());
    }

    /** As if everything that there is now had happened a year ago. */
    private void age() throws Exception {
        store.execute("UPDATE crm_message SET created_us = created_us - " + YEAR_AGO);
        store.execute("UPDATE crm_idempotency SET created_us = created_us - " + YEAR_AGO);
        store.execute("UPDATE crm_delivery SET created_us = created_us - " + YEAR_AGO + ", state_us = state_us - "
                + YEAR_AGO);
    }

    private RetentionReport retain(Retention retention, DeliveryArchive archive) throws IOException {
        return outbox.operations("eva").retain(retention, archive, "monthly");
    }

    private Set<String> archivedKeys(Path file) throws IOException {
        Set<String> keys = new HashSet<>();
        for (String line : Files.readAllLines(file)) {
            try (JsonParser json = new JsonFactory().createParser(line)) {
                while (json.nextToken() != null) {
                    if ("key".equals(json.currentName()) && json.currentToken().isScalarValue()) {
                        keys.add(json.getText());
                    }
                }
            }
        }
        return keys;
    }

    @Test
    void what_has_been_final_for_long_enough_is_archived_with_all_that_is_known_and_taken_out() throws Exception {
        enqueue(0, 20);
        start();
        awaitAllSent();
        age();
        enqueue(20, 25);
        awaitAllSent();
        Path file = archives.resolve("a.jsonl");

        RetentionReport report;
        try (FileArchive archive = FileArchive.of(file)) {
            report = retain(MONTH, archive);
        }

        assertThat(report).isEqualTo(new RetentionReport(20, 40, 0, 20, 0, true));
        assertThat(archivedKeys(file))
                .isEqualTo(IntStream.range(0, 20).mapToObj(n -> "m" + n).collect(Collectors.toSet()));
        String line = Files.readAllLines(file).get(0);
        assertThat(line)
                .contains(
                        "\"recipient\":\"wang@example.com\"",
                        "\"state\":\"ACCEPTED\"",
                        "250 2.0.0 Ok: queued as 4711",
                        "\"envelope.from\":\"shop@example.com\"",
                        "\"content\":\"");
        assertThat(outbox.deliveries(DeliveryQuery.all()).map(Delivery::key))
                .containsOnly("m20", "m21", "m22", "m23", "m24");
        assertThat(store.strings("SELECT 1 FROM crm_delivery_event e WHERE NOT EXISTS"
                        + " (SELECT 1 FROM crm_delivery d WHERE d.id = e.delivery_id)"))
                .isEmpty();
        assertThat(outbox.operations("eva").audit())
                .allSatisfy(action -> assertThat(action.kind()).isEqualTo(OperatorAction.Kind.RETAIN))
                .hasSize(6); // three batches of messages, three of keys
    }

    @Test
    void a_key_is_recognised_after_its_message_is_gone_until_its_own_time_is_over() throws Exception {
        enqueue(0, 1);
        start();
        awaitAllSent();
        age();
        Retention keysLonger = MONTH.withTimes(Duration.ofDays(30), Duration.ofDays(400));

        assertThat(retain(keysLonger, DeliveryArchive.nowhere()).messages()).isEqualTo(1);
        Outbox reopened = outbox(); // which mends what an engine tore, and must not take this for torn
        EnqueueAnswer.Ack again = (EnqueueAnswer.Ack) reopened.enqueue(message("m0"));

        assertThat(again.duplicate()).isTrue();
        assertThat(channel.takenByKey).containsEntry("m0", 2);

        assertThat(retain(MONTH, DeliveryArchive.nowhere()).keys()).isEqualTo(1);
        assertThat(((EnqueueAnswer.Ack) reopened.enqueue(message("m0"))).duplicate())
                .isFalse();
    }

    @Test
    void what_is_not_final_or_in_doubt_stays_however_old_it_is() throws Exception {
        channel.doing(dispatch -> {
            dispatch.beginWindow();
            throw new IOException("cut");
        });
        enqueue(0, 1);
        start();
        await().untilAsserted(() -> assertThat(outbox.health().held()).isEqualTo(2));
        outbox.enqueue(Message.transactional("later")
                .to("li@example.com")
                .content("text/plain", "x")
                .notBefore(Instant.parse("2100-01-01T00:00:00Z"))
                .build());
        age();

        RetentionReport report = retain(MONTH, DeliveryArchive.nowhere());

        assertThat(report.messages()).isZero();
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(3);
    }

    @Test
    void nothing_is_taken_out_if_the_archive_fails() throws Exception {
        enqueue(0, 3);
        start();
        awaitAllSent();
        age();
        DeliveryArchive broken = new DeliveryArchive() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public void keep(List<String> lines) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> retain(MONTH, broken)).isInstanceOf(IOException.class);

        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(6);
        assertThat(outbox.operations("eva").audit()).isEmpty();
    }

    @Test
    void what_was_settled_while_it_was_being_archived_stays_for_another_run() throws Exception {
        enqueue(0, 2);
        start();
        awaitAllSent();
        age();
        String complained =
                outbox.deliveries(DeliveryQuery.all().key("m1")).toList().get(0).id();
        DeliveryArchive slow = new DeliveryArchive() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public void keep(List<String> lines) {
                outbox.settle(
                        complained,
                        new Confirmation(
                                Confirmation.Verdict.COMPLAINED, FakeChannel.reply("abuse"), "report", "an ARF"));
            }
        };

        RetentionReport report = retain(MONTH, slow);

        assertThat(report.messages()).isEqualTo(1);
        assertThat(report.skipped()).isEqualTo(1);
        assertThat(outbox.delivery(complained).orElseThrow().state()).isEqualTo(DeliveryState.COMPLAINED);
        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(2);
    }

    @Test
    void a_run_ends_in_time_although_there_is_more() throws Exception {
        enqueue(0, 3);
        start();
        awaitAllSent();
        age();

        RetentionReport report = retain(MONTH.withBounds(1, Duration.ZERO), DeliveryArchive.nowhere());

        assertThat(report.finished()).isFalse();
        assertThat(report.messages()).isZero();
    }

    @Test
    void F_215_cleaning_up_beside_live_traffic_loses_nothing_and_repeats_nothing() throws Exception {
        enqueue(0, 60);
        start();
        awaitAllSent();
        age();
        Path file = archives.resolve("live.jsonl");
        Thread traffic = new Thread(() -> IntStream.range(60, 160).forEach(n -> outbox.enqueue(message("m" + n))));
        traffic.start();
        long archived = 0;
        try (FileArchive archive = FileArchive.of(file)) {
            archived = retain(MONTH.withTimes(Duration.ofDays(30), Duration.ofDays(400)), archive)
                    .messages();
        }
        traffic.join();
        awaitAllSent();

        Set<String> everything = new HashSet<>(archivedKeys(file));
        assertThat(everything).hasSize(60);
        assertThat(archived).isEqualTo(60);
        outbox.deliveries(DeliveryQuery.all()).forEach(delivery -> everything.add(delivery.key()));
        assertThat(everything).hasSize(160);
        assertThat(channel.takenByKey).hasSize(160);
        assertThat(channel.takenByKey.values()).containsOnly(2); // one for each recipient
        enqueue(0, 160);
        assertThat(outbox.health().counts()).isEmpty();
    }

    @Test
    void times_that_would_forget_what_is_needed_are_refused() {
        assertThatThrownBy(() -> Retention.defaults().withTimes(Duration.ofHours(1), Duration.ofDays(9)))
                .hasMessageContaining("at least a day");
        assertThatThrownBy(() -> Retention.defaults().withTimes(Duration.ofDays(9), Duration.ofDays(8)))
                .hasMessageContaining("at least as long");
    }
}

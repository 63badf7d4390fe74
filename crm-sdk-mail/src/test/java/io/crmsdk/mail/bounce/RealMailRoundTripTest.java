package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.fixtures.RealMail;
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.Suppression;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.suppression.SuppressionReason;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the outbox through a real Postfix and back over the IMAP of a real Dovecot: every state is reached, with its proof. */
@Tag("slow")
class RealMailRoundTripTest {
    @TempDir
    static Path dir;

    @TempDir
    Path folder;

    private static RealMail servers;

    private final ExecutorService watch = Executors.newSingleThreadExecutor();

    @BeforeAll
    static void start() throws Exception {
        servers = RealMail.start(dir.toRealPath());
    }

    @AfterAll
    static void stop() throws Exception {
        if (servers != null) {
            servers.close();
        }
    }

    @AfterEach
    void stopWatching() {
        watch.shutdownNow();
    }

    @Test
    void every_answer_of_real_servers_is_joined_to_its_delivery() throws Exception {
        ReturnPath returnPath = RoundTripChild.returnPath("bounce");
        SmtpChannel channel = SmtpChannel.builder("smtp://localhost:" + servers.port("SMTP"))
                .returnPath(returnPath)
                .trust(servers.trustStore(), "changeit")
                .build();
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                SmtpChannel closing = channel;
                Outbox outbox = Outbox.builder(store)
                        .channel(channel)
                        .suppression(SuppressionList.open(store))
                        .build()) {
            Map<String, DeliveryState> expected = new TreeMap<>(RoundTripChild.EXPECTED);
            expected.keySet().forEach(to -> outbox.enqueue(RoundTripChild.mail(to, "bounce")));
            try (Workers workers = outbox.startWorkers(WorkerOptions.builder()
                    .threads(2)
                    .poll(Duration.ofMillis(50))
                    .build())) {
                await().atMost(60, TimeUnit.SECONDS)
                        .until(() -> outbox.deliveries(DeliveryQuery.all())
                                .allMatch(delivery -> delivery.state().isFinal()));
            }
            assertThat(state(outbox, "x@bounce.test")).isEqualTo(DeliveryState.ACCEPTED);

            SuppressionList list = SuppressionList.open(store);
            ReportIntake intake = ReportIntake.builder(store, outbox)
                    .returnPath(returnPath)
                    .suppression(list)
                    .build();
            try (ReportMailbox mailbox = ReportMailbox.builder(
                            "imaps://bounce:secret@localhost:" + servers.port("IMAPS"), intake)
                    .trust(servers.trustStore(), "changeit")
                    .build()) {
                await().atMost(120, TimeUnit.SECONDS)
                        .pollInterval(Duration.ofSeconds(1))
                        .until(
                                () -> {
                                    mailbox.poll();
                                    return RoundTripChild.states(outbox);
                                },
                                Predicate.isEqual(expected));
                assertThat(mailbox.poll().taken()).isZero();
            }
            assertThat(outbox.deliveries(DeliveryQuery.all().recipient("x@relay.test"))
                            .findFirst()
                            .orElseThrow()
                            .history())
                    .anySatisfy(entry -> assertThat(entry.detail()).contains("ACCEPTED by report"));
            assertThat(outbox.deliveries(DeliveryQuery.all().recipient("x@bounce.test"))
                            .findFirst()
                            .orElseThrow()
                            .evidence())
                    .satisfies(evidence -> assertThat(evidence.reply()).contains("5.1.1"));
            assertThat(reason(list, "x@bounce.test")).isEqualTo(SuppressionReason.HARD_BOUNCE);
            assertThat(reason(list, "x@gone.test")).isEqualTo(SuppressionReason.HARD_BOUNCE);
            assertThat(reason(list, "x@full.test")).isNull();
            assertThat(reason(list, "x@spam.test")).isNull();
        }
    }

    @Test
    void whatever_step_a_process_is_killed_at_every_answer_is_joined_to_its_delivery_in_the_end() throws Exception {
        List<String> stops = List.of(
                "enqueued:4",
                "after-no:1",
                "before-window:2",
                "in-window:2",
                "after-yes:1",
                "recorded:1",
                "taken:1",
                "taken:2");

        for (String stop : stops) {
            killedAt(stop);
        }
        assertThat(say("none:1", "DONE")).isTrue();

        try (Store store = Store.sqlite(folder.resolve("killed.db"));
                SmtpChannel channel = SmtpChannel.builder("smtp://localhost:1").build();
                Outbox outbox = Outbox.builder(store).channel(channel).build()) {
            assertThat(RoundTripChild.states(outbox)).isEqualTo(new TreeMap<>(RoundTripChild.EXPECTED));
            List<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all()).toList();
            assertThat(deliveries).hasSameSizeAs(RoundTripChild.EXPECTED.keySet());
            assertThat(deliveries).allSatisfy(delivery -> {
                assertThat(delivery.evidence()).as(delivery.recipient()).isNotNull();
                assertThat(delivery.evidence().reply()).as(delivery.recipient()).isNotBlank();
            });
            // Three kills came after a window was begun and before its outcome was surely on disk; nothing else may
            // have been sent twice.
            assertThat(deliveries).filteredOn(Delivery::possibleDuplicate).hasSizeLessThanOrEqualTo(3);
            assertThat(reason(SuppressionList.open(store), "x@bounce.test")).isEqualTo(SuppressionReason.HARD_BOUNCE);
        }
    }

    private void killedAt(String stop) throws Exception {
        assertThat(say(stop, "AT " + stop.substring(0, stop.indexOf(':'))))
                .as(stop)
                .isTrue();
    }

    /** Whether a process says so before it is killed as {@code kill -9} does. */
    private boolean say(String stop, String awaited) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        classPath(),
                        RoundTripChild.class.getName(),
                        folder.resolve("killed.db").toString(),
                        String.valueOf(servers.port("SMTP")),
                        String.valueOf(servers.port("IMAPS")),
                        servers.trustStore().toString(),
                        "fbl",
                        stop)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Future<Boolean> said = watch.submit(() -> out.lines().anyMatch(awaited::equals));
            return said.get(120, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** On the class path, whatever path the tests themselves run on. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String property : List.of("java.class.path", "jdk.module.path", "surefire.test.class.path")) {
            entries.addAll(List.of(System.getProperty(property, "").split(File.pathSeparator, -1)));
        }
        entries.add(Path.of("target", "classes").toAbsolutePath().toString());
        entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        entries.removeIf(String::isBlank);
        return String.join(File.pathSeparator, entries);
    }

    private static SuppressionReason reason(SuppressionList list, String address) {
        return list.find(ContactKey.email(address)).map(Suppression::reason).orElse(null);
    }

    private static DeliveryState state(Outbox outbox, String to) {
        return outbox.deliveries(DeliveryQuery.all().recipient(to))
                .findFirst()
                .orElseThrow()
                .state();
    }
}

package io.crmsdk.mail.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ContactKey;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.fixtures.RealMail;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.Suppression;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.suppression.SuppressionReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the outbox through a real Postfix and back over the IMAP of a real Dovecot: every state is reached, with its proof. */
@Tag("slow")
class RealMailRoundTripTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path dir;

    @TempDir
    Path folder;

    private static RealMail servers;

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

    @Test
    void every_answer_of_real_servers_is_joined_to_its_delivery() throws Exception {
        ReturnPath returnPath = ReturnPath.at(EmailAddress.parse("bounce@crm.test"), SECRET);
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
            Map<String, DeliveryState> expected = new TreeMap<>(Map.of(
                    "carol@inbox.test", DeliveryState.DELIVERED,
                    "x@bounce.test", DeliveryState.BOUNCED,
                    "x@full.test", DeliveryState.BOUNCED,
                    "x@spam.test", DeliveryState.BOUNCED,
                    "x@gone.test", DeliveryState.BOUNCED,
                    "x@relay.test", DeliveryState.ACCEPTED,
                    "team@inbox.test", DeliveryState.ACCEPTED,
                    "x@defer.test", DeliveryState.BOUNCED,
                    "nobody@inbox.test", DeliveryState.FAILED));
            expected.keySet().forEach(to -> outbox.enqueue(mail(to)));
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
                                    return states(outbox);
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

    private static SuppressionReason reason(SuppressionList list, String address) {
        return list.find(ContactKey.email(address)).map(Suppression::reason).orElse(null);
    }

    private static Message mail(String to) {
        return Email.builder()
                .from("sender@crm.test", "Sender")
                .to(to)
                .subject("receipt")
                .text("paid")
                .envelopeFrom(EmailAddress.parse("bounce@crm.test"))
                .build()
                .prepare(to)
                .attribute(SmtpChannel.DSN_NOTIFY, "SUCCESS,FAILURE,DELAY")
                .build();
    }

    private static DeliveryState state(Outbox outbox, String to) {
        return outbox.deliveries(DeliveryQuery.all().recipient(to))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static Map<String, DeliveryState> states(Outbox outbox) {
        Map<String, DeliveryState> states = new TreeMap<>();
        outbox.deliveries(DeliveryQuery.all())
                .forEach((Delivery delivery) -> states.put(delivery.recipient(), delivery.state()));
        return states;
    }
}

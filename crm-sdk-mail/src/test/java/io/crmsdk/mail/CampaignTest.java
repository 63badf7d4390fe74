package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentPolicy;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Rank;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.mail.unsubscribe.UnsubscribeEndpoint;
import io.crmsdk.mail.unsubscribe.UnsubscribeLinks;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a template to mailboxes, and from a click in one of them to silence. */
final class CampaignTest {
    private static final Scope NEWS = Scope.of("marketing/newsletter");

    @TempDir
    Path dir;

    @Test
    void F_701_who_clicks_in_the_first_mail_gets_no_second_one() throws Exception {
        GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
        try (Store store = Store.sqlite(dir.resolve("store.db"));
                ConsentLedger ledger = ConsentLedger.builder(store)
                        .policy(ConsentPolicy.defaults().withMinimum(Rank.SUBMITTED))
                        .open();
                SmtpChannel smtp = SmtpChannel.builder(
                                "smtp://127.0.0.1:" + mails.getSmtp().getPort() + "?tls=none")
                        .build();
                Outbox outbox =
                        Outbox.builder(store).channel(smtp).consent(ledger).build()) {
            UnsubscribeLinks links = UnsubscribeLinks.builder(URI.create("https://shop.example/unsubscribe"))
                    .key("k1", new byte[32])
                    .build();
            for (String address : List.of("ann@example.com", "bob@example.com")) {
                ledger.record(ledger.person("form")
                        .subscribe(
                                ContactKey.email(address),
                                NEWS,
                                ConsentEvidence.builder().text("yes").build()));
            }

            send(outbox, links, "first", "ann@example.com", "bob@example.com", "eve@example.com");
            MimeMessage toAnn = mails.getReceivedMessagesForDomain("ann@example.com")[0];
            String header = MimeUtility.unfold(toAnn.getHeader("List-Unsubscribe", null));
            URI link = URI.create(header.substring(1, header.indexOf('>')));
            int status = UnsubscribeEndpoint.builder(ledger, links)
                    .build()
                    .answer(new WebRequest(
                            "POST",
                            link.getPath(),
                            Map.of(),
                            toAnn.getHeader("List-Unsubscribe-Post", null).getBytes(StandardCharsets.US_ASCII),
                            null))
                    .status();
            send(outbox, links, "second", "ann@example.com", "bob@example.com");

            assertThat(status).isEqualTo(200);
            assertThat(mails.getReceivedMessagesForDomain("ann@example.com")).hasSize(1);
            assertThat(mails.getReceivedMessagesForDomain("bob@example.com")).hasSize(2);
            assertThat(mails.getReceivedMessagesForDomain("eve@example.com")).isEmpty();
            Map<String, DeliveryState> states =
                    outbox.deliveries(DeliveryQuery.all()).collect(Collectors.toMap(Delivery::key, Delivery::state));
            assertThat(states)
                    .containsEntry("first ann@example.com", DeliveryState.ACCEPTED)
                    .containsEntry("first bob@example.com", DeliveryState.ACCEPTED)
                    .containsEntry("first eve@example.com", DeliveryState.SUPPRESSED)
                    .containsEntry("second ann@example.com", DeliveryState.SUPPRESSED)
                    .containsEntry("second bob@example.com", DeliveryState.ACCEPTED);
        } finally {
            mails.stop();
        }
    }

    private static void send(Outbox outbox, UnsubscribeLinks links, String name, String... to) throws Exception {
        EmailTemplate template = EmailTemplate.builder(name)
                .subject("News for {{name}}")
                .html("<p>Dear {{name}}</p>")
                .sample(Map.of("name", "Ann"))
                .build();
        for (String address : to) {
            Email email = template.fill(Map.of("name", address.split("@")[0]))
                    .from("news@shop.example", "The Shop")
                    .to(address)
                    .marketing(NEWS.toString(), links.unsubscribe(EmailAddress.parse(address), NEWS))
                    .build();
            assertThat(outbox.enqueue(email.toMessage(name + " " + address))).isInstanceOf(EnqueueAnswer.Ack.class);
        }
        try (Workers workers = outbox.startWorkers(WorkerOptions.defaults())) {
            assertThat(workers.awaitIdle(Duration.ofSeconds(30))).isTrue();
        }
    }
}

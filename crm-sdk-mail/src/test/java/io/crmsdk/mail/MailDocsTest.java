package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.consent.ChallengeRequest;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.list.FakeTool;
import io.crmsdk.mail.list.ListContact;
import io.crmsdk.mail.list.ListReport;
import io.crmsdk.mail.list.MailList;
import io.crmsdk.mail.list.MailListSync;
import io.crmsdk.mail.smtp.SmtpChannel;
import io.crmsdk.mail.unsubscribe.PageDesign;
import io.crmsdk.mail.unsubscribe.PreferenceEndpoint;
import io.crmsdk.mail.unsubscribe.UnsubscribeEndpoint;
import io.crmsdk.mail.unsubscribe.UnsubscribeLinks;
import io.crmsdk.mail.web.JdkHandler;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every Java block of docs/mail.md stands here, compiled and run. */
class MailDocsTest {
    private static final byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final KeyPair keys = ConsentIssuer.newKeys();
    private Store store;
    private ConsentLedger ledger;
    private ConsentIssuer issuer;
    private HttpServer server;

    private interface Vault {
        String mailchimpKey();
    }

    @BeforeEach
    void open() throws IOException {
        store = Store.sqlite(folder.resolve("crm.db"));
        ledger = ConsentLedger.builder(store).trustIssuer(keys.getPublic()).open();
        issuer = ConsentIssuer.builder(ledger, keys).build();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        ledger.close();
        store.close();
    }

    @Test
    void the_guide_shows_only_what_runs_here() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/mail.md"))) {
            root = root.getParent();
        }
        String source = Files.readString(root.resolve("crm-sdk-mail/src/test/java/io/crmsdk/mail/MailDocsTest.java"));
        List<String> blocks = new ArrayList<>();
        for (String part : Files.readString(root.resolve("docs/mail.md")).split("```java\n")) {
            blocks.add(part.contains("```") ? part.substring(0, part.indexOf("```")) : part);
        }

        assertThat(blocks).hasSizeGreaterThan(8);
        for (String block : blocks.subList(1, blocks.size())) {
            assertThat(bare(source)).as("block of docs/mail.md:%n%s", block).contains(bare(block));
        }
    }

    private static String bare(String code) {
        return code.replaceAll("\\s+", "");
    }

    private Outbox outbox() {
        return Outbox.builder(store)
                .channel(SmtpChannel.builder("smtps://user:password@mail.shop.example")
                        .build())
                .consent(ledger)
                .build();
    }

    private void agrees(String address, String scope) {
        issuer.confirm(
                issuer.challenge(ChallengeRequest.doubleOptIn(ContactKey.email(address), Scope.of(scope)))
                        .token(),
                "POST",
                ConsentEvidence.builder().build());
    }

    private int call(String method, URI page) throws Exception {
        HttpRequest.BodyPublisher form = method.equals("GET")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click");
        URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + page.getRawPath());
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(here)
                                .method(method, form)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void a_first_mail_is_queued() throws Exception {
        Path invoices = Files.createDirectories(folder.resolve("invoices"));
        Files.writeString(invoices.resolve("4711.pdf"), "%PDF");
        SmtpChannel channel = SmtpChannel.builder("smtps://user:password@mail.shop.example")
                .returnPath(ReturnPath.at(EmailAddress.parse("bounce@shop.example"), secret))
                .build();
        Outbox outbox = Outbox.builder(store)
                .channel(channel)
                .consent(ledger)
                .suppression(SuppressionList.open(store))
                .build();

        Email email = Email.builder()
                .from("shop@shop.example", "Der Laden")
                .to("ann@example.com")
                .subject("Your order 4711")
                .text("Thank you.")
                .html("<p>Thank you.</p>") // the text part is made from it if you give none
                .attach(Attachment.file(
                        invoices, "4711.pdf", "application/pdf")) // its length and hash are checked when it leaves
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .build();
        outbox.enqueue(email.toMessage("order-4711-receipt"));

        assertThat(outbox.deliveries(DeliveryQuery.all())).hasSize(1);
        outbox.close();
        channel.close();
    }

    @Test
    void a_template_is_shown_and_filled() {
        Map<String, Object> sample = Map.of(
                "order",
                Map.of("number", "4711"),
                "name",
                "Ann <3",
                "items",
                List.of(Map.of("title", "Tea", "price", "5")));
        Map<String, Object> values = sample;
        EmailTemplate receipt = EmailTemplate.builder("receipt")
                .subject("Your order {{order.number}}")
                .html("<p>Dear {{name}},</p>{{#items}}<p>{{title}}: {{price}}</p>{{/items}}")
                .build();
        EmailTemplate.Preview shown = receipt.preview(sample);
        Email email = receipt.fill(values)
                .from("shop@shop.example", "Der Laden")
                .to("ann@example.com")
                .build();

        assertThat(shown.html()).contains("Ann &lt;3", "Tea: 5");
        assertThat(email).isNotNull();
    }

    @Test
    void advertising_has_a_way_out_that_works() throws Exception {
        Outbox outbox = outbox();
        PageDesign design = PageDesign.builder().brand("Der Laden").build();
        agrees("ann@example.com", "marketing/coupons");
        UnsubscribeLinks links = UnsubscribeLinks.builder(URI.create("https://shop.example/u"))
                .key("2026", secret) // further keys are read; the first makes new links
                .mailto(EmailAddress.parse("unsubscribe@shop.example"))
                .build();
        server.createContext(
                "/u",
                new JdkHandler(UnsubscribeEndpoint.builder(ledger, links)
                        .design(design)
                        .build()));

        Email coupon = Email.builder()
                .from("shop@shop.example", "Der Laden")
                .to("ann@example.com")
                .subject("A coupon")
                .text("Ten off.")
                .envelopeFrom(EmailAddress.parse("bounce@shop.example"))
                .marketing(
                        "marketing/coupons",
                        links.unsubscribe(EmailAddress.parse("ann@example.com"), Scope.of("marketing/coupons")))
                .build();
        outbox.enqueue(coupon.toMessage("coupon-2026-11-ann"));

        URI link = links.link(EmailAddress.parse("ann@example.com"), Scope.of("marketing/coupons"));
        assertThat(call("GET", link)).isEqualTo(200);
        assertThat(ledger.decide(ContactKey.email("ann@example.com"), Scope.of("marketing/coupons"))
                        .allowed())
                .isTrue();
        assertThat(call("POST", link)).isEqualTo(200);
        assertThat(ledger.decide(ContactKey.email("ann@example.com"), Scope.of("marketing/coupons"))
                        .allowed())
                .isFalse();
        outbox.close();
    }

    @Test
    void the_preference_page_is_served() throws Exception {
        Outbox outbox = outbox();
        UnsubscribeLinks links = UnsubscribeLinks.builder(URI.create("https://shop.example/u"))
                .preferences(URI.create("https://shop.example/preferences"))
                .key("2026", secret)
                .build();
        PageDesign design = PageDesign.builder()
                .brand("Der Laden")
                .contact(EmailAddress.parse("help@shop.example"))
                .topic(Scope.of("marketing/news"), Locale.ENGLISH, "Newsletter")
                .topic(Scope.of("marketing/news"), Locale.CHINESE, "新闻通讯")
                .build();
        PreferenceEndpoint preferences = PreferenceEndpoint.builder(ledger, issuer, outbox, links)
                .from(Mailbox.of("shop@shop.example", "Der Laden"))
                .design(design)
                .build();
        server.createContext("/preferences", new JdkHandler(preferences));

        URI page = links.preferences(EmailAddress.parse("ann@example.com"), Scope.of("marketing/news"));

        assertThat(call("GET", page)).isEqualTo(200);
        outbox.close();
    }

    @Test
    void a_list_of_a_mail_tool_is_kept_in_step() throws Exception {
        Vault vault = () -> "key-us21";
        MailList mailchimp =
                MailList.mailchimp("us21", "3f9a1c", vault::mailchimpKey).build();
        MailListSync sync = MailListSync.builder(store, ledger, mailchimp, Scope.of("marketing/news"))
                .suppression(SuppressionList.open(store))
                .build();

        assertThat(sync.toString()).contains("mailchimp/3f9a1c");
        mailchimp.close();
    }

    @Test
    void who_agreed_comes_to_the_list() throws Exception {
        agrees("ann@example.com", "marketing/news");
        try (FakeTool tool = new FakeTool(FakeTool.Kind.MAILCHIMP);
                MailList list = tool.list()) {
            MailListSync sync = MailListSync.builder(store, ledger, list, Scope.of("marketing/news"))
                    .build();
            ListReport report = sync.run(List.of(ListContact.of(EmailAddress.parse("ann@example.com"))));

            assertThat(report.added()).isEqualTo(1);
        }
    }

    @Test
    void a_sandbox_stands_in_on_staging() throws Exception {
        SmtpChannel smtp =
                SmtpChannel.builder("smtps://user:password@mail.shop.example").build();
        Channel channel = SandboxChannel.builder(Path.of("outgoing"))
                .letThrough(smtp, List.of("@shop.example", "eva@partner.example"))
                .redirectTo(
                        smtp,
                        EmailAddress.parse("staging@shop.example")) // only if somebody wants to see them in a mailbox
                .build();

        assertThat(channel.name()).isEqualTo("smtp");
        assertThat(channel.paused()).startsWith("SANDBOX");
        smtp.close();
        Files.delete(Path.of("outgoing"));
    }

    @Test
    void a_mail_is_signed() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path key = Files.writeString(
                folder.resolve("dkim.pem"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        DkimSigner dkim = DkimSigner.pem("shop.example", "s2026", Files.readString(key));
        Email signed = Email.builder()
                .from("shop@shop.example", "Der Laden")
                .to("ann@example.com")
                .subject("Your order 4711")
                .text("Thank you.")
                .dkim(dkim)
                .build();

        assertThat(new String(signed.toMessage("k").content(), StandardCharsets.UTF_8))
                .contains("DKIM-Signature:");
    }
}

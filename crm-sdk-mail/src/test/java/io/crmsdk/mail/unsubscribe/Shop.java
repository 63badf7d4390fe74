package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.Challenge;
import io.crmsdk.consent.ChallengeRequest;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.MessageKind;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import io.crmsdk.time.TestClock;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A shop with a ledger, an outbox whose mails land in a list, and both pages. */
final class Shop implements AutoCloseable {
    static final Scope NEWS = Scope.of("marketing/news");
    static final Scope EVENTS = Scope.of("marketing/events");
    static final Scope OFFERS = Scope.of("marketing/offers");
    static final EmailAddress ANN = EmailAddress.parse("Ann.Lee@example.com");
    static final EmailAddress BOB = EmailAddress.parse("bob@example.com");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final Pattern LINK = Pattern.compile("https://shop\\.example(/preferences/c1\\S+)");

    final Store store;
    final ConsentLedger ledger;
    final ConsentIssuer issuer;
    final UnsubscribeLinks links;
    final Outbox outbox;
    final TestClock clock = TestClock.at(Instant.parse("2026-11-26T09:10:00Z"));
    final UnsubscribeEndpoint unsubscribe;
    final PreferenceEndpoint preferences;
    private final List<Message> mails = new CopyOnWriteArrayList<>();

    Shop(Path dir) {
        this(dir, design().build());
    }

    Shop(Path dir, PageDesign design) {
        folder(dir);
        store = Store.sqlite(dir.resolve("shop.db"));
        KeyPair keys = ConsentIssuer.newKeys();
        ledger = ConsentLedger.builder(store).trustIssuer(keys.getPublic()).open();
        issuer = ConsentIssuer.builder(ledger, keys).build();
        links = UnsubscribeLinks.builder(URI.create("https://shop.example/unsubscribe"))
                .preferences(URI.create("https://shop.example/preferences"))
                .key("k1", SECRET)
                .build();
        outbox = Outbox.builder(store).channel(new Postbox()).consent(ledger).build();
        unsubscribe = UnsubscribeEndpoint.builder(ledger, links).design(design).build();
        preferences = PreferenceEndpoint.builder(ledger, issuer, outbox, links)
                .from(Mailbox.of("shop@shop.example", "The Shop"))
                .design(design)
                .clock(clock)
                .build();
    }

    private static void folder(Path dir) {
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PageDesign.Builder design() {
        return PageDesign.builder()
                .brand("The <Shop>")
                .contact(EmailAddress.parse("help@shop.example"))
                .topic(NEWS, "Newsletter")
                .topic(NEWS, Locale.CHINESE, "新闻通讯")
                .topic(EVENTS, "Events & workshops")
                .topic(EVENTS, Locale.CHINESE, "活动")
                .topic(OFFERS, "Offers")
                .topic(OFFERS, Locale.CHINESE, "优惠");
    }

    WebReply get(URI link, String... headers) {
        return call("GET", link, "", headers);
    }

    WebReply post(URI link, String form, String... headers) {
        return call("POST", link, form, headers);
    }

    WebReply call(String method, URI link, String form, String... headers) {
        Map<String, List<String>> all = new HashMap<>();
        all.put("Content-Type", List.of("application/x-www-form-urlencoded"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], List.of(headers[i + 1]));
        }
        String query = link.getRawQuery() == null ? "" : "?" + link.getRawQuery();
        WebRequest request = new WebRequest(
                method, link.getRawPath() + query, all, form.getBytes(StandardCharsets.UTF_8), "192.0.2.7");
        return link.getPath().startsWith("/preferences") ? preferences.answer(request) : unsubscribe.answer(request);
    }

    static String page(WebReply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    ConsentDecision.Verdict verdict(EmailAddress address, Scope scope) {
        return ledger.decide(ContactKey.email(address), scope).verdict();
    }

    void subscribe(EmailAddress address, Scope scope) {
        Challenge challenge = issuer.challenge(ChallengeRequest.doubleOptIn(ContactKey.email(address), scope));
        issuer.confirm(challenge.token(), "POST", ConsentEvidence.builder().build());
    }

    /** Sends what is queued, and gives all mails so far. */
    List<Message> mails() {
        try (Workers workers = outbox.startWorkers(WorkerOptions.defaults())) {
            Awaitility.await()
                    .until(() -> outbox.deliveries(DeliveryQuery.all())
                            .allMatch(delivery -> delivery.state().isFinal()));
        }
        return List.copyOf(mails);
    }

    long queued() {
        return outbox.deliveries(DeliveryQuery.all())
                .map(Delivery::key)
                .distinct()
                .count();
    }

    /** The link that the last mail asks to open. */
    URI confirmation() throws Exception {
        List<Message> all = mails();
        MimeMessage mail = mail(all.get(all.size() - 1));
        Matcher link = LINK.matcher(mail.getContent().toString());
        if (!link.find()) {
            throw new AssertionError("no link in the mail");
        }
        return URI.create(link.group(1));
    }

    static MimeMessage mail(Message message) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message.content()));
    }

    @Override
    public void close() {
        outbox.close();
        ledger.close();
        store.close();
    }

    /** Takes every mail, and holds the shop to sending only what a person is owed. */
    private final class Postbox implements Channel {
        @Override
        public String name() {
            return "postbox";
        }

        @Override
        public EnqueueAnswer.Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) {
            if (dispatch.message().kind() != MessageKind.TRANSACTIONAL) {
                throw new IllegalStateException("a confirmation is no advertising");
            }
            dispatch.beginWindow();
            mails.add(dispatch.message());
            for (DispatchRecipient recipient : dispatch.recipients()) {
                dispatch.record(
                        recipient, new Outcome.Accepted(new Evidence("postbox", "250 ok", null, clock.instant())));
            }
        }
    }
}

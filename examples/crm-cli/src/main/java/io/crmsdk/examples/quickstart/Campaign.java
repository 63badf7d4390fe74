package io.crmsdk.examples.quickstart;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.EmailTemplate;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.mail.SubjectMark;
import io.crmsdk.mail.unsubscribe.UnsubscribeEndpoint;
import io.crmsdk.mail.unsubscribe.UnsubscribeLinks;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The coupon campaign: one mail to each address of the registry, for those who agreed. */
final class Campaign {
    /** What the mails are about. */
    static final Scope SCOPE = Scope.of("marketing/coupons");

    private static final int BATCH = 100;

    /** One mail that was stored. */
    record Sent(String key, EmailAddress to, String messageId, ConsentDecision decisionBefore) {}

    private final ConsentLedger ledger;
    private final UnsubscribeLinks links;
    private final EmailTemplate template = EmailTemplate.builder("coupon")
            .subjectMark(SubjectMark.CHINA)
            .subject("{{name}}，您的双十一优惠券")
            .text("{{name}}，您好！\n\n您的优惠券：{{coupon}}，12 月 31 日前有效。\n")
            .sample(Map.of("name", "王小明", "coupon", "C-0001"))
            .build();
    private final Map<String, Sent> stored = new LinkedHashMap<>();
    private final List<Message> waiting = new ArrayList<>();
    private int refused;

    Campaign(ConsentLedger ledger) {
        this.ledger = ledger;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.links = UnsubscribeLinks.builder(URI.create("https://shop.example/u"))
                .key("k1", secret)
                .build();
    }

    /** Everything that was stored, by key. */
    Map<String, Sent> stored() {
        return stored;
    }

    int refused() {
        return refused;
    }

    /**
     * The host's own claim for an existing customer, with its reason as evidence. It is an assertion, the weakest kind of grant:
     * it clears no opt-out.
     */
    void assertExistingCustomer(EmailAddress address, String place) {
        ledger.record(ledger.staff("quickstart")
                .asserted(
                        ContactKey.email(address),
                        SCOPE,
                        ConsentEvidence.builder()
                                .text("existing customer; " + place + " says that mail is accepted")
                                .build()));
    }

    /** Stores one mail; whether it leaves is decided when it would. */
    void add(Outbox outbox, String key, EmailAddress to, String name, String coupon) {
        var email = template.fill(Map.of("name", name, "coupon", coupon))
                .from("shop@shop.example", "")
                .to(new Mailbox(to, null))
                .marketing(SCOPE.toString(), links.unsubscribe(to, SCOPE))
                .build();
        ConsentDecision before = ledger.decide(ContactKey.email(to), SCOPE);
        stored.put(key, new Sent(key, to, email.messageId(key), before));
        waiting.add(email.toMessage(key));
        if (waiting.size() >= BATCH) {
            flush(outbox);
        }
    }

    /** Commits what waits. */
    void flush(Outbox outbox) {
        for (EnqueueAnswer answer : outbox.enqueueAll(waiting)) {
            if (!(answer instanceof EnqueueAnswer.Ack)) {
                stored.remove(answer.key());
                refused++;
            }
        }
        waiting.clear();
    }

    /** The person presses the mail program's own unsubscribe button, while the mail still waits. */
    int oneClick(EmailAddress address) {
        URI link = links.link(address, SCOPE);
        WebReply reply = UnsubscribeEndpoint.builder(ledger, links)
                .build()
                .answer(new WebRequest(
                        "POST",
                        link.getRawQuery() == null ? link.getRawPath() : link.getRawPath() + "?" + link.getRawQuery(),
                        Map.of("Content-Type", List.of("application/x-www-form-urlencoded")),
                        "List-Unsubscribe=One-Click".getBytes(StandardCharsets.UTF_8),
                        null));
        return reply.status();
    }
}

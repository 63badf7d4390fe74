package io.crmsdk.mail.unsubscribe;

import io.crmsdk.CrmException;
import io.crmsdk.consent.Confirmation;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentEvent;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentIssuer;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.PersonWriter;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.MailException;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.mail.web.WebEndpoint;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.time.UtcClock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page where a person sees and chooses what they get, behind {@link UnsubscribeLinks#preferences}.
 *
 * <p>Leaving a topic, or everything, is one POST and takes effect before it is answered. Subscribing is never done by this
 * page: it sends a mail through the outbox, and only the button behind that mail's link, pressed while the {@linkplain
 * io.crmsdk.consent.Challenge challenge} is good, makes the confirmed grant. What the person said no to in between stays a no. GET and
 * HEAD change nothing. No page says to somebody without a link of ours anything about anybody: every link that is not, to
 * the last bit, one we made gets the same answer; and whoever asks for a confirmation is told the same whether or not one
 * could be sent.
 *
 * <p>Thread-safe. Mounted at {@link #path()}, for example by {@link io.crmsdk.mail.web.JdkHandler}.
 *
 * <pre>{@code
 * PreferenceEndpoint preferences = PreferenceEndpoint.builder(ledger, issuer, outbox, links)
 *         .from(Mailbox.of("shop@shop.example", "The Shop"))
 *         .design(PageDesign.builder().brand("The Shop").topic(Scope.of("marketing/news"), "Newsletter").build())
 *         .build();
 * }</pre>
 */
public final class PreferenceEndpoint implements WebEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(PreferenceEndpoint.class);
    private static final int MAX_BODY = 16_384;
    private static final String WAY = "preference page";

    private final ConsentLedger ledger;
    private final ConsentIssuer issuer;
    private final UnsubscribeLinks links;
    private final Pages pages;
    private final OptInMail optIn;

    private PreferenceEndpoint(Builder builder, Mailbox from) {
        ledger = builder.ledger;
        issuer = builder.issuer;
        links = builder.links;
        pages = new Pages(builder.design);
        optIn = new OptInMail(
                ledger, issuer, builder.outbox, links, builder.design, from, builder.envelopeFrom, builder.clock);
    }

    /**
     * Starts an endpoint.
     *
     * @param issuer asks for confirmations and takes them
     * @param outbox sends the mail that asks, by its first channel
     * @param links built with {@link UnsubscribeLinks.Builder#preferences}
     */
    public static Builder builder(ConsentLedger ledger, ConsentIssuer issuer, Outbox outbox, UnsubscribeLinks links) {
        return new Builder(ledger, issuer, outbox, links);
    }

    /** The path at which it is to be mounted. */
    public String path() {
        return links.preferencePage().getRawPath();
    }

    /** {@code GET}, {@code HEAD}, {@code POST}. */
    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD", "POST");
    }

    /** 16 KiB; its own forms send some 50 bytes. */
    @Override
    public int maxBody() {
        return MAX_BODY;
    }

    @Override
    public WebReply answer(WebRequest request) {
        Language spoken = pages.language(request);
        if (!methods().contains(request.method())) {
            return WebReply.of(405);
        }
        String token = Visit.token(request);
        ConfirmationTicket confirmation = links.readConfirmation(token);
        PreferenceTicket ticket = confirmation == null ? links.readPreferences(token) : confirmation.ticket();
        if (ticket == null) {
            return pages.broken(404, spoken);
        }
        try {
            if (confirmation != null) {
                return request.isReading() ? askAgain(spoken, ticket) : confirm(request, spoken, confirmation);
            }
            return request.isReading() ? show(spoken, ticket) : change(request, spoken, ticket);
        } catch (CrmException e) {
            LOG.error("the preference page could not be served ({}); the reader was told to try again", e.code(), e);
            return pages.later(request.isReading() ? PageText.LATER : failed(request), spoken);
        }
    }

    private static PageText failed(WebRequest request) {
        return FormFields.of(request).has("leave") ? PageText.LATER_LEAVE : PageText.LATER;
    }

    private WebReply show(Language spoken, PreferenceTicket ticket) {
        return topics(pages.page(200, PageText.PREFERENCES_TITLE, spoken, ticket.shown(), ticket.scope()), ticket)
                .switchable()
                .reply();
    }

    /** All topics, how they stand, and what can be done. */
    private Pages.Page topics(Pages.Page page, PreferenceTicket ticket) {
        page.text(PageText.PREFERENCES_INTRO).beginTopics();
        for (Scope scope : offered(ticket)) {
            ConsentDecision.Verdict verdict = ledger.decide(ticket.key(), scope).verdict();
            page.topic(scope, state(verdict), buttons(verdict, scope, scope.equals(ticket.scope())));
        }
        return page.endTopics()
                .hint(PageText.JOIN_HINT)
                .heading(PageText.ALL_HEADING)
                .hint(PageText.ALL_HINT)
                .form(List.of(new Pages.Button("leave", Scope.ALL.toString(), PageText.LEAVE_ALL)));
    }

    /** The named topics, and before them what the mail was about if it has no name. */
    private Set<Scope> offered(PreferenceTicket ticket) {
        Set<Scope> offered = new LinkedHashSet<>();
        if (!ticket.scope().equals(Scope.ALL)) {
            boolean named = pages.design().names(ticket.scope());
            if (!named) {
                offered.add(ticket.scope());
            }
        }
        offered.addAll(pages.design().topics());
        offered.remove(Scope.ALL);
        return offered;
    }

    private static PageText state(ConsentDecision.Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> PageText.SUBSCRIBED;
            case OPTED_OUT, UNKNOWN -> PageText.NOT_SUBSCRIBED;
            case HOLD -> PageText.STATE_UNKNOWN;
        };
    }

    /** Whoever holds a mail about something can say no to it, even where the ledger knows of no yes. */
    private static List<Pages.Button> buttons(ConsentDecision.Verdict verdict, Scope scope, boolean ofTheMail) {
        Pages.Button leave = new Pages.Button("leave", scope.toString(), PageText.LEAVE);
        Pages.Button join = new Pages.Button("join", scope.toString(), PageText.JOIN);
        return switch (verdict) {
            case ALLOWED, HOLD -> List.of(leave);
            case OPTED_OUT -> List.of(join);
            case UNKNOWN -> ofTheMail ? List.of(join, leave) : List.of(join);
        };
    }

    private WebReply change(WebRequest request, Language spoken, PreferenceTicket ticket) {
        FormFields form = FormFields.of(request);
        if (form.has("leave") == form.has("join")) {
            return pages.broken(400, spoken);
        }
        boolean leaves = form.has("leave");
        String wanted = leaves ? form.get("leave") : form.get("join");
        if (leaves && wanted.equals(Scope.ALL.toString())) {
            return left(request, spoken, ticket.about(Scope.ALL), ticket);
        }
        for (Scope scope : offered(ticket)) {
            if (scope.toString().equals(wanted)) {
                return leaves ? left(request, spoken, ticket.about(scope), ticket) : asked(spoken, ticket.about(scope));
            }
        }
        return pages.broken(400, spoken);
    }

    private WebReply left(WebRequest request, Language spoken, PreferenceTicket left, PreferenceTicket ticket) {
        ConsentEvidence evidence = Visit.evidence(request, path(), "page POST")
                .language(spoken.tag())
                .build();
        ledger.record(optOut(left, evidence));
        PageText done = left.scope().equals(Scope.ALL) ? PageText.LEFT_ALL : PageText.LEFT;
        Pages.Page page = pages.page(200, PageText.LEFT_TITLE, spoken, ticket.shown(), left.scope());
        return topics(page.status(done), ticket).reply();
    }

    /** A known customer who leaves everything objects to all advertising, at every address. */
    private ConsentEvent optOut(PreferenceTicket left, ConsentEvidence evidence) {
        PersonWriter person = ledger.person(WAY);
        return left.person() != null && left.scope().equals(Scope.ALL)
                ? person.object(List.of(left.key(), left.person()), evidence)
                : person.unsubscribe(left.key(), left.scope(), evidence);
    }

    private WebReply asked(Language spoken, PreferenceTicket wanted) {
        if (!optIn.ask(wanted, spoken)) {
            return pages.later(PageText.LATER, spoken);
        }
        return pages.page(200, PageText.ASKED_TITLE, spoken, wanted.shown(), wanted.scope())
                .status(PageText.ASKED)
                .link(links.preferences(wanted), PageText.TO_PREFERENCES)
                .reply();
    }

    private WebReply askAgain(Language spoken, PreferenceTicket ticket) {
        return pages.page(200, PageText.CONFIRM_TITLE, spoken, ticket.shown(), ticket.scope())
                .text(PageText.CONFIRM_QUESTION)
                .form(List.of(new Pages.Button("confirm", "yes", PageText.CONFIRM)))
                .switchable()
                .reply();
    }

    private WebReply confirm(WebRequest request, Language spoken, ConfirmationTicket confirmation) {
        PreferenceTicket ticket = confirmation.ticket();
        if (!FormFields.of(request).get("confirm").equals("yes")) {
            // Only the button confirms: a program that POSTs to every link it finds is nobody's yes.
            return pages.broken(400, spoken);
        }
        ConsentEvidence evidence = Visit.evidence(request, path(), "double opt-in POST")
                .text(pages.design().text(PageText.CONFIRM_QUESTION, spoken))
                .language(spoken.tag())
                .build();
        Confirmation answer = issuer.confirm(confirmation.challenge(), "POST", evidence);
        return switch (answer.outcome()) {
            case CONFIRMED, ALREADY_CONFIRMED -> confirmed(spoken, ticket);
            case EXPIRED, TOO_EARLY -> notConfirmed(spoken, ticket, PageText.CONFIRM_EXPIRED);
            case UNKNOWN_TOKEN, NOT_SIGNED, NOT_A_POST -> pages.broken(404, spoken);
        };
    }

    /** A grant is there; whether it permits anything is what the ledger says, and no more is claimed. */
    private WebReply confirmed(Language spoken, PreferenceTicket ticket) {
        if (!ledger.decide(ticket.key(), ticket.scope()).allowed()) {
            return notConfirmed(spoken, ticket, PageText.CONFIRM_OVERTAKEN);
        }
        return pages.page(200, PageText.CONFIRMED_TITLE, spoken, ticket.shown(), ticket.scope())
                .status(PageText.CONFIRMED)
                .link(links.preferences(ticket), PageText.TO_PREFERENCES)
                .reply();
    }

    private WebReply notConfirmed(Language spoken, PreferenceTicket ticket, PageText why) {
        return pages.page(409, PageText.NOT_CONFIRMED_TITLE, spoken, ticket.shown(), ticket.scope())
                .alert(why)
                .link(links.preferences(ticket), PageText.TO_PREFERENCES)
                .reply();
    }

    @Override
    public String toString() {
        return "PreferenceEndpoint[" + path() + "]";
    }

    /** Collects a {@link PreferenceEndpoint}; not thread-safe. */
    public static final class Builder {
        private final ConsentLedger ledger;
        private final ConsentIssuer issuer;
        private final Outbox outbox;
        private final UnsubscribeLinks links;
        private PageDesign design = PageDesign.defaults();
        private @Nullable Mailbox from;
        private @Nullable EmailAddress envelopeFrom;
        private UtcClock clock = UtcClock.system();

        private Builder(ConsentLedger ledger, ConsentIssuer issuer, Outbox outbox, UnsubscribeLinks links) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.issuer = Objects.requireNonNull(issuer, "issuer");
            this.outbox = Objects.requireNonNull(outbox, "outbox");
            this.links = Objects.requireNonNull(links, "links");
        }

        /** Who the mail that asks for a confirmation is from; needed. */
        public Builder from(Mailbox mailbox) {
            this.from = Objects.requireNonNull(mailbox, "mailbox");
            return this;
        }

        /** Where reports about that mail go; without it, to the sender. */
        public Builder envelopeFrom(EmailAddress address) {
            this.envelopeFrom = Objects.requireNonNull(address, "address");
            return this;
        }

        /** How the pages look and what they say, and which topics there are. */
        public Builder design(PageDesign design) {
            this.design = Objects.requireNonNull(design, "design");
            return this;
        }

        /** The clock for the mail's date and for how many mails an address got. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * The endpoint.
         *
         * @throws MailException {@code CONFIG} without a sender, or if the links know no preference page
         */
        public PreferenceEndpoint build() {
            if (from == null) {
                throw new MailException("CONFIG", "preference page: no sender of its mails; call from(...)", null);
            }
            PreferenceEndpoint endpoint = new PreferenceEndpoint(this, from);
            endpoint.path();
            return endpoint;
        }
    }
}

package io.crmsdk.mail.unsubscribe;

import io.crmsdk.CrmException;
import io.crmsdk.Redaction;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.Scope;
import io.crmsdk.mail.web.WebEndpoint;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind the {@linkplain UnsubscribeLinks links}.
 *
 * <p>GET and HEAD change nothing, however many programs follow the link: they show a page that asks. POST unsubscribes, from
 * the page as from a mail program's one click (RFC 8058), and is answered with 2xx only once the ledger has it on stable
 * storage; otherwise with 503, so that the mail program tries again. Each POST is an act of its own, so an old link works
 * again after a new subscription. The link alone says who leaves what; nothing in the body, no cookie and no login can
 * change that. A link that was not made by us changes nothing and tells nothing.
 *
 * <p>Thread-safe. Mounted at {@link #path()}, for example by {@link io.crmsdk.mail.web.JdkHandler}.
 */
public final class UnsubscribeEndpoint implements WebEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(UnsubscribeEndpoint.class);
    private static final int MAX_BODY = 16_384;

    private final ConsentLedger ledger;
    private final UnsubscribeLinks links;
    private final Pages pages;

    private UnsubscribeEndpoint(Builder builder) {
        ledger = builder.ledger;
        links = builder.links;
        pages = new Pages(builder.design);
    }

    /** Starts an endpoint that writes to a ledger what people say by these links. */
    public static Builder builder(ConsentLedger ledger, UnsubscribeLinks links) {
        return new Builder(ledger, links);
    }

    /** The path at which it is to be mounted: that of the links. */
    public String path() {
        return links.path();
    }

    /** {@code GET}, {@code HEAD}, {@code POST}. */
    @Override
    public Set<String> methods() {
        return Set.of("GET", "HEAD", "POST");
    }

    /** 16 KiB; a mail program's one click has some 30 bytes. */
    @Override
    public int maxBody() {
        return MAX_BODY;
    }

    @Override
    public WebReply answer(WebRequest request) {
        Language spoken = pages.language(request);
        Optional<UnsubscribeTicket> ticket = links.read(Visit.token(request));
        if (ticket.isEmpty()) {
            return pages.broken(404, spoken);
        }
        if (request.isReading()) {
            return ask(spoken, ticket.get());
        }
        return request.method().equals("POST") ? leave(spoken, ticket.get(), request) : WebReply.of(405);
    }

    private WebReply ask(Language spoken, UnsubscribeTicket ticket) {
        List<Pages.Button> buttons = new ArrayList<>();
        buttons.add(new Pages.Button("leave", "topic", PageText.LEAVE));
        if (!ticket.scope().equals(Scope.ALL)) {
            buttons.add(new Pages.Button("leave", "all", PageText.LEAVE_ALL));
        }
        return pages.page(200, PageText.LEAVE_TITLE, spoken, shown(ticket), ticket.scope())
                .text(PageText.LEAVE_QUESTION)
                .form(buttons)
                .switchable()
                .reply();
    }

    /** Enough for the owner to know which address is meant, too little for anybody else. */
    private static String shown(UnsubscribeTicket ticket) {
        return Redaction.email(ticket.key().address());
    }

    private WebReply leave(Language spoken, UnsubscribeTicket ticket, WebRequest request) {
        FormFields form = FormFields.of(request);
        boolean all = form.get("leave").equals("all");
        boolean byPage = form.has("leave");
        Scope scope = all ? Scope.ALL : ticket.scope();
        String way = byPage ? "unsubscribe page" : "one-click";
        ConsentEvidence.Builder evidence =
                Visit.evidence(request, links.path(), byPage ? "page POST" : "one-click POST");
        if (byPage) {
            evidence.language(spoken.tag());
        }
        try {
            ledger.record(ledger.person(way).unsubscribe(ticket.key(), scope, evidence.build()));
        } catch (CrmException e) {
            LOG.error(
                    "an unsubscribe request could not be recorded ({}); the sender was told to try again", e.code(), e);
            return pages.later(PageText.LATER_LEAVE, spoken);
        }
        return pages.page(200, PageText.LEFT_TITLE, spoken, shown(ticket), scope)
                .status(scope.equals(Scope.ALL) ? PageText.LEFT_ALL : PageText.LEFT)
                .reply();
    }

    @Override
    public String toString() {
        return "UnsubscribeEndpoint[" + links + "]";
    }

    /** Collects an {@link UnsubscribeEndpoint}; not thread-safe. */
    public static final class Builder {
        private final ConsentLedger ledger;
        private final UnsubscribeLinks links;
        private PageDesign design = PageDesign.defaults();

        private Builder(ConsentLedger ledger, UnsubscribeLinks links) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.links = Objects.requireNonNull(links, "links");
        }

        /** How the pages look and what they say. */
        public Builder design(PageDesign design) {
            this.design = Objects.requireNonNull(design, "design");
            return this;
        }

        /** The endpoint. */
        public UnsubscribeEndpoint build() {
            return new UnsubscribeEndpoint(this);
        }
    }
}

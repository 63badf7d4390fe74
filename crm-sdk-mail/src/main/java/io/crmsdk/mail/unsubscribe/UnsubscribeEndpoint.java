package io.crmsdk.mail.unsubscribe;

import io.crmsdk.CrmException;
import io.crmsdk.Redaction;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.Scope;
import io.crmsdk.model.EmailAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands behind the {@linkplain UnsubscribeLinks links}: for any HTTP server that can hand over a request.
 *
 * <p>GET and HEAD change nothing, however many programs follow the link: they show a page that asks. POST unsubscribes, from
 * the page as from a mail program's one click (RFC 8058), and is answered with 2xx only once the ledger has it on stable
 * storage; otherwise with 503, so that the mail program tries again. Each POST is an act of its own, so an old link works
 * again after a new subscription. The link alone says who leaves what; nothing in the body, no cookie and no login can
 * change that. A link that was not made by us changes nothing and tells nothing.
 *
 * <p>Thread-safe. For the JDK's server there is {@link UnsubscribeHttpHandler}.
 */
public final class UnsubscribeEndpoint {
    /** The most bytes of a body that are looked at. */
    public static final int MAX_BODY = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(UnsubscribeEndpoint.class);
    private static final String HTML = "text/html; charset=utf-8";
    private static final int MAX_HEADER = 500;

    private final ConsentLedger ledger;
    private final UnsubscribeLinks links;
    private final Pages pages;
    private final Pages.Language language;
    private final Map<Scope, String> topics;

    private UnsubscribeEndpoint(Builder builder) {
        ledger = builder.ledger;
        links = builder.links;
        pages = new Pages(builder.brand, builder.contact);
        language = builder.language;
        topics = Map.copyOf(builder.topics);
    }

    /** Starts an endpoint that writes to a ledger what people say by these links. */
    public static Builder builder(ConsentLedger ledger, UnsubscribeLinks links) {
        return new Builder(ledger, links);
    }

    /** The path at which it is to be mounted: that of the links. */
    public String path() {
        return links.path();
    }

    /** Answers one request. Throws nothing: what goes wrong is a status. */
    public UnsubscribeReply handle(UnsubscribeRequest request) {
        Pages.Language spoken = Pages.Language.of(request.header("accept-language"), language);
        String method = request.method().toUpperCase(Locale.ROOT);
        if (method.equals("OPTIONS")) {
            return reply(204, "", Map.of("Allow", "GET, HEAD, POST, OPTIONS"));
        }
        boolean asks = method.equals("GET") || method.equals("HEAD");
        if (!asks && !method.equals("POST")) {
            return reply(405, "", Map.of("Allow", "GET, HEAD, POST, OPTIONS"));
        }
        Optional<UnsubscribeTicket> ticket = links.read(token(request.target()));
        if (ticket.isEmpty()) {
            return reply(404, pages.unreadable(spoken), Map.of());
        }
        return asks ? ask(spoken, ticket.get()) : leave(spoken, ticket.get(), request);
    }

    /** The last part of the path; a slash that some program added does not matter. */
    private static String token(String target) {
        String path = target.split("[?#]", 2)[0];
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return bare.substring(bare.lastIndexOf('/') + 1);
    }

    private UnsubscribeReply ask(Pages.Language spoken, UnsubscribeTicket ticket) {
        boolean everything = !ticket.scope().equals(Scope.ALL);
        return reply(200, pages.ask(spoken, shown(ticket), topic(ticket.scope()), everything), Map.of());
    }

    private @Nullable String topic(Scope scope) {
        return topics.get(scope);
    }

    /** Enough for the owner to know which address is meant, too little for anybody else. */
    private static String shown(UnsubscribeTicket ticket) {
        return Redaction.email(ticket.key().address());
    }

    private UnsubscribeReply leave(Pages.Language spoken, UnsubscribeTicket ticket, UnsubscribeRequest request) {
        Map<String, String> form = form(request);
        boolean all = "all".equals(form.get("leave"));
        boolean byPage = form.containsKey("leave");
        Scope scope = all ? Scope.ALL : ticket.scope();
        String way = byPage ? "unsubscribe page" : "one-click";
        try {
            ledger.record(ledger.person(way).unsubscribe(ticket.key(), scope, evidence(request, spoken, byPage)));
        } catch (CrmException e) {
            LOG.error(
                    "an unsubscribe request could not be recorded ({}); the sender was told to try again", e.code(), e);
            return reply(503, pages.later(spoken), Map.of("Retry-After", "60"));
        }
        return reply(200, pages.done(spoken, shown(ticket), all), Map.of());
    }

    private ConsentEvidence evidence(UnsubscribeRequest request, Pages.Language spoken, boolean byPage) {
        ConsentEvidence.Builder evidence = ConsentEvidence.builder()
                .method(byPage ? "page POST" : "one-click POST")
                .place(links.path());
        if (byPage) {
            evidence.language(spoken.tag());
        }
        String agent = request.header("user-agent");
        if (!agent.isEmpty()) {
            evidence.userAgent(agent.substring(0, Math.min(agent.length(), MAX_HEADER)));
        }
        String remote = request.remote();
        return remote == null ? evidence.build() : evidence.ip(remote).build();
    }

    /** Only the page's own fields matter, and those come urlencoded; anything else is somebody's one click. */
    private static Map<String, String> form(UnsubscribeRequest request) {
        Map<String, String> form = new HashMap<>();
        byte[] body = request.body();
        if (!request.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            return form;
        }
        String text = new String(body, 0, Math.min(body.length, MAX_BODY), StandardCharsets.UTF_8);
        for (String pair : text.split("&", 0)) {
            int cut = pair.indexOf('=');
            if (cut > 0) {
                form.putIfAbsent(decode(pair.substring(0, cut)), decode(pair.substring(cut + 1)));
            }
        }
        return form;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not one of ours then; taken as it stands it matches nothing.
            return text;
        }
    }

    private static UnsubscribeReply reply(int status, String page, Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Cache-Control", "no-store");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Robots-Tag", "noindex");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        if (!page.isEmpty()) {
            headers.put("Content-Type", HTML);
        }
        return new UnsubscribeReply(status, headers, page.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "UnsubscribeEndpoint[" + links + "]";
    }

    /** Collects an {@link UnsubscribeEndpoint}; not thread-safe. */
    public static final class Builder {
        private final ConsentLedger ledger;
        private final UnsubscribeLinks links;
        private final Map<Scope, String> topics = new HashMap<>();
        private String brand = "";
        private @Nullable EmailAddress contact;
        private Pages.Language language = Pages.Language.ENGLISH;

        private Builder(ConsentLedger ledger, UnsubscribeLinks links) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.links = Objects.requireNonNull(links, "links");
        }

        /** Whose mails these are, as the pages say it. */
        public Builder brand(String brand) {
            this.brand = Objects.requireNonNull(brand, "brand");
            return this;
        }

        /** Whom to write to when a link does not work. */
        public Builder contact(EmailAddress address) {
            this.contact = Objects.requireNonNull(address, "address");
            return this;
        }

        /** What the pages call a scope. */
        public Builder topic(Scope scope, String name) {
            topics.put(Objects.requireNonNull(scope, "scope"), Objects.requireNonNull(name, "name"));
            return this;
        }

        /** The pages' language for those whose browser asks for neither English nor Chinese; English unless stated. */
        public Builder language(Locale locale) {
            this.language = locale.getLanguage().equals("zh") ? Pages.Language.CHINESE : Pages.Language.ENGLISH;
            return this;
        }

        /** The endpoint. */
        public UnsubscribeEndpoint build() {
            return new UnsubscribeEndpoint(this);
        }
    }
}

package io.crmsdk.mail.provider;

import io.crmsdk.consent.ConsentEvent;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.ProviderWriter;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.model.ModelException;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.suppression.SuppressionList;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the webhook calls of one provider: proves that they are its own, keeps them, and says what is new in them.
 *
 * <p>A call is answered with success only once its raw bytes, its events and the opt-outs in it are committed, in one transaction. The
 * same call again, and the same event in another call, says nothing new. What a person did at the provider (unsubscribed, complained) goes
 * into the consent ledger as an opt-out; nothing that comes by webhook ever permits anything. With an outbox, an event settles the
 * delivery that it is about: see {@link Builder#deliveries}. Thread-safe.
 *
 * <pre>{@code
 * WebhookReceiver receiver = WebhookReceiver.builder(WebhookScheme.sendGrid(List.of(publicKey)), store)
 *         .consent(ledger, scope -> Scope.of("marketing"))
 *         .build();
 * WebhookVerdict verdict = receiver.receive(request, clock.instant());
 * respond(verdict.status());
 * }</pre>
 */
public final class WebhookReceiver {
    /** The most bytes of a body; providers send far less. */
    public static final int MAX_BODY = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(WebhookReceiver.class);
    private static final int MOST_RUNS = 3;

    private final WebhookScheme scheme;
    private final Store store;
    private final Duration tolerance;
    private final @Nullable ConsentLedger ledger;
    private final Function<String, Scope> scopes;
    private final Consumer<? super WebhookEvent> listener;
    private final @Nullable EventIntake intake;

    private WebhookReceiver(Builder builder) {
        scheme = builder.scheme;
        store = builder.store;
        tolerance = builder.tolerance;
        ledger = builder.ledger;
        scopes = builder.scopes;
        listener = builder.listener;
        intake = builder.outbox == null ? null : new EventIntake(builder.outbox, builder.suppression, builder.lookback);
    }

    /** A receiver for one provider that keeps what comes in a store. */
    public static Builder builder(WebhookScheme scheme, Store store) {
        return new Builder(scheme, store);
    }

    /**
     * Proves a call and reads it, without keeping anything: for tests of a set-up. What was seen before is not told apart.
     *
     * @param now the present, from the host's clock
     */
    public WebhookVerdict verify(WebhookRequest request, Instant now) {
        try {
            Report report = read(request, now);
            return accepted(report, report.entries());
        } catch (Refused e) {
            return refused(e);
        }
    }

    /**
     * Proves a call, keeps it, and says what is new.
     *
     * @param now the present, from the host's clock
     * @throws StoreException if it could not be kept; answer with a status of 500, the provider sends it again
     * @throws io.crmsdk.delivery.DeliveryException if a delivery that it is about could not be settled now; answer in the same way
     */
    public WebhookVerdict receive(WebhookRequest request, Instant now) {
        try {
            Report report = read(request, now);
            List<Report.Entry> fresh = keep(report, request.raw());
            fresh.forEach(entry -> tell(entry.event()));
            return accepted(report, fresh);
        } catch (Refused e) {
            return refused(e);
        }
    }

    private Report read(WebhookRequest request, Instant now) throws Refused {
        if (!request.method().equals("POST")) {
            throw new Refused("METHOD");
        }
        if (request.raw().length > MAX_BODY) {
            throw new Refused("LIMIT_EXCEEDED");
        }
        return scheme.read(request, now, tolerance);
    }

    /**
     * Without deliveries all of it is one transaction. With them the call and its opt-outs are kept first and its events are entered
     * last: whoever dies between finds them unknown when the provider sends the call again, and what was settled is settled alike.
     */
    private List<Report.Entry> keep(Report report, byte[] body) throws Refused {
        Kept kept = repeating(() -> store.inTransaction(connection -> first(connection, report, body)));
        if (kept.replayed() != null) {
            throw kept.replayed();
        }
        EventIntake joined = intake;
        if (joined == null || kept.fresh().isEmpty()) {
            return kept.fresh();
        }
        List<EventIntake.Settled> settled = joined.settle(scheme, kept.fresh(), kept.receivedAt());
        return repeating(() -> store.inTransaction(connection -> {
            List<Report.Entry> fresh = WebhookBook.enter(connection, scheme.provider(), report, body, kept.fresh());
            joined.suppress(connection, scheme.provider(), settled, kept.receivedAt());
            return fresh;
        }));
    }

    /** Two calls of the same key at once: one of them finds the other's row when it runs again. */
    private static <T> T repeating(Supplier<T> step) {
        for (int run = 1; ; run++) {
            try {
                return step.get();
            } catch (StoreException e) {
                if (run == MOST_RUNS || !e.code().equals("STORE_DUPLICATE")) {
                    throw e;
                }
            }
        }
    }

    private record Kept(
            List<Report.Entry> fresh,
            Instant receivedAt,
            @Nullable Refused replayed) {}

    private Kept first(Connection connection, Report report, byte[] body) throws SQLException {
        long now = store.nowMicros(connection);
        try {
            long receivedUs = WebhookBook.keepCall(connection, scheme.provider(), report, body, now);
            List<Report.Entry> fresh = WebhookBook.unknown(connection, scheme.provider(), report);
            record(connection, fresh);
            if (intake == null) {
                WebhookBook.enter(connection, scheme.provider(), report, body, fresh);
            }
            return new Kept(fresh, Instant.EPOCH.plus(receivedUs, ChronoUnit.MICROS), null);
        } catch (Refused e) {
            return new Kept(List.of(), Instant.EPOCH, e);
        }
    }

    private void record(Connection connection, List<Report.Entry> entries) throws SQLException {
        ConsentLedger book = ledger;
        if (book == null) {
            return;
        }
        ProviderWriter writer = book.provider(scheme.provider());
        List<ConsentEvent> events = new ArrayList<>();
        for (Report.Entry entry : entries) {
            WebhookEvent event = entry.event();
            boolean complained = event.type() == WebhookEvent.Type.COMPLAINED;
            ContactKey key = complained || event.type() == WebhookEvent.Type.UNSUBSCRIBED ? contact(event) : null;
            if (key != null) {
                Scope scope = scopes.apply(event.scope() == null ? "all" : event.scope());
                ConsentEvidence evidence = ConsentEvidence.builder()
                        .text(scheme.provider() + " reported: " + event.type().text())
                        .build();
                events.add(
                        complained
                                ? writer.complained(entry.key(), key, scope, evidence)
                                : writer.unsubscribed(entry.key(), key, scope, evidence));
            }
        }
        book.recordAll(connection, events);
    }

    private @Nullable ContactKey contact(WebhookEvent event) {
        try {
            return ContactKey.email(event.recipient());
        } catch (ConsentException | ModelException e) {
            LOG.warn(
                    "{} reported that a person {} but names no address ({}); the call is kept, look at it",
                    scheme.provider(),
                    event.type().text(),
                    e.code());
            return null;
        }
    }

    /** What is committed stays so, whatever a listener does. */
    private void tell(WebhookEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("a listener to {} failed on {}; the event is kept", scheme.provider(), event, e);
        }
    }

    private static WebhookVerdict accepted(Report report, List<Report.Entry> entries) {
        return new WebhookVerdict(
                true, "OK", entries.stream().map(Report.Entry::event).toList(), report.confirm());
    }

    private WebhookVerdict refused(Refused why) {
        LOG.info("a webhook call in the name of {} was refused: {}", scheme.provider(), why.code());
        return new WebhookVerdict(false, why.code(), List.of(), null);
    }

    /** Collects how to receive; not thread-safe. */
    public static final class Builder {
        private final WebhookScheme scheme;
        private final Store store;
        private Duration tolerance = Duration.ofMinutes(5);
        private @Nullable ConsentLedger ledger;
        private Function<String, Scope> scopes = scope -> Scope.of("marketing");
        private Consumer<? super WebhookEvent> listener = event -> {};
        private @Nullable Outbox outbox;
        private @Nullable SuppressionList suppression;
        private Duration lookback = Duration.ofDays(7);

        private Builder(WebhookScheme scheme, Store store) {
            this.scheme = Objects.requireNonNull(scheme, "scheme");
            this.store = Objects.requireNonNull(store, "store");
            if (scheme instanceof MailgunScheme) {
                // Its documentation warns against being strict; its tokens are remembered for good.
                tolerance = Duration.ofMinutes(15);
            }
        }

        /** How far a signed time may lie from the present, both ways; five minutes if not said, fifteen for Mailgun. */
        public Builder tolerance(Duration tolerance) {
            if (tolerance.isNegative() || tolerance.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("tolerance: expected 0 to 24 hours, got " + tolerance);
            }
            this.tolerance = tolerance;
            return this;
        }

        /**
         * Records unsubscribes and complaints.
         *
         * @param ledger of the same store
         * @param scopes what a provider's scope is here, see {@link WebhookEvent#scope()}; {@code all} for a complaint
         */
        public Builder consent(ConsentLedger ledger, Function<String, Scope> scopes) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.scopes = Objects.requireNonNull(scopes, "scopes");
            return this;
        }

        /**
         * Settles the deliveries that events are about, and suppresses their addresses.
         *
         * <p>An event is about a delivery if it goes to its recipient and brings back the message's id, which the channels of this
         * package tell the provider; or else if it names the id that the provider gave when it took the mail, or the Message-ID of a
         * mail made by {@link io.crmsdk.mail.Email}. The latter two are searched among what was enqueued lately, see {@link #lookback}.
         * An event that is about nothing that was sent from here suppresses nobody.
         *
         * <p>What follows does not depend on the order of events: complained outweighs bounced, that outweighs delivered, that outweighs
         * accepted. An address is suppressed for hard bounces and complaints at once, for soft bounces as the list counts them.
         *
         * @param outbox of the same store
         * @param suppression of the same store
         */
        public Builder deliveries(Outbox outbox, SuppressionList suppression) {
            this.outbox = Objects.requireNonNull(outbox, "outbox");
            this.suppression = Objects.requireNonNull(suppression, "suppression");
            return this;
        }

        /**
         * How long before an event its message may have been enqueued to be found by the provider's id or the Message-ID alone; seven
         * days if not said, zero for never. Such a search reads every delivery of that time once: shorten it where there are millions
         * and the provider's account also sends for others.
         */
        public Builder lookback(Duration lookback) {
            if (lookback.isNegative()) {
                throw new IllegalArgumentException("lookback: expected zero or more, got " + lookback);
            }
            this.lookback = lookback;
            return this;
        }

        /** Hears of each new event once it is committed. */
        public Builder listener(Consumer<? super WebhookEvent> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** The receiver. */
        public WebhookReceiver build() {
            return new WebhookReceiver(this);
        }
    }
}

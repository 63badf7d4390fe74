package io.crmsdk.mail.bounce;

import io.crmsdk.consent.ConsentEvent;
import io.crmsdk.consent.ConsentEvidence;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.delivery.Confirmation;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.ReturnPath;
import io.crmsdk.mail.unsubscribe.UnsubscribeLinks;
import io.crmsdk.mail.unsubscribe.UnsubscribeTicket;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionEvent;
import io.crmsdk.suppression.SuppressionList;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mails that came back, from wherever they are read, and makes of each once what follows from it: the state of the delivery it is
 * about, a suppressed address, an opt-out.
 *
 * <p>A mail is kept with its bytes before anything else, and done when all that follows is durable; one that was taken half way, for
 * example because the process was killed, is taken again from the beginning, which changes nothing twice. So whoever reads a mailbox
 * may remove a mail once {@link #take} returned.
 *
 * <p>A report is about a delivery if the return path it came to, or that the mail it encloses had, carries a token of
 * {@link ReturnPath}, or if its {@code Original-Envelope-Id} is the id of a message, and if it names a recipient of that message (or
 * none, and the message had one). What is about no delivery is kept and changes nothing, so that nobody can have an address suppressed
 * by a report that he wrote himself. A wish to leave is heeded also without that: at worst somebody gets less mail.
 *
 * <p>Thread-safe; several may work on one store.
 */
public final class ReportIntake {
    private static final Logger LOG = LoggerFactory.getLogger(ReportIntake.class);

    private final Store store;
    private final Outbox outbox;
    private final BounceDecoder decoder;
    private final ReportBook book;
    private final Correlator correlator;
    private final @Nullable SuppressionList suppression;
    private final @Nullable ConsentLedger ledger;
    private final Scope scope;
    private final @Nullable UnsubscribeLinks links;

    private ReportIntake(Builder builder) {
        this.store = builder.store;
        this.outbox = builder.outbox;
        this.decoder = builder.decoder;
        this.book = new ReportBook(builder.store);
        this.correlator = new Correlator(builder.outbox, builder.returnPath);
        this.suppression = builder.suppression;
        this.ledger = builder.ledger;
        this.scope = builder.scope;
        this.links = builder.links;
    }

    /**
     * Begins an intake.
     *
     * @param store where mails are kept; the outbox's own
     * @param outbox whose deliveries they may be about
     */
    public static Builder builder(Store store, Outbox outbox) {
        return new Builder(store, outbox);
    }

    /**
     * Takes a mail.
     *
     * @param mail its bytes as they arrived
     * @return what became of it; all of it is durable
     * @throws io.crmsdk.store.StoreException if the store does not answer: the mail must be taken again later
     */
    public TakenReport take(byte[] mail) {
        String key = ReportBook.key(mail);
        ReportBook.Kept kept = book.keep(key, mail);
        if (kept.done() != null) {
            return new TakenReport(key, TakenReport.Outcome.KNOWN, null, List.of());
        }
        MailReport report = decoder.decode(mail);
        List<TakenReport.Applied> applied = new ArrayList<>();
        List<Correlator.Match> matches = correlator.match(report);
        for (Correlator.Match match : matches) {
            settle(report, match, kept.receivedAt()).ifPresent(applied::add);
        }
        TakenReport.Outcome outcome = store.inTransaction(connection -> {
            boolean leaves = record(connection, key, report, matches, mail, kept.receivedAt());
            TakenReport.Outcome done = outcome(report, matches, leaves);
            return book.done(connection, key, report.kind(), done) ? done : TakenReport.Outcome.KNOWN;
        });
        if (outcome == TakenReport.Outcome.UNMATCHED) {
            LOG.info("{} is about nothing that was sent; it is kept as {}", report, key);
        }
        // Whoever else took the same mail at this moment did the same; each part of it is done once.
        return outcome == TakenReport.Outcome.KNOWN
                ? new TakenReport(key, outcome, null, List.of())
                : new TakenReport(key, outcome, report, applied);
    }

    private static TakenReport.Outcome outcome(MailReport report, List<Correlator.Match> matches, boolean leaves) {
        if (!matches.isEmpty() || leaves) {
            return TakenReport.Outcome.APPLIED;
        }
        return switch (report.kind()) {
            case NONE, MDN, AUTO_REPLY, AUTH_FAILURE_REPORT, NOT_SPAM -> TakenReport.Outcome.NOTHING_TO_DO;
            default -> TakenReport.Outcome.UNMATCHED;
        };
    }

    private Optional<TakenReport.Applied> settle(MailReport report, Correlator.Match match, Instant at) {
        Confirmation.Verdict verdict = verdict(report, match.said());
        if (verdict == null) {
            return Optional.empty();
        }
        Delivery before = match.delivery();
        Evidence evidence = new Evidence(source(report), words(report, match.said()), null, at);
        Delivery after = outbox.settle(
                before.id(),
                new Confirmation(verdict, evidence, "report", "a mail that came back, told by its " + match.how()));
        return Optional.of(new TakenReport.Applied(
                before.id(),
                before.key(),
                before.recipient(),
                verdict,
                after.state(),
                after.state() != before.state()));
    }

    /** A report that a queue still tries, or that a list took it over, proves that the next server had taken it, and no more. */
    private static Confirmation.@Nullable Verdict verdict(MailReport report, @Nullable RecipientReport said) {
        return switch (report.kind()) {
            case COMPLAINT -> Confirmation.Verdict.COMPLAINED;
            case FAILED, DELAYED, DELIVERED ->
                switch (said == null ? "" : said.action()) {
                    case "failed" -> Confirmation.Verdict.BOUNCED;
                    case "delivered" -> Confirmation.Verdict.DELIVERED;
                    case "delayed", "relayed", "expanded" -> Confirmation.Verdict.ACCEPTED;
                    default -> null;
                };
            default -> null;
        };
    }

    private static String source(MailReport report) {
        return report.format().word() + " report";
    }

    private static String words(MailReport report, @Nullable RecipientReport said) {
        if (said == null) {
            return report.kind().word();
        }
        return String.join(" ", List.of(report.kind().word(), said.action(), said.status(), said.diagnostic()))
                .strip();
    }

    /** True if somebody left by it. */
    private boolean record(
            Connection connection,
            String key,
            MailReport report,
            List<Correlator.Match> matches,
            byte[] mail,
            Instant at)
            throws SQLException {
        for (Correlator.Match match : matches) {
            suppress(connection, key, report, match, at);
        }
        List<ConsentEvent> events = new ArrayList<>();
        for (ContactKey person : leaving(report, matches, mail)) {
            events.add(event(key, person, report, mail));
        }
        if (ledger == null || events.isEmpty()) {
            return false;
        }
        ledger.recordAll(connection, events);
        return true;
    }

    private void suppress(Connection connection, String key, MailReport report, Correlator.Match match, Instant at)
            throws SQLException {
        SuppressionEvent.Kind kind = suppressionKind(report, match.said());
        Optional<ContactKey> address = contact(match.delivery().recipient());
        if (suppression == null || kind == null || address.isEmpty()) {
            return;
        }
        String id = key + "/" + match.delivery().id();
        suppression.record(
                connection, new SuppressionEvent("report", id, address.get(), kind, at, words(report, match.said())));
    }

    private static SuppressionEvent.@Nullable Kind suppressionKind(MailReport report, @Nullable RecipientReport said) {
        if (report.kind() == ReportKind.COMPLAINT) {
            return SuppressionEvent.Kind.COMPLAINT;
        }
        if (said == null) {
            return null;
        }
        return switch (said.bounceClass()) {
            case HARD -> said.action().equals("failed") ? SuppressionEvent.Kind.HARD_BOUNCE : null;
            case SOFT -> said.action().equals("failed") ? SuppressionEvent.Kind.SOFT_BOUNCE : null;
            case DELIVERED -> said.action().equals("delivered") ? SuppressionEvent.Kind.DELIVERED : null;
            default -> null;
        };
    }

    /** Who wants no more: those of the deliveries that a complaint is about, or who wrote a wish to leave. */
    private List<ContactKey> leaving(MailReport report, List<Correlator.Match> matches, byte[] mail) {
        switch (report.kind()) {
            case COMPLAINT, OPT_OUT -> {
                return matches.stream()
                        .flatMap(match -> contact(match.delivery().recipient()).stream())
                        .distinct()
                        .toList();
            }
            case UNSUBSCRIBE_REQUEST -> {
                Optional<UnsubscribeTicket> ticket = ticket(mail);
                return ticket.map(UnsubscribeTicket::key)
                        .or(() -> contact(sender(mail)))
                        .map(List::of)
                        .orElse(List.of());
            }
            default -> {
                return List.of();
            }
        }
    }

    private ConsentEvent event(String key, ContactKey person, MailReport report, byte[] mail) {
        ConsentLedger book = Objects.requireNonNullElseGet(ledger, () -> {
            throw new IllegalStateException("asked only with a ledger");
        });
        String id = key + "/" + person.channel() + ":" + person.address();
        ConsentEvidence evidence = ConsentEvidence.builder()
                .text("a mail that came back: " + report.kind().word())
                .build();
        Scope left = report.kind() == ReportKind.UNSUBSCRIBE_REQUEST
                ? ticket(mail).map(UnsubscribeTicket::scope).orElse(scope)
                : scope;
        return report.kind() == ReportKind.COMPLAINT
                ? book.provider("report").complained(id, person, left, evidence)
                : book.provider("report").unsubscribed(id, person, left, evidence);
    }

    private Optional<UnsubscribeTicket> ticket(byte[] mail) {
        return links == null
                ? Optional.empty()
                : links.readSubject(MailReader.read(mail).mail().header.text("subject"));
    }

    private static String sender(byte[] mail) {
        return MailAddresses.first(MailReader.read(mail).mail().header.text("from"));
    }

    private static Optional<ContactKey> contact(String address) {
        try {
            return Optional.of(ContactKey.email(address));
        } catch (ConsentException e) {
            return Optional.empty();
        }
    }

    /** Collects what an intake works with; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final Outbox outbox;
        private BounceDecoder decoder = BounceDecoder.standard();
        private @Nullable ReturnPath returnPath;
        private @Nullable SuppressionList suppression;
        private @Nullable ConsentLedger ledger;
        private Scope scope = Scope.of("marketing");
        private @Nullable UnsubscribeLinks links;

        private Builder(Store store, Outbox outbox) {
            this.store = Objects.requireNonNull(store, "store");
            this.outbox = Objects.requireNonNull(outbox, "outbox");
        }

        /** Who reads the mails; the standard decoder if not said. */
        public Builder decoder(BounceDecoder decoder) {
            this.decoder = Objects.requireNonNull(decoder, "decoder");
            return this;
        }

        /** The return paths that mails were sent with. */
        public Builder returnPath(ReturnPath returnPath) {
            this.returnPath = Objects.requireNonNull(returnPath, "returnPath");
            return this;
        }

        /** Where addresses are put that bounced or complained. */
        public Builder suppression(SuppressionList list) {
            this.suppression = Objects.requireNonNull(list, "list");
            return this;
        }

        /**
         * Where complaints and wishes to leave are recorded.
         *
         * @param ledger of the same store
         * @param scope what is left where a mail does not say it
         */
        public Builder consent(ConsentLedger ledger, Scope scope) {
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.scope = Objects.requireNonNull(scope, "scope");
            return this;
        }

        /** The links whose tokens stand in the subjects of mails to the unsubscribe address. */
        public Builder unsubscribeLinks(UnsubscribeLinks links) {
            this.links = Objects.requireNonNull(links, "links");
            return this;
        }

        /** The intake. */
        public ReportIntake build() {
            return new ReportIntake(this);
        }
    }
}

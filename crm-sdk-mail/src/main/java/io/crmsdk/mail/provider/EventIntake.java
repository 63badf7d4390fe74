package io.crmsdk.mail.provider;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.delivery.Confirmation;
import io.crmsdk.delivery.Confirmation.Verdict;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.Email;
import io.crmsdk.suppression.SuppressionEvent;
import io.crmsdk.suppression.SuppressionList;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes of events what follows from them for the deliveries that they are about. All of it may be done twice. */
final class EventIntake {
    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);
    private static final int MOST_RECIPIENTS = 1_000;

    private final Outbox outbox;
    private final @Nullable SuppressionList suppression;
    private final Duration lookback;

    EventIntake(Outbox outbox, @Nullable SuppressionList suppression, Duration lookback) {
        this.outbox = outbox;
        this.suppression = suppression;
        this.lookback = lookback;
    }

    /** An event with the delivery that it is about. */
    record Settled(Report.Entry entry, Delivery delivery) {}

    /**
     * Settles deliveries by their events.
     *
     * @param receivedAt when their call was kept first: stands in for the time of events that tell none, the same at each repetition
     */
    List<Settled> settle(WebhookScheme scheme, List<Report.Entry> entries, Instant receivedAt) {
        List<Settled> settled = new ArrayList<>();
        for (Report.Entry entry : entries) {
            Match match = match(scheme, entry, receivedAt);
            if (match == null) {
                LOG.debug("{} of {} is about nothing that was sent from here", entry.event(), scheme.provider());
                continue;
            }
            Verdict verdict = verdict(entry.event());
            if (verdict != null) {
                outbox.settle(match.delivery().id(), confirmation(scheme, entry.event(), verdict, match, receivedAt));
            }
            settled.add(new Settled(entry, match.delivery()));
        }
        return settled;
    }

    private static Confirmation confirmation(
            WebhookScheme scheme, WebhookEvent event, Verdict verdict, Match match, Instant receivedAt) {
        Evidence evidence =
                new Evidence(scheme.provider() + " event", words(event), event.messageId(), at(event, receivedAt));
        return new Confirmation(
                verdict, evidence, "webhook", "an event of " + scheme.provider() + ", told by " + match.how());
    }

    private static Instant at(WebhookEvent event, Instant receivedAt) {
        return event.at() == null ? receivedAt : event.at();
    }

    private static String words(WebhookEvent event) {
        return Stream.of(
                        event.type().text(),
                        event.bounce() == null ? "" : event.bounce().text(),
                        event.status(),
                        event.reason())
                .filter(word -> word != null && !word.isEmpty())
                .reduce((one, other) -> one + " " + other)
                .orElse("");
    }

    /**
     * What an event proves of a delivery; null if nothing. A provider that goes on trying, or whose mail was opened, had taken it.
     * What it never sent came back as far as we are concerned. A bounce that the provider cannot name may be a vacation reply, unless
     * a server gave it a permanent code.
     */
    private static @Nullable Verdict verdict(WebhookEvent event) {
        return switch (event.type()) {
            case ACCEPTED, SENT, DEFERRED, HELD, AUTO_REPLIED, OPENED, CLICKED, NOT_SPAM -> Verdict.ACCEPTED;
            case DELIVERED -> Verdict.DELIVERED;
            case BOUNCED ->
                event.bounce() == WebhookEvent.Bounce.UNKNOWN
                                && !Optional.ofNullable(event.status())
                                        .orElse("")
                                        .startsWith("5.")
                        ? Verdict.ACCEPTED
                        : Verdict.BOUNCED;
            case REJECTED -> Verdict.BOUNCED;
            case COMPLAINED -> Verdict.COMPLAINED;
            // By a link in the mail or on the provider's pages: it says nothing of where this mail is.
            case UNSUBSCRIBED, RESUBSCRIBED, UNKNOWN -> null;
        };
    }

    /** Suppresses the addresses of deliveries, in the transaction of a connection. */
    void suppress(Connection connection, String provider, List<Settled> settled, Instant receivedAt)
            throws SQLException {
        SuppressionList list = suppression;
        if (list == null) {
            return;
        }
        for (Settled one : settled) {
            WebhookEvent event = one.entry().event();
            SuppressionEvent.Kind kind = kind(event);
            Optional<ContactKey> address = key(one.delivery().recipient());
            if (kind != null && address.isPresent()) {
                String id = WebhookBook.hash(Signatures.utf8(one.entry().key()));
                list.record(
                        connection,
                        new SuppressionEvent(provider, id, address.get(), kind, at(event, receivedAt), words(event)));
            }
        }
    }

    private static SuppressionEvent.@Nullable Kind kind(WebhookEvent event) {
        return switch (event.type()) {
            case DELIVERED -> SuppressionEvent.Kind.DELIVERED;
            case COMPLAINED -> SuppressionEvent.Kind.COMPLAINT;
            case BOUNCED ->
                event.bounce() == WebhookEvent.Bounce.HARD
                        ? SuppressionEvent.Kind.HARD_BOUNCE
                        : event.bounce() == WebhookEvent.Bounce.SOFT ? SuppressionEvent.Kind.SOFT_BOUNCE : null;
            default -> null;
        };
    }

    private record Match(Delivery delivery, String how) {}

    /** By the surest mark that the event carries. */
    private @Nullable Match match(WebhookScheme scheme, Report.Entry entry, Instant receivedAt) {
        String message = entry.marks().message();
        if (message != null) {
            Optional<Delivery> told =
                    only(entry.event(), outbox.deliveries(DeliveryQuery.all().messageId(message)));
            return told.map(delivery -> new Match(delivery, "the message's id")).orElse(null);
        }
        if (lookback.isZero()) {
            return null;
        }
        DeliveryQuery recent =
                DeliveryQuery.all().since(at(entry.event(), receivedAt).minus(lookback));
        String id = entry.event().messageId();
        if (id != null && !id.isEmpty()) {
            Optional<Delivery> named = only(entry.event(), outbox.deliveries(recent.remoteId(scheme.remoteId(id))));
            if (named.isPresent()) {
                return new Match(named.get(), "the provider's id");
            }
        }
        String header = entry.marks().header();
        if (header != null && !entry.event().recipient().isEmpty()) {
            Optional<Delivery> written = only(
                    entry.event(),
                    outbox.deliveries(recent.recipient(entry.event().recipient()))
                            .filter(delivery -> Email.isMessageIdOf(header, delivery.key())));
            if (written.isPresent()) {
                return new Match(written.get(), "its Message-ID");
            }
        }
        return null;
    }

    /** The one to the event's recipient; where it names none, the only one there is. */
    private static Optional<Delivery> only(WebhookEvent event, Stream<Delivery> found) {
        List<Delivery> deliveries;
        try (found) {
            deliveries = found.limit(MOST_RECIPIENTS).toList();
        }
        if (event.recipient().isEmpty()) {
            return deliveries.size() == 1 ? Optional.of(deliveries.get(0)) : Optional.empty();
        }
        Optional<ContactKey> wanted = key(event.recipient());
        return deliveries.stream()
                .filter(delivery -> event.recipient().equalsIgnoreCase(delivery.recipient())
                        || wanted.isPresent() && key(delivery.recipient()).equals(wanted))
                .findFirst();
    }

    private static Optional<ContactKey> key(String address) {
        try {
            return Optional.of(ContactKey.email(address));
        } catch (ConsentException e) {
            return Optional.empty();
        }
    }
}

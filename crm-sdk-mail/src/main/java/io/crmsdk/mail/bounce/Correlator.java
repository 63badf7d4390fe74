package io.crmsdk.mail.bounce;

import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.mail.ReturnPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the deliveries that a report is about, by marks that only the mails themselves carried. */
final class Correlator {
    private static final int MOST_RECIPIENTS = 1_000;

    private final Outbox outbox;
    private final @Nullable ReturnPath returnPath;

    Correlator(Outbox outbox, @Nullable ReturnPath returnPath) {
        this.outbox = outbox;
        this.returnPath = returnPath;
    }

    /**
     * A delivery that a report is about.
     *
     * @param said what the report says of it; null if it names nobody
     * @param how by which mark it was found
     */
    record Match(Delivery delivery, @Nullable RecipientReport said, String how) {}

    List<Match> match(MailReport report) {
        if (report.kind() == ReportKind.NONE) {
            return List.of();
        }
        for (Map.Entry<String, String> mark : marks(report.traces()).entrySet()) {
            List<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all().messageId(mark.getKey()))
                    .limit(MOST_RECIPIENTS)
                    .toList();
            if (!deliveries.isEmpty()) {
                return match(report, deliveries, mark.getValue());
            }
        }
        return List.of();
    }

    /** Ids of messages with the mark that told them, the surest first. */
    private Map<String, String> marks(MailTraces traces) {
        Map<String, String> marks = new LinkedHashMap<>();
        if (returnPath != null) {
            for (List<String> addresses : List.of(traces.arrivedAt(), traces.returnPaths())) {
                for (String address : addresses) {
                    returnPath.messageId(address).ifPresent(id -> marks.putIfAbsent(id, "return path"));
                }
            }
        }
        traces.envelope().map(Correlator::withoutXtext).ifPresent(id -> marks.putIfAbsent(id, "envelope id"));
        return marks;
    }

    private static List<Match> match(MailReport report, List<Delivery> deliveries, String how) {
        List<Match> matches = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            said(report, delivery).ifPresent(said -> matches.add(new Match(delivery, said, how)));
        }
        if (matches.isEmpty() && deliveries.size() == 1) {
            // Forwarded to where only the report knows it, or hidden by a provider: it can be about nobody else.
            RecipientReport only =
                    report.recipients().size() == 1 ? report.recipients().get(0) : null;
            if (only != null || report.recipients().isEmpty()) {
                matches.add(new Match(deliveries.get(0), only, how));
            }
        }
        return matches;
    }

    private static Optional<RecipientReport> said(MailReport report, Delivery delivery) {
        Optional<ContactKey> key = key(delivery.recipient());
        return report.recipients().stream()
                .filter(said -> same(said.recipient(), delivery, key)
                        || said.otherAddresses().stream().anyMatch(other -> same(other, delivery, key)))
                .findFirst();
    }

    private static boolean same(String address, Delivery delivery, Optional<ContactKey> key) {
        return address.equalsIgnoreCase(delivery.recipient())
                || key.isPresent() && key(address).equals(key);
    }

    private static Optional<ContactKey> key(String address) {
        try {
            return Optional.of(ContactKey.email(address));
        } catch (ConsentException e) {
            return Optional.empty();
        }
    }

    /** RFC 3461 section 4. */
    static String withoutXtext(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean encoded = c == '+'
                    && i + 3 <= text.length()
                    && text.substring(i + 1, i + 3).matches("[0-9A-F]{2}");
            plain.append(encoded ? (char) Integer.parseInt(text.substring(i + 1, i + 3), 16) : c);
            i += encoded ? 2 : 0;
        }
        return new String(plain.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}

package io.crmsdk.mail.bounce;

import io.crmsdk.Redaction;
import io.crmsdk.delivery.Confirmation;
import io.crmsdk.delivery.DeliveryState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a mail that was taken. Immutable.
 *
 * @param key the name under which the mail is kept: the SHA-256 of its content
 * @param outcome in one word
 * @param report what it says; null if it was taken before
 * @param applied what it proved of which delivery
 */
public record TakenReport(
        String key, Outcome outcome, @Nullable MailReport report, List<Applied> applied) {
    /** What became of it, in one word. */
    public enum Outcome {
        /** It is about something that was sent, or somebody left by it. */
        APPLIED,
        /** It reports something, but about nothing that was sent from here: kept, for a person to look at. */
        UNMATCHED,
        /** It is nothing that changes anything. */
        NOTHING_TO_DO,
        /** It was taken before. */
        KNOWN
    }

    /**
     * What a mail proved of a delivery.
     *
     * @param deliveryId which
     * @param key the idempotency key of its message
     * @param recipient its address
     * @param verdict what was proved
     * @param state where the delivery stands now
     * @param changed false if it stood there before
     */
    public record Applied(
            String deliveryId,
            String key,
            String recipient,
            Confirmation.Verdict verdict,
            DeliveryState state,
            boolean changed) {
        /** The address is redacted. */
        @Override
        public String toString() {
            return deliveryId + " to " + Redaction.email(recipient) + ": " + verdict + ", now " + state;
        }
    }

    /** Copies the list. */
    public TakenReport {
        applied = List.copyOf(applied);
    }

    /** Returns what it says, if it was not taken before. */
    public Optional<MailReport> said() {
        return Optional.ofNullable(report);
    }

    /** Shows no address. */
    @Override
    public String toString() {
        return "TakenReport[" + outcome + ", " + (report == null ? "read before" : report) + ", " + applied + "]";
    }
}

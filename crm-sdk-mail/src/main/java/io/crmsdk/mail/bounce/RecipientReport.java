package io.crmsdk.mail.bounce;

import io.crmsdk.Redaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a report says of one recipient. Immutable.
 *
 * @param recipient the address as the report gives it, without angle brackets; empty if the report hides it
 * @param otherAddresses further addresses of the same recipient in the report: the one that the mail was sent to, an alias
 * @param action {@code failed}, {@code delayed}, {@code delivered}, {@code relayed} or {@code expanded} (RFC 3464 section 2.3.3);
 *     empty where none applies
 * @param status the enhanced status code (RFC 3463), as {@code "5.1.1"}; empty if none is told, never invented
 * @param reply the SMTP reply code, as {@code "550"}; empty if none is told
 * @param reason why; null where nothing failed
 * @param bounceClass what it means for later mail
 * @param diagnostic the words of the server that the judgement rests on, shortened to 2,000 characters; may contain addresses
 */
public record RecipientReport(
        String recipient,
        List<String> otherAddresses,
        String action,
        String status,
        String reply,
        @Nullable BounceReason reason,
        BounceClass bounceClass,
        String diagnostic) {
    static final int LONGEST_DIAGNOSTIC = 2_000;

    /** Copies the list and shortens the words. */
    public RecipientReport {
        otherAddresses = List.copyOf(otherAddresses);
        if (diagnostic.length() > LONGEST_DIAGNOSTIC) {
            diagnostic = diagnostic.substring(0, LONGEST_DIAGNOSTIC);
        }
    }

    /** Tells whether no more mail should go to the address. */
    public boolean hard() {
        return bounceClass == BounceClass.HARD;
    }

    /** Returns why, where something failed. */
    public Optional<BounceReason> why() {
        return Optional.ofNullable(reason);
    }

    /** Shows the codes; the address is redacted and the words are left out. */
    @Override
    public String toString() {
        return Redaction.email(recipient) + " " + action + " " + status + " " + reply + " " + bounceClass.word();
    }
}

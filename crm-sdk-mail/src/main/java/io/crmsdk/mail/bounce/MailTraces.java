package io.crmsdk.mail.bounce;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Marks in a report that may tell which mail it is about, from the surest to the weakest. Immutable.
 *
 * @param arrivedAt the addresses that the report was sent to (Delivered-To, X-Original-To, Envelope-To, To), where a return path
 *     that is different for each mail shows
 * @param envelopeId the {@code Original-Envelope-Id} (RFC 3464 section 2.2.1), decoded; null if none
 * @param messageIds the Message-IDs of the mail that the report is about, with angle brackets, as the report encloses or names them
 * @param returnPaths the return paths of the enclosed mail
 */
public record MailTraces(
        List<String> arrivedAt, @Nullable String envelopeId, List<String> messageIds, List<String> returnPaths) {
    static final MailTraces NONE = new MailTraces(List.of(), null, List.of(), List.of());

    /** Copies the lists. */
    public MailTraces {
        arrivedAt = List.copyOf(arrivedAt);
        messageIds = List.copyOf(messageIds);
        returnPaths = List.copyOf(returnPaths);
    }

    /** Returns the envelope id, if there is one. */
    public Optional<String> envelope() {
        return Optional.ofNullable(envelopeId);
    }

    /** Shows how many marks there are; they may hold addresses. */
    @Override
    public String toString() {
        return arrivedAt.size() + " addresses, " + messageIds.size() + " Message-IDs"
                + (envelopeId == null ? "" : ", an envelope id");
    }
}

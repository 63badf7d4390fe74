package io.crmsdk.delivery;

import io.crmsdk.Redaction;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One message to one recipient as the store has it: its state, the evidence for it, and everything that happened.
 *
 * @param id stable id
 * @param messageId stable id of the message, shared by its recipients
 * @param key the idempotency key of the message
 * @param channel the channel's name
 * @param kind why it is sent
 * @param recipient the address
 * @param state where it stands
 * @param attempts how many attempts have begun
 * @param possibleDuplicate true if it was sent again after an unconfirmed attempt, so that the recipient may hold two
 * @param nextAttempt when it is due, by the database's clock, or null if nothing is planned (final, held)
 * @param evidence the evidence of the present state; never null for accepted and delivered
 * @param history everything that happened, oldest first
 */
public record Delivery(
        String id,
        String messageId,
        String key,
        String channel,
        MessageKind kind,
        String recipient,
        DeliveryState state,
        int attempts,
        boolean possibleDuplicate,
        @Nullable Instant nextAttempt,
        @Nullable Evidence evidence,
        List<HistoryEntry> history) {
    /**
     * Copies the history.
     *
     * @throws IllegalArgumentException if a state that needs evidence has none
     */
    public Delivery {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(state, "state");
        history = List.copyOf(history);
        if (evidence == null && (state == DeliveryState.ACCEPTED || state == DeliveryState.DELIVERED)) {
            throw new IllegalArgumentException("delivery " + id + ": " + state + " without evidence");
        }
    }

    @Override
    public String toString() {
        return "Delivery[" + id + ", key=" + key + ", to=" + Redaction.email(recipient) + ", " + state + ", attempts="
                + attempts + (possibleDuplicate ? ", possibly twice" : "") + "]";
    }
}

package io.crmsdk.delivery;

import io.crmsdk.Redaction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of a delivery that has been committed.
 *
 * @param deliveryId the delivery
 * @param key the idempotency key of its message
 * @param recipient the address
 * @param state the new state
 * @param attempt how many attempts have begun
 * @param detail one line for people, possibly empty
 * @param evidence what the other side said, or null
 * @param at when it was recorded, by the database's clock
 */
public record DeliveryChange(
        String deliveryId,
        String key,
        String recipient,
        DeliveryState state,
        int attempt,
        String detail,
        @Nullable Evidence evidence,
        Instant at) {
    @Override
    public String toString() {
        return "DeliveryChange[" + deliveryId + ", key=" + key + ", to=" + Redaction.email(recipient) + ", " + state
                + ", attempt=" + attempt + "]";
    }
}

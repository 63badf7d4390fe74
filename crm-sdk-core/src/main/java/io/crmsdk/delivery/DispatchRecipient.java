package io.crmsdk.delivery;

import io.crmsdk.Redaction;
import java.util.Objects;

/**
 * One recipient within an attempt.
 *
 * @param deliveryId the delivery's stable id
 * @param address where it goes, as enqueued
 */
public record DispatchRecipient(String deliveryId, String address) {
    /** Both parts are needed. */
    public DispatchRecipient {
        Objects.requireNonNull(deliveryId, "deliveryId");
        Objects.requireNonNull(address, "address");
    }

    @Override
    public String toString() {
        return "DispatchRecipient[" + deliveryId + ", " + Redaction.email(address) + "]";
    }
}

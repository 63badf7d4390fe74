package io.crmsdk.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a person did to the outbox by hand. Entries are only ever added, in the transaction of what was done.
 *
 * @param at when, by the database's clock
 * @param kind what was done
 * @param deliveryId to which delivery, or null if to the outbox as a whole
 * @param before the delivery's state before, or null
 * @param after the delivery's state after, or null
 * @param by who did it
 * @param why one line
 * @param detail what else is to be known, such as the message that took its place; possibly empty
 */
public record OperatorAction(
        Instant at,
        Kind kind,
        @Nullable String deliveryId,
        @Nullable DeliveryState before,
        @Nullable DeliveryState after,
        String by,
        String why,
        String detail) {
    /** What can be done by hand. */
    public enum Kind {
        /** Sent again. */
        REPLAY,
        /** Replaced by a corrected message. */
        REPLACE,
        /** Settled by what was found at the other side. */
        SETTLE,
        /** Withdrawn. */
        CANCEL,
        /** The outbox, or what goes to the destination in the detail, was stopped. */
        PAUSE,
        /** The outbox, or what goes to the destination in the detail, was let go on. */
        RESUME,
        /** Finished messages were taken out. */
        RETAIN
    }

    /** Without the reason, which may quote an address. */
    @Override
    public String toString() {
        return "OperatorAction[" + at + ", " + kind + ", " + deliveryId + ", " + before + " -> " + after + ", by=" + by
                + "]";
    }
}

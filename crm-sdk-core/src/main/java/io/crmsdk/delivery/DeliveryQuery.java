package io.crmsdk.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list; immutable, narrowed step by step.
 *
 * @param key only those of the message with this idempotency key, or null
 * @param state only those in this state, or null
 * @param recipient only those to exactly this address, or null
 * @param messageId only those of the message with this id, or null
 * @param endedBefore only those that reached a final state before this instant, by the database's clock, or null
 * @param remoteId only those whose hand-over ended with evidence that names this id of the other side, or null; not indexed, so narrow
 *     it by {@code since}
 * @param since only those that were enqueued at this time or later, by the clock of whoever enqueued them, or null
 */
public record DeliveryQuery(
        @Nullable String key,
        @Nullable DeliveryState state,
        @Nullable String recipient,
        @Nullable String messageId,
        @Nullable Instant endedBefore,
        @Nullable String remoteId,
        @Nullable Instant since) {
    /** Everything, oldest message first. */
    public static DeliveryQuery all() {
        return new DeliveryQuery(null, null, null, null, null, null, null);
    }

    /** Only those of the message with this idempotency key. */
    public DeliveryQuery key(String key) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }

    /** Only those in this state. */
    public DeliveryQuery state(DeliveryState state) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }

    /** Only those to exactly this address. */
    public DeliveryQuery recipient(String recipient) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }

    /** Only those of the message with this id. */
    public DeliveryQuery messageId(String messageId) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }

    /**
     * Only those that reached a final state before this instant: with {@link DeliveryState#ACCEPTED}, what was accepted then and has
     * been without any confirmation since.
     */
    public DeliveryQuery endedBefore(Instant instant) {
        return new DeliveryQuery(key, state, recipient, messageId, instant, remoteId, since);
    }

    /** Only those whose hand-over ended with evidence that names this id of the other side. */
    public DeliveryQuery remoteId(String remoteId) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }

    /** Only those that were enqueued at this time or later. */
    public DeliveryQuery since(Instant since) {
        return new DeliveryQuery(key, state, recipient, messageId, endedBefore, remoteId, since);
    }
}

package io.crmsdk.delivery;

import java.util.List;
import java.util.Objects;

/** The three answers of {@code enqueue}; there is no fourth, and none of them is a guess. */
public sealed interface EnqueueAnswer {
    /** The idempotency key that was asked with. */
    String key();

    /**
     * It is stored. From {@code enqueue(Message)}: committed. From {@code enqueue(Connection, Message)}: part of the
     * caller's transaction and as durable as its commit.
     *
     * @param key the idempotency key
     * @param messageId the stable id of the message
     * @param deliveryIds one id per recipient, in the message's order
     * @param duplicate true if the same message had been stored under this key before, and nothing was added
     */
    record Ack(String key, String messageId, List<String> deliveryIds, boolean duplicate) implements EnqueueAnswer {
        /** Copies the ids. */
        public Ack {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(messageId, "messageId");
            deliveryIds = List.copyOf(deliveryIds);
        }
    }

    /**
     * Nothing was stored, and the caller's transaction (if any) is as it was.
     *
     * @param key the idempotency key
     * @param code stable reason: one of the constants here, or one that the channel documents
     * @param message for people: what is wrong and what to do; free of personal values
     */
    record Reject(String key, String code, String message) implements EnqueueAnswer {
        /** The key was used before for a message with other parameters; the message shows both hashes. */
        public static final String IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT";

        /** No channel of the message's name is configured. */
        public static final String NO_CHANNEL = "NO_CHANNEL";

        /** A marketing message needs a consent ledger, and the outbox was built without one. */
        public static final String NO_CONSENT_LEDGER = "NO_CONSENT_LEDGER";

        /** The scope of a marketing message is missing or cannot be read. */
        public static final String BAD_SCOPE = "BAD_SCOPE";

        /** The recipient's address cannot be used by the consent ledger or the channel. */
        public static final String BAD_RECIPIENT = "BAD_RECIPIENT";

        /** The expiry lies before the earliest time of sending, or in the past by the database's clock. */
        public static final String ALREADY_EXPIRED = "ALREADY_EXPIRED";

        /** The store failed before anything was committed; try again with the same key. */
        public static final String STORE_FAILED = "STORE_FAILED";

        /** All parts are needed. */
        public Reject {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * The commit was sent and its outcome is not known. Enqueue the same message with the same key again to learn the
     * truth; it never makes a second message.
     *
     * @param key the idempotency key
     * @param message for people: what broke
     */
    record Unknown(String key, String message) implements EnqueueAnswer {
        /** All parts are needed. */
        public Unknown {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(message, "message");
        }
    }
}

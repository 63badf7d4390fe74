package io.crmsdk.delivery;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link Channel} found out about one recipient in one attempt. A channel that cannot tell says {@link Unconfirmed}. */
public sealed interface Outcome {
    /**
     * The server said yes, in words that are kept.
     *
     * @param evidence the server's answer to this very message and recipient
     */
    record Accepted(Evidence evidence) implements Outcome {
        /** Refuses a yes without evidence. */
        public Accepted {
            Objects.requireNonNull(evidence, "evidence");
        }
    }

    /**
     * Surely not handed over, worth another try: a temporary refusal, or a break before the window.
     *
     * @param reason one line for people; not blank
     * @param evidence the server's words, or null if no server said anything
     * @param retryAfter the least time to wait, as the server stated it, or null; never shortens the outbox's own backoff
     */
    record Deferred(
            String reason,
            @Nullable Evidence evidence,
            @Nullable Duration retryAfter) implements Outcome {
        /** Cleans the reason; a negative wait counts as none. */
        public Deferred {
            reason = reasonOf(reason);
            retryAfter = retryAfter == null || retryAfter.isNegative() ? null : retryAfter;
        }

        /** A deferral in which no server said a word. */
        public Deferred(String reason) {
            this(reason, null, null);
        }
    }

    /**
     * Surely not taken, and repeating cannot help.
     *
     * @param reason one line for people; not blank
     * @param evidence the server's refusal, or null if the channel itself refused before the wire
     */
    record Refused(String reason, @Nullable Evidence evidence) implements Outcome {
        /** Cleans the reason. */
        public Refused {
            reason = reasonOf(reason);
        }
    }

    /**
     * The attempt broke inside the window: it may or may not have been taken.
     *
     * @param reason what broke, one line for people; not blank
     */
    record Unconfirmed(String reason) implements Outcome {
        /** Cleans the reason. */
        public Unconfirmed {
            reason = reasonOf(reason);
        }
    }

    private static String reasonOf(String reason) {
        String cleaned = Texts.cut(Texts.clean(reason), Evidence.MAX_REPLY);
        if (cleaned.isEmpty()) {
            throw new IllegalArgumentException("an outcome needs a reason");
        }
        return cleaned;
    }
}

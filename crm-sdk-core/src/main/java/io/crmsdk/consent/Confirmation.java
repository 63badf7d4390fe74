package io.crmsdk.consent;

import org.jspecify.annotations.Nullable;

/**
 * What came of the answer to a challenge.
 *
 * @param outcome what came of it
 * @param grant the grant as it is recorded; null if there is none
 */
public record Confirmation(Outcome outcome, @Nullable Recorded grant) {
    /** What can come of an answer. */
    public enum Outcome {
        /** The grant was recorded now. */
        CONFIRMED,
        /** The same answer had been given before. */
        ALREADY_CONFIRMED,
        /** It was no POST: a link was followed, nobody answered. */
        NOT_A_POST,
        /** No challenge has this token. */
        UNKNOWN_TOKEN,
        /** The stored challenge is not what was signed. */
        NOT_SIGNED,
        /** The answer came before its time. */
        TOO_EARLY,
        /** The answer came too late; the person can ask again. */
        EXPIRED
    }

    static Confirmation refused(Outcome outcome) {
        return new Confirmation(outcome, null);
    }

    /** Whether there is a grant now. */
    public boolean confirmed() {
        return grant != null;
    }
}

package io.crmsdk.followup;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A follow-up as it is stored. {@code toString} does not show the subject.
 *
 * @param key the host's name for it
 * @param definition the definition's name
 * @param version the version it was started with
 * @param subject what it is about
 * @param state where it stands
 * @param step the step that is due next, that waits for an answer, or that ran last
 * @param due when that step is due, or until when it waits, UTC; null when the state is final
 * @param provisional whether {@code due} rests on days that are not announced yet
 * @param held why it does not go on by itself; null unless {@link FollowUpState#HELD}
 * @param failures how many times in a row the host's code failed at this step
 * @param history what happened, oldest first
 */
public record FollowUpCase(
        String key,
        String definition,
        int version,
        String subject,
        FollowUpState state,
        String step,
        @Nullable Instant due,
        boolean provisional,
        @Nullable Hold held,
        int failures,
        List<Entry> history) {
    /** Copies the history. */
    public FollowUpCase {
        Objects.requireNonNull(key, "key");
        history = List.copyOf(history);
    }

    /** Why a follow-up is held. */
    public enum Hold {
        /** No engine that looked at it knows its definition in this version and shape; one that does goes on by itself. */
        UNKNOWN_DEFINITION,
        /** It would be due, but by days that are not announced; a newer calendar, or somebody, lets it go on. */
        CALENDAR_NOT_ANNOUNCED,
        /** The outbox refused the message for good; somebody mends the cause and lets it go on. */
        REFUSED_BY_OUTBOX,
        /** It was due before the store came back from a backup, so it may have fired meanwhile; somebody looks and lets it go on. */
        RESTORED
    }

    /** What happened. */
    public enum Kind {
        /** It was started. */
        STARTED,
        /** A step ran; for a message: it is in the outbox. */
        FIRED,
        /** A question was put. */
        ASKED,
        /** The answer was yes. */
        ANSWERED,
        /** The answer was no. */
        REFUSED,
        /** There was no answer until the deadline. */
        TIMED_OUT,
        /** The host's condition was met. */
        NOT_NEEDED,
        /** The host's code failed; it is tried again. */
        FAILED,
        /** It was held. */
        HELD,
        /** It goes on after it was held. */
        RELEASED,
        /** A due time was computed again with newly announced days. */
        RECOMPUTED,
        /** It was cancelled. */
        CANCELLED
    }

    /**
     * One line of the history.
     *
     * @param at when, by the database's clock
     * @param kind what happened
     * @param step the step it is about
     * @param due when that was due
     * @param late whether it happened later than the engine's tolerance
     * @param provisional whether the due time rested on days that were not announced
     * @param by the engine or person
     * @param detail one line for people; a message's id for {@link Kind#FIRED} and {@link Kind#ASKED}
     */
    public record Entry(
            Instant at,
            Kind kind,
            String step,
            Instant due,
            boolean late,
            boolean provisional,
            String by,
            String detail) {}

    @Override
    public String toString() {
        return "FollowUpCase[" + key + ", " + definition + "/" + version + ", " + state + ", " + step + "]";
    }
}

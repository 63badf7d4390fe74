package io.crmsdk.http;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What an answer says about the request, as its service documents it; see {@link AnswerJudge}.
 *
 * @param kind what became of the request
 * @param delay how long the service asked to be left alone, for {@link Kind#BUSY} and {@link Kind#FAULTED}
 */
public record Verdict(Kind kind, Optional<Duration> delay) {
    /** The done deed, and the ways in which it was not done. */
    public enum Kind {
        /** The documented form of success is there. */
        ACCEPTED,
        /** Looked at and declined; asking the same again gives the same answer. Nothing was done. */
        REFUSED,
        /** Not looked at because of a limit; nothing was done. The whole destination is left alone for the delay. */
        BUSY,
        /** The credentials were not taken; nothing was done. A token is renewed once. */
        UNAUTHORIZED,
        /** Something broke on the other side: the request may have been acted on. */
        FAULTED
    }

    /** @throws IllegalArgumentException if the delay is negative */
    public Verdict {
        Objects.requireNonNull(kind, "kind");
        if (delay.isPresent() && delay.get().isNegative()) {
            throw new IllegalArgumentException("delay: expected none or a positive one, got " + delay.get());
        }
    }

    /** A verdict without a delay of its own; a {@code Retry-After} header still counts. */
    public static Verdict of(Kind kind) {
        return new Verdict(kind, Optional.empty());
    }

    /** Not looked at; ask again after a delay that the body told. */
    public static Verdict busyFor(Duration delay) {
        return new Verdict(Kind.BUSY, Optional.of(delay));
    }
}

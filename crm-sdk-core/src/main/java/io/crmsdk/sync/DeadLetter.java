package io.crmsdk.sync;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A record that could not be brought over, kept until it can be or somebody says what to do.
 *
 * @param item {@code t:} and the source's id for a write to the target, {@code s:} and the target's id for a write to the source
 * @param cause what has to happen
 * @param code the system's or the engine's code
 * @param message for people, free of values
 * @param attempts how often it failed
 * @param since when it failed first
 * @param next when a plan looks at it again, if its cause is one that passes
 */
public record DeadLetter(
        String item, Cause cause, String code, String message, int attempts, Instant since, Instant next) {
    static DeadLetter of(
            String item, Cause cause, String code, String message, int attempts, long firstMicros, long nextMicros) {
        return new DeadLetter(item, cause, code, message, attempts, instant(firstMicros), instant(nextMicros));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

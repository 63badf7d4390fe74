package io.crmsdk.internal;

import java.time.Duration;
import java.time.Instant;

/** Instants and durations as whole microseconds, cut toward the past; instants since the epoch in UTC, as the store holds them. */
public final class Micros {
    private static final long PER_SECOND = 1_000_000L;

    private Micros() {}

    /** Microseconds since the epoch; what is less than one is cut off. */
    public static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1_000);
    }

    /** How many whole microseconds a duration has. */
    public static long of(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), PER_SECOND), duration.getNano() / 1_000);
    }

    /** The instant that {@link #of(Instant)} gave a number. */
    public static Instant instant(long micros) {
        long second = Math.floorDiv(micros, PER_SECOND);
        return Instant.ofEpochSecond(second, (micros - second * PER_SECOND) * 1_000L);
    }

    /** The duration of so many microseconds. */
    public static Duration duration(long micros) {
        long second = Math.floorDiv(micros, PER_SECOND);
        return Duration.ofSeconds(second, (micros - second * PER_SECOND) * 1_000L);
    }
}

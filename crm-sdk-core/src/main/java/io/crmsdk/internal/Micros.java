package io.crmsdk.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants and durations as the store holds them: whole microseconds, since the epoch in UTC. */
public final class Micros {
    private Micros() {}

    /** Microseconds since the epoch; what is less than one is cut off. */
    public static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** How many whole microseconds a duration has. */
    public static long of(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /** The instant that {@link #of(Instant)} gave a number. */
    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

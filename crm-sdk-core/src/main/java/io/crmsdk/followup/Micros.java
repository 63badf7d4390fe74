package io.crmsdk.followup;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as the store holds them: microseconds since the epoch, UTC. */
final class Micros {
    /** Later than everything: nobody looks at it. */
    static final long NEVER = Long.MAX_VALUE;

    private Micros() {}

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static long of(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}

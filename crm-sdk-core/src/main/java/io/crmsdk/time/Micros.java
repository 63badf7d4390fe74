package io.crmsdk.time;

import java.time.Duration;
import java.time.Instant;

/** Instants and durations as whole microseconds, cut toward the past. */
final class Micros {
    private static final long PER_SECOND = 1_000_000L;

    private Micros() {}

    static Instant instant(long micros) {
        long second = Math.floorDiv(micros, PER_SECOND);
        return Instant.ofEpochSecond(second, (micros - second * PER_SECOND) * 1_000L);
    }

    static long of(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1_000);
    }

    static long of(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), PER_SECOND), duration.getNano() / 1_000);
    }

    static Duration duration(long micros) {
        long second = Math.floorDiv(micros, PER_SECOND);
        return Duration.ofSeconds(second, (micros - second * PER_SECOND) * 1_000L);
    }
}

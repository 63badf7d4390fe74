package io.crmsdk.time;

import java.time.Instant;
import java.util.Objects;

/**
 * One reading of a {@link UtcClock} with what is known of its truth.
 *
 * <p>If the intervals {@code [earliest, latest]} of two events overlap, their order is not known from their stamps.
 *
 * @param instant the stamp, as {@link UtcClock#instant()} gives it
 * @param earliest the true time is not before this, as far as is known; not after {@code instant}
 * @param latest the true time is not after this, as far as is known; not before {@code instant}. While the quality is
 *     {@link ClockQuality#UNCHECKED} both bounds rest on the assumed error of the clock's settings, not on evidence
 * @param quality how far the bounds can be trusted
 * @param wall what the host's clock said, which may be behind {@code instant}
 */
public record Reading(Instant instant, Instant earliest, Instant latest, ClockQuality quality, Instant wall) {
    /** @throws IllegalArgumentException if {@code instant} is outside its bounds */
    public Reading {
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(wall, "wall");
        if (earliest.isAfter(instant) || latest.isBefore(instant)) {
            throw new IllegalArgumentException("a stamp lies within its bounds");
        }
    }

    /** Whether it is certain that this was read before the other. */
    public boolean certainlyBefore(Reading other) {
        return latest.isBefore(other.earliest);
    }
}

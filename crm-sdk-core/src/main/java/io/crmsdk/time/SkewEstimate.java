package io.crmsdk.time;

import java.time.Duration;

/**
 * How far an outside source's time is ahead of our clock: somewhere in {@code [atLeast, atMost]}.
 *
 * @param atLeast lower bound of source minus ours; negative if the source is behind
 * @param atMost upper bound
 * @param probes how many observations made it, at least one
 */
public record SkewEstimate(Duration atLeast, Duration atMost, int probes) {
    /** @throws IllegalArgumentException if the bounds are the wrong way round or there was no probe */
    public SkewEstimate {
        if (atLeast.compareTo(atMost) > 0 || probes < 1) {
            throw new IllegalArgumentException("an estimate needs a probe and bounds in order");
        }
    }

    /** The middle of the interval. */
    public Duration middle() {
        return atLeast.plus(error());
    }

    /** Half the width: the offset is within this of the {@link #middle()}. */
    public Duration error() {
        return atMost.minus(atLeast).dividedBy(2);
    }

    /** Whether both clocks may agree to within a tolerance. */
    public boolean within(Duration tolerance) {
        return atLeast.compareTo(tolerance) <= 0 && atMost.compareTo(tolerance.negated()) >= 0;
    }

    /** Whether the true offset cannot exceed the tolerance in either direction. */
    public boolean certainlyWithin(Duration tolerance) {
        return atMost.compareTo(tolerance) <= 0 && atLeast.compareTo(tolerance.negated()) >= 0;
    }

    boolean overlaps(SkewEstimate other) {
        return atLeast.compareTo(other.atMost) <= 0 && other.atLeast.compareTo(atMost) <= 0;
    }
}

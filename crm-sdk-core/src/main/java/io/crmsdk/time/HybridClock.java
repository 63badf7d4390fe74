package io.crmsdk.time;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the {@link HybridTimestamp}s of one node. Thread-safe, one compare-and-set a stamp.
 *
 * <p>Sources: Kulkarni et al., "Logical Physical Clocks", 2014, in the packing into one 64-bit number.
 */
public final class HybridClock {
    /** How far a remote stamp may be ahead of our clock unless stated otherwise. */
    public static final Duration DEFAULT_MAX_OFFSET = Duration.ofSeconds(60);

    private static final int COUNTER_BITS = 16;

    private final InstantSource clock;
    private final int node;
    private final Duration maxOffset;
    private final AtomicLong last = new AtomicLong();

    private HybridClock(InstantSource clock, int node, Duration maxOffset) {
        this.clock = clock;
        this.node = node;
        this.maxOffset = maxOffset;
    }

    /** Stamps of a node over a clock, with {@link #DEFAULT_MAX_OFFSET}. */
    public static HybridClock of(UtcClock clock, int node) {
        return of(clock, node, DEFAULT_MAX_OFFSET);
    }

    /**
     * Stamps of a node over a clock.
     *
     * @param node distinct for each node that stamps the same kind of event
     * @param maxOffset how far a remote stamp may be ahead of our clock
     * @throws IllegalArgumentException if the offset is negative or longer than a day
     */
    public static HybridClock of(UtcClock clock, int node, Duration maxOffset) {
        Objects.requireNonNull(clock, "clock");
        if (maxOffset.isNegative() || maxOffset.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("maxOffset is 0 to 24 h, got " + maxOffset);
        }
        return new HybridClock(clock, node, maxOffset);
    }

    /** A stamp greater than every stamp that this clock gave or was shown. */
    public HybridTimestamp now() {
        return next(clock.millis() << COUNTER_BITS);
    }

    /**
     * Takes note of a stamp that came from elsewhere, or from our own store after a restart, and gives one greater than it.
     *
     * @throws TimeException with {@link TimeError#REMOTE_AHEAD} if it is too far ahead of our clock; nothing is adopted
     */
    public HybridTimestamp update(HybridTimestamp remote) {
        long now = clock.millis();
        long ahead = remote.millis() - now;
        if (ahead > maxOffset.toMillis()) {
            throw new TimeException(
                    TimeError.REMOTE_AHEAD,
                    "stamp of node " + Integer.toUnsignedString(remote.node()) + " is " + ahead
                            + " ms ahead, tolerated are " + maxOffset.toMillis() + "; compare both clocks");
        }
        return next(Math.max(now << COUNTER_BITS, remote.bits() + 1));
    }

    private HybridTimestamp next(long atLeast) {
        while (true) {
            long before = last.get();
            long next = Math.max(atLeast, before + 1);
            if (last.compareAndSet(before, next)) {
                return new HybridTimestamp(next, node);
            }
        }
    }
}

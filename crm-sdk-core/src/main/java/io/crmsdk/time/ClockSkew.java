package io.crmsdk.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Measures how far one server's clock is ahead of ours from the {@code Date} headers of its ordinary responses.
 *
 * <p>A second {@code D} seen between sending at t0 and receiving at t1 means D − t1 ≤ offset ≤ D + 1 s − t0 (RFC 9110 section
 * 6.6.1: the header has whole seconds). The intervals of the last eight responses, none older than ten minutes, are
 * intersected, so the estimate follows when either clock is repaired. Pure arithmetic; it sends nothing. One object for each
 * host. Thread-safe.
 */
public final class ClockSkew {
    private static final int KEPT = 8;
    private static final Duration KEPT_FOR = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long NANOS = 1_000_000_000L;
    private static final int DRIFT = 20_000;

    private final Deque<Interval> kept = new ArrayDeque<>(KEPT);

    /** Without observations. */
    public ClockSkew() {}

    /**
     * One response.
     *
     * @param sent our {@linkplain Reading#wall() wall reading} before the request went out
     * @param received our wall reading when the response was there
     * @param date its {@code Date} header
     * @param cached whether it has an {@code Age} header or otherwise came from a cache; then its date proves nothing
     */
    public record Probe(Instant sent, Instant received, Instant date, boolean cached) {}

    /** What became of a {@link Probe}. */
    public enum Outcome {
        /** It made the estimate, or narrowed it. */
        USED,
        /** It came from a cache, or our clock stepped back during it. */
        IGNORED,
        /** It contradicts the earlier ones, which are forgotten: a clock was set, or the source smears or lies. */
        CONTRADICTED
    }

    private record Interval(Duration atLeast, Duration atMost, Instant received) {
        /** What it says at a later time: either clock may have drifted by 50 millionths. */
        Interval at(Instant later) {
            Duration drift = Duration.between(received, later).abs().dividedBy(DRIFT);
            return new Interval(atLeast.minus(drift), atMost.plus(drift), received);
        }
    }

    /** Takes note of a response. */
    public synchronized Outcome observe(Probe probe) {
        if (probe.cached() || probe.received().isBefore(probe.sent())) {
            return Outcome.IGNORED;
        }
        Interval interval = new Interval(
                Duration.between(probe.received(), probe.date()),
                Duration.between(probe.sent(), probe.date().plus(SECOND)),
                probe.received());
        kept.removeIf(
                old -> Duration.between(old.received, probe.received()).abs().compareTo(KEPT_FOR) > 0);
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(interval);
        if (intersection().isPresent()) {
            return Outcome.USED;
        }
        kept.clear();
        kept.addLast(interval);
        return Outcome.CONTRADICTED;
    }

    /** The offset as far as it is known, or nothing before the first response. */
    public synchronized Optional<SkewEstimate> estimate() {
        return intersection();
    }

    private Optional<SkewEstimate> intersection() {
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Instant now = kept.getLast().received;
        Interval all = kept.getLast();
        for (Interval one : kept) {
            Interval aged = one.at(now);
            all = new Interval(max(all.atLeast, aged.atLeast), min(all.atMost, aged.atMost), now);
        }
        return all.atLeast.compareTo(all.atMost) > 0
                ? Optional.empty()
                : Optional.of(new SkewEstimate(all.atLeast, all.atMost, kept.size()));
    }

    /**
     * How long to wait with the next request so that it meets the server as its second changes, where it tells most: each
     * such probe about halves the interval, down to the round trip. Zero before the first response; always less than a
     * second.
     *
     * @param now our wall reading
     * @param roundTrip how long a request and its response usually take
     */
    public Duration untilEdge(Instant now, Duration roundTrip) {
        Optional<SkewEstimate> known = estimate();
        if (known.isEmpty()) {
            return Duration.ZERO;
        }
        Instant arrival = now.plus(roundTrip.dividedBy(2)).plus(known.get().middle());
        return Duration.ofNanos((NANOS - arrival.getNano()) % NANOS);
    }

    /**
     * What to add to our time in requests that are signed with it: the offset if it is certainly beyond the threshold, else
     * nothing. Ask anew for each request, so that a repaired clock is not corrected any longer. Stored stamps are never
     * corrected.
     *
     * @param threshold for example four minutes, where servers tolerate five or more
     */
    public Duration correction(Duration threshold) {
        return estimate()
                .filter(skew -> !skew.within(threshold))
                .map(SkewEstimate::middle)
                .orElse(Duration.ZERO);
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

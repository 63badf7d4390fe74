package io.crmsdk.http;

import io.crmsdk.time.UtcClock;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What all calls to one origin share: the pause it asked for, its rate, its circuit breaker and the retry budget.
 *
 * <p>The breaker is for a dead peer, not for a bad day: it opens when nearly all of the last twenty to thirty calls got
 * nothing usable in the end, and lets three through after half a minute. Thread-safe.
 */
final class Destination {
    static final Duration OPEN_FOR = Duration.ofSeconds(30);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final UtcClock clock;
    private final CircuitBreaker breaker;
    private final @Nullable RateLimiter limiter;
    private final RetryBudget budget = new RetryBudget();
    private final IntervalFunction backoff =
            IntervalFunction.ofExponentialRandomBackoff(FIRST_BACKOFF, 2.0, 0.5, LONGEST_BACKOFF);
    final LongAdder calls = new LongAdder();
    final LongAdder attempts = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder retriesDenied = new LongAdder();
    final LongAdder turnedAway = new LongAdder();
    final LongAdder unknown = new LongAdder();

    private boolean pauseKnown;
    private long pausedUntil;
    private int turnsAway;

    Destination(UtcClock clock, @Nullable Rate rate) {
        this.clock = clock;
        this.breaker = CircuitBreaker.of("destination", breaker(clock));
        this.limiter = rate == null ? null : RateLimiter.of("destination", limiter(rate));
    }

    /** So many calls in so long. */
    record Rate(int calls, Duration per) {}

    private static CircuitBreakerConfig breaker(UtcClock clock) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(30, 20, CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(95)
                .slowCallRateThreshold(100)
                .slowCallDurationThreshold(Duration.ofHours(1))
                .waitDurationInOpenState(OPEN_FOR)
                .permittedNumberOfCallsInHalfOpenState(3)
                .maxWaitDurationInHalfOpenState(OPEN_FOR)
                .currentTimestampFunction(any -> clock.nanos(), TimeUnit.NANOSECONDS)
                .clock(clock.withZone(ZoneOffset.UTC))
                .writableStackTraceEnabled(false)
                .build();
    }

    private static RateLimiterConfig limiter(Rate rate) {
        return RateLimiterConfig.custom()
                .limitForPeriod(rate.calls())
                .limitRefreshPeriod(rate.per())
                .timeoutDuration(Duration.ofDays(1))
                .build();
    }

    void called() {
        calls.increment();
        budget.earn();
    }

    /** Nanoseconds until the pause that the service asked for is over; 0 if there is none. */
    synchronized long pauseNanos() {
        return pauseKnown ? Math.max(0, pausedUntil - clock.nanos()) : 0;
    }

    /** Nanoseconds to wait for our own turn; the turn is taken. */
    long reserveNanos() {
        return limiter == null ? 0 : Math.max(0, limiter.reservePermission());
    }

    boolean tryEnter() {
        return breaker.tryAcquirePermission();
    }

    /** The end of a call that was let in; null if the service only asked to wait. */
    void leave(@Nullable Boolean usable) {
        if (usable == null) {
            breaker.releasePermission();
        } else if (usable) {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
        } else {
            breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException("nothing usable came back"));
        }
    }

    synchronized void served() {
        turnsAway = 0;
    }

    /** Leaves the whole destination alone; without a usable wish of its own, longer each time it turns us away. */
    synchronized Duration pause(@Nullable Duration asked) {
        turnedAway.increment();
        turnsAway++;
        return hold(asked == null ? backoff(turnsAway + 1) : asked);
    }

    /** Leaves the whole destination alone for at least so long. */
    synchronized Duration hold(Duration pause) {
        long until = clock.nanos() + pause.toNanos();
        if (!pauseKnown || until - pausedUntil > 0) {
            pausedUntil = until;
            pauseKnown = true;
        }
        return pause;
    }

    boolean mayRetry() {
        if (budget.spend()) {
            retries.increment();
            return true;
        }
        retriesDenied.increment();
        return false;
    }

    Duration backoff(int attempt) {
        return Duration.ofMillis(backoff.apply(attempt));
    }

    boolean isOpen() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }
}

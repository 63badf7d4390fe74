package io.crmsdk.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a deferred delivery is tried again, and when it is given up.
 *
 * <p>The wait after attempt n is drawn evenly from half of to the whole of {@code first * 2^(n-1)}, never more than the
 * ceiling: the random half keeps a crowd of messages that failed together from coming back together, the fixed half keeps
 * a busy server from being asked again at once. Immutable; derive others with the {@code with} methods.
 *
 * @param first the longest wait after the first attempt
 * @param ceiling the longest wait at all
 * @param lifetime how long after its first due time a delivery is given up
 * @param attempts after how many attempts it is given up
 * @param stumbles how often handling may break in a way that no server caused (an error in the channel,
 *     content that cannot be read) until the delivery is set aside as {@link DeliveryState#DEAD}
 */
public record RetryPolicy(Duration first, Duration ceiling, Duration lifetime, int attempts, int stumbles) {
    /** Refuses waits that are not positive and limits below one. */
    public RetryPolicy {
        if (first.isNegative() || first.isZero() || ceiling.compareTo(first) < 0 || lifetime.isNegative()) {
            throw new IllegalArgumentException(
                    "retry policy: expected 0 < first <= ceiling and lifetime >= 0, got first " + first + ", ceiling "
                            + ceiling + ", lifetime " + lifetime);
        }
        if (attempts < 1 || stumbles < 1) {
            throw new IllegalArgumentException(
                    "retry policy: attempts and stumbles are at least 1, got " + attempts + " and " + stumbles);
        }
    }

    /**
     * One minute doubling to one hour, for five days, as mail servers do; at most 1,000 attempts; set aside after three
     * stumbles.
     */
    public static RetryPolicy defaults() {
        return new RetryPolicy(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofDays(5), 1000, 3);
    }

    /** The same with other waits. */
    public RetryPolicy withWaits(Duration first, Duration ceiling) {
        return new RetryPolicy(first, ceiling, lifetime, attempts, stumbles);
    }

    /** The same with another end. */
    public RetryPolicy withLimits(Duration lifetime, int attempts) {
        return new RetryPolicy(first, ceiling, lifetime, attempts, stumbles);
    }

    /** The same with another bound on stumbles. */
    public RetryPolicy withStumbles(int stumbles) {
        return new RetryPolicy(first, ceiling, lifetime, attempts, stumbles);
    }

    /** The wait in microseconds after the given attempt, from 1. */
    long waitMicros(int attempt, RandomGenerator random) {
        long ceilingUs = Math.max(1, micros(ceiling));
        long longest = micros(first);
        for (int n = 1; n < attempt && longest < ceilingUs; n++) {
            longest = longest * 2;
        }
        longest = Math.min(Math.max(longest, 2), Math.max(ceilingUs, 2));
        return longest / 2 + random.nextLong(longest / 2 + 1);
    }

    boolean isGivenUp(int attempt, long ageMicros) {
        return attempt >= attempts || ageMicros >= micros(lifetime);
    }

    static long micros(Duration duration) {
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
    }
}

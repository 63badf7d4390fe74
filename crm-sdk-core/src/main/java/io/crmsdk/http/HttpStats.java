package io.crmsdk.http;

import java.time.Duration;

/**
 * Counters of a gateway since it was built, and how its destination stands.
 *
 * @param calls how often a caller sent something
 * @param attempts how often something went out
 * @param retries attempts that the retry budget paid for
 * @param retriesDenied retries that the budget had nothing left for
 * @param turnedAway answers that asked us to wait
 * @param unknown calls whose outcome is not known
 * @param open whether the circuit breaker keeps calls away
 * @param pause how long the destination is still left alone; zero if it is not
 */
public record HttpStats(
        long calls,
        long attempts,
        long retries,
        long retriesDenied,
        long turnedAway,
        long unknown,
        boolean open,
        Duration pause) {}

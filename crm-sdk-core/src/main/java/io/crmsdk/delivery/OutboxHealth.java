package io.crmsdk.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot for a health check; made by one read of the unfinished deliveries, never of the finished ones.
 *
 * @param counts how many unfinished deliveries are in each state; states without any are absent
 * @param oldestDue how long the oldest due delivery without a live lease has been waiting, or null if none is
 * @param expiredLeases how many leases have ended without a recorded result and wait for the next claim
 * @param held how many are unconfirmed without a planned repeat and wait for somebody to settle them
 * @param nextDue when the next delivery without a live lease is or was due, or null if nothing is planned
 * @param unrecorded how many outcomes this process knows and the store does not have yet
 * @param listenerFailures how many listener calls threw or were dropped since the outbox was opened
 * @param workerFailures how often a loop of a worker pool of this outbox failed and went on
 * @param clockSkew the database's clock minus this host's
 */
public record OutboxHealth(
        Map<DeliveryState, Long> counts,
        @Nullable Duration oldestDue,
        long expiredLeases,
        long held,
        @Nullable Instant nextDue,
        int unrecorded,
        long listenerFailures,
        long workerFailures,
        Duration clockSkew) {
    /** Copies the counts. */
    public OutboxHealth {
        counts = Map.copyOf(counts);
    }
}

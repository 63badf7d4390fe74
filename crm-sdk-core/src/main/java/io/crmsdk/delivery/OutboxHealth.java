package io.crmsdk.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot for a health check; made by reading the unfinished deliveries, never the finished ones.
 *
 * @param counts how many unfinished deliveries are in each state; states without any are absent
 * @param due how many are due and free to be claimed
 * @param oldestDue how long the oldest due delivery without a live lease has been waiting, or null if none is
 * @param oldestWindow how long ago the oldest window began whose answer is not recorded, or null if none is open
 * @param expiredLeases how many leases have ended without a recorded result and wait for the next claim
 * @param held how many are unconfirmed without a planned repeat and wait for somebody to settle them
 * @param stranded how many have neither a time nor a lease although they should; always zero in a sound store
 * @param nextDue when the next delivery without a live lease is or was due, or null if nothing is planned
 * @param workers the worker pools on the store that have not signed off
 * @param oldestWaiting how long the delivery has waited that has waited longest for its turn in its ordering key, or null if none waits
 * @param waitsFor which delivery that one waits for, with its state, in words; null if none waits
 * @param paused by whom the outbox is stopped, or null
 * @param pausedDestinations which destinations are stopped by hand, and by whom
 * @param parked how many deliveries wait for the end of such a pause, as far as a worker has met them
 * @param pausedChannels the channels of this process that send nothing at present, each with the reason that it gives
 * @param unrecorded how many outcomes this process knows and the store does not have yet
 * @param listenerFailures how many listener calls threw or were dropped since the outbox was opened
 * @param workerFailures how often a loop of a worker pool of this outbox failed and went on
 * @param clockSkew the database's clock minus this host's
 * @param consentHeld whether the consent ledger is behind what its witness or this process has seen, so that marketing waits
 * @param wentBack whether a pool of this process saw the store go back behind its own commits, and stopped claiming
 */
public record OutboxHealth(
        Map<DeliveryState, Long> counts,
        long due,
        @Nullable Duration oldestDue,
        @Nullable Duration oldestWindow,
        long expiredLeases,
        long held,
        long stranded,
        @Nullable Instant nextDue,
        List<WorkerHealth> workers,
        @Nullable Duration oldestWaiting,
        @Nullable String waitsFor,
        @Nullable OutboxPause paused,
        Map<String, OutboxPause> pausedDestinations,
        long parked,
        Map<String, String> pausedChannels,
        int unrecorded,
        long listenerFailures,
        long workerFailures,
        Duration clockSkew,
        boolean consentHeld,
        boolean wentBack) {
    /** Copies the collections. */
    public OutboxHealth {
        counts = Map.copyOf(counts);
        workers = List.copyOf(workers);
        pausedDestinations = Map.copyOf(pausedDestinations);
        pausedChannels = Map.copyOf(pausedChannels);
    }

    /** What somebody should look at, the worst first, each with its cause and what to do; empty if all is well. */
    public List<HealthFinding> findings(HealthLimits limits) {
        return Findings.of(this, limits);
    }
}

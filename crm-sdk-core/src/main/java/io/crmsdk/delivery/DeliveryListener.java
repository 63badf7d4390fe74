package io.crmsdk.delivery;

/**
 * Hears of every change this outbox makes, after its commit, in the order of commits.
 *
 * <p>Called by one thread of the outbox's own, so a slow or throwing listener delays only other listeners. What it throws
 * is counted in the health snapshot. When it falls {@value Notifier#CAPACITY} calls behind, further ones are dropped and
 * counted: the store, not the listener, holds the truth.
 */
public interface DeliveryListener {
    /** An attempt starts now; nothing is known yet. {@code change.state()} is the state before it. */
    default void onAttempt(DeliveryChange change) {}

    /** A delivery has a new state; not called when one that waited for its ordering key gets its turn. */
    default void onChange(DeliveryChange change) {}

    /** A {@linkplain Outbox#watch watchdog} found something that somebody should look at. */
    default void onFinding(HealthFinding finding) {}

    /** What a watchdog had found is over. */
    default void onFindingOver(HealthFinding finding) {}
}

package io.crmsdk.delivery;

import java.time.Duration;

/** A running worker pool. Thread-safe. */
public interface Workers extends AutoCloseable {
    /** The name under which this pool holds its leases and signs the history. */
    String node();

    /**
     * Waits until nothing is due and nothing is in hand, on this node or any other. What is deferred, scheduled or held
     * does not count: see {@link OutboxHealth#nextDue()}.
     *
     * @return false if the time ran out before
     * @throws InterruptedException if the calling thread is interrupted
     */
    boolean awaitIdle(Duration atMost) throws InterruptedException;

    /**
     * Stops in bounded time: takes nothing new, gives back what has not begun, waits {@link WorkerOptions#stopWithin()}
     * for attempts in flight, interrupts the rest and gives it one more second. Idempotent.
     */
    @Override
    void close();
}

package io.crmsdk.followup;

/** A running engine. Thread-safe. */
public interface FollowUpEngine extends AutoCloseable {
    /** The name under which it holds its leases and signs the history. */
    String node();

    /**
     * Stops: takes nothing new, waits ten seconds for the host's code, then interrupts it and gives back what it had. What a killed
     * engine held is free when its lease ends. Idempotent.
     */
    @Override
    void close();
}

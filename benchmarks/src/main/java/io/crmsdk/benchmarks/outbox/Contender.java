package io.crmsdk.benchmarks.outbox;

import java.util.List;

/** One way to store messages and have them handled once each by 32 threads. */
interface Contender {
    int WORKERS = 32;

    /** Stores messages as few commits as it can; the contents are the last 13 characters of a key, filled up to 1 KiB. */
    void enqueue(List<String> keys) throws Exception;

    /** Starts handling what is stored, and goes on with what comes. */
    void start() throws Exception;

    /** Stops handling; what is stored stays. */
    void stop() throws Exception;

    /** Stops for good. */
    default void end() throws Exception {
        stop();
    }
}

package io.crmsdk.time;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps, across restarts, an instant that is later than every stamp a clock may have given.
 *
 * <p>The clock saves a mark ten seconds ahead of use about every five seconds and so never gives a stamp beyond it. One
 * mark belongs to one clock of one node. Calls come from whichever thread reads the clock, one at a time.
 */
public interface HighWaterMark {
    /**
     * The kept mark, or null if there has never been one.
     *
     * @throws RuntimeException if it cannot be told; the clock then refuses to start
     */
    @Nullable
    Instant load();

    /**
     * Keeps a mark. It must be durable when this returns.
     *
     * @throws RuntimeException if it may not have been kept; the clock reports it and tries again
     */
    void save(Instant mark);

    /** A mark in a small file of its own, replaced atomically and forced to disk; the folder must exist. */
    static HighWaterMark file(Path file) {
        return new FileMark(file);
    }
}

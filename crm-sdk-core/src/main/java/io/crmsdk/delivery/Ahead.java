package io.crmsdk.delivery;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Whether the mark of a claimed message was written before a worker took it, along with what the recorder had to commit anyway.
 *
 * <p>Decided once, by whoever comes first: the recorder, which marks ahead, or the worker, which then asks for its own mark.
 */
final class Ahead {
    private boolean taken;
    private long askedNanos;
    private @Nullable CompletableFuture<Recorder.MarkResult> mark;

    /** Of the recorder: true if no worker has the message yet and nobody marked it; then its mark is to be written. */
    synchronized boolean begin() {
        if (taken || mark != null) {
            return false;
        }
        askedNanos = System.nanoTime();
        mark = new CompletableFuture<>();
        return true;
    }

    /** Of the worker; true if it was marked ahead. */
    synchronized boolean take() {
        taken = true;
        return mark != null;
    }

    /** What became of the mark, or null if it was not marked ahead. */
    synchronized @Nullable CompletableFuture<Recorder.MarkResult> mark() {
        return mark;
    }

    /** Since when the lease was surely long enough, by the monotonic clock. */
    synchronized long askedNanos() {
        return askedNanos;
    }
}

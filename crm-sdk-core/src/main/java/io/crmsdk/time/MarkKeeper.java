package io.crmsdk.time;

import io.crmsdk.internal.Micros;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the high-water mark ahead of use. Guarded by the clock that owns it; all times in microseconds. */
final class MarkKeeper {
    private static final long AHEAD = 10_000_000L;
    private static final long AHEAD_OF_CREEP = 100_000L;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable HighWaterMark store;
    private long saved = Long.MIN_VALUE;
    private long renewAt = Long.MIN_VALUE;
    private boolean failed;
    private long retryAt;

    MarkKeeper(@Nullable HighWaterMark store) {
        this.store = store;
    }

    /** The mark of an earlier run, or the least number. */
    long load() {
        Instant kept = store == null ? null : store.load();
        return kept == null ? Long.MIN_VALUE : Micros.of(kept);
    }

    /** Up to where stamps may be given without asking here. */
    long limit() {
        return store == null ? Long.MAX_VALUE : saved;
    }

    boolean failed() {
        return failed;
    }

    /** Makes sure, if it can be done, that a stamp is below the kept mark. */
    void cover(long time, long stamp, long nanos, List<ClockEvent> events) {
        if (store == null || stamp < renewAt || (failed && nanos - retryAt < 0)) {
            return;
        }
        save(store, Math.max(time + AHEAD, stamp + AHEAD_OF_CREEP), stamp, nanos, events);
    }

    /** Gives up a mark that is too high. */
    void lower(long time, long nanos, List<ClockEvent> events) {
        saved = Long.MIN_VALUE;
        renewAt = Long.MIN_VALUE;
        failed = false;
        cover(time, time, nanos, events);
    }

    private void save(HighWaterMark to, long mark, long stamp, long nanos, List<ClockEvent> events) {
        try {
            to.save(Micros.instant(mark));
            saved = mark;
            renewAt = stamp + (mark - stamp) / 2;
            failed = false;
        } catch (RuntimeException e) {
            failed = true;
            retryAt = nanos + RETRY_NANOS;
            events.add(new ClockEvent.MarkUnsaved(Micros.instant(stamp), String.valueOf(e.getMessage())));
        }
    }
}

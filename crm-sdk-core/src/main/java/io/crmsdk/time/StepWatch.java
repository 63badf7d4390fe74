package io.crmsdk.time;

import io.crmsdk.internal.Micros;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Compares the wall clock with the monotonic counter and decides which to follow. Guarded by the clock that owns it.
 *
 * <p>A leap of an hour or more is not followed at once, because one stamp from the future would poison all later ones: the
 * clock stays on its monotonic prediction until an outside source agrees or a minute has passed.
 */
final class StepWatch {
    static final long BACK_TOLERANCE = 50_000L;
    static final long FORWARD_TOLERANCE = 2_000_000L;
    static final long HOLD_FROM = 3_600_000_000L;
    private static final long HOLD_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private boolean holding;
    private boolean believed;
    private long holdingSince;
    private long heldBy;
    private boolean stepped;
    private long steppedAt;

    /** Where the accepted time was last tied to the wall clock and the counter; all but nanos in microseconds. */
    record Anchor(long time, long wall, long nanos) {}

    /** The anchor to use after a reading; {@code jumped} is how far the wall clock left the prediction. */
    record Step(Anchor anchor, long jumped, boolean reported) {}

    Step follow(Anchor anchor, long wall, long nanos, List<ClockEvent> events) {
        long predicted = predicted(anchor, nanos);
        long ahead = wall - predicted;
        if (ahead >= HOLD_FROM && !mayAccept(nanos)) {
            return hold(anchor, predicted, ahead, nanos, events);
        }
        boolean reported = report(wall, ahead, nanos, events);
        release();
        return new Step(new Anchor(wall, wall, nanos), ahead, reported);
    }

    static long predicted(Anchor anchor, long nanos) {
        return anchor.time + (nanos - anchor.nanos) / 1_000;
    }

    boolean holding() {
        return holding;
    }

    boolean recentlyStepped(long nanos) {
        return holding || (stepped && nanos - steppedAt < RECENT_NANOS);
    }

    /** An outside source has judged the wall clock while we hold. */
    void judged(boolean wallIsRight, long nanos) {
        if (holding) {
            believed = wallIsRight;
            holdingSince = nanos;
        }
    }

    private boolean mayAccept(long nanos) {
        return holding && (believed || nanos - holdingSince >= HOLD_NANOS);
    }

    private Step hold(Anchor anchor, long predicted, long ahead, long nanos, List<ClockEvent> events) {
        boolean begins = !holding;
        if (begins) {
            holding = true;
            holdingSince = nanos;
            markStep(nanos);
            events.add(new ClockEvent.StepForward(Micros.instant(predicted), Micros.duration(ahead), false));
        }
        heldBy = ahead;
        return new Step(anchor, 0, begins);
    }

    private boolean report(long wall, long ahead, long nanos, List<ClockEvent> events) {
        if (ahead > FORWARD_TOLERANCE) {
            events.add(new ClockEvent.StepForward(Micros.instant(wall), Micros.duration(ahead), true));
        } else if (ahead < -BACK_TOLERANCE) {
            events.add(new ClockEvent.StepBack(Micros.instant(wall), Duration.ZERO.minus(Micros.duration(ahead))));
        } else if (holding) {
            events.add(new ClockEvent.StepBack(Micros.instant(wall), Micros.duration(heldBy)));
        } else {
            return false;
        }
        markStep(nanos);
        return true;
    }

    private void markStep(long nanos) {
        stepped = true;
        steppedAt = nanos;
    }

    private void release() {
        holding = false;
        believed = false;
    }
}

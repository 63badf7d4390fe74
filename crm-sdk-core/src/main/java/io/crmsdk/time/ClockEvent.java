package io.crmsdk.time;

import java.time.Duration;
import java.time.Instant;

/** Something happened to a clock that the host should know, with its size. */
public sealed interface ClockEvent {
    /** The clock's own time when it was noticed; not a stamp of its own. */
    Instant at();

    /**
     * The host's clock leapt ahead: a machine resumed, or its time was corrected.
     *
     * @param by how far
     * @param accepted false while the clock stays on its monotonic prediction, because the leap is an hour or more;
     *     another event with true follows if it is believed later
     */
    record StepForward(Instant at, Duration by, boolean accepted) implements ClockEvent {}

    /**
     * The host's clock was set back. Stamps creep on until it is ahead again.
     *
     * @param by how far, positive
     */
    record StepBack(Instant at, Duration by) implements ClockEvent {}

    /** An outside source says that the host's clock is off by more than the tolerance. */
    record Skew(Instant at, String source, SkewEstimate skew) implements ClockEvent {}

    /**
     * An earlier run gave stamps from what is now the future, by more than five minutes. Either its clock was ahead or
     * ours is behind; {@link HostClock#acceptWallClock} settles it.
     *
     * @param mark up to which stamps may have been given
     * @param ahead how far the mark is ahead of the host's clock
     */
    record Poisoned(Instant at, Instant mark, Duration ahead) implements ClockEvent {}

    /**
     * The high-water mark was lowered on an explicit decision, so that stamps may repeat.
     *
     * @param from the mark that was given up
     * @param decidedBy who decided: an operator, or the names of two outside sources that agree
     */
    record MarkLowered(Instant at, Instant from, String decidedBy) implements ClockEvent {}

    /**
     * The high-water mark could not be kept; until that succeeds, a restart may repeat stamps.
     *
     * @param reason what went wrong, in the words of the {@link HighWaterMark}
     */
    record MarkUnsaved(Instant at, String reason) implements ClockEvent {}
}

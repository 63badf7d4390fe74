package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * The one source of "now": UTC, cut to microseconds, never backwards.
 *
 * <p>Every component takes a clock as a parameter. {@link #system()} serves most hosts, {@link HostClock#builder()} adds
 * a {@link HighWaterMark} that keeps the promise across restarts, {@link TestClock} moves only when told to. All
 * implementations are thread-safe.
 */
public interface UtcClock extends InstantSource {
    /**
     * The present instant, strictly later than every instant that this clock gave before, to any thread.
     *
     * <p>Microseconds, cut and never rounded up. While the host's clock has been set back, or more than one call falls in
     * a microsecond, instants creep on by one microsecond a call.
     */
    @Override
    Instant instant();

    /**
     * The present in milliseconds since 1970, never less than an earlier answer. Unlike {@link #instant()} it may
     * repeat.
     */
    @Override
    long millis();

    /** A stamp as {@link #instant()} gives it, with what is known of its truth. */
    Reading read();

    /** Nanoseconds of a monotonic source with an arbitrary origin; only differences mean something. */
    long nanos();

    /**
     * Calls a listener at every event from now on, in the thread that noticed it, which may be any caller of the clock.
     * It must be quick. What it throws is logged and otherwise ignored. Listeners cannot be removed.
     */
    void onEvent(Consumer<? super ClockEvent> listener);

    /**
     * Tells the clock what an outside source says of it: the {@code Date} of an HTTP response, an SNTP answer, a
     * database's time. Decides between {@link ClockQuality#SYNCED} and {@link ClockQuality#SUSPECT}, and whether a large
     * forward step is believed before its minute has passed. The clock itself is never set.
     *
     * @param source a name for the source, for example a host; two sources agree only if their names differ
     * @param skew the source's time minus this clock's {@linkplain Reading#wall() wall reading}
     */
    void checked(String source, SkewEstimate skew);

    /** The clock of this process, shared by all who ask; without a mark, so restarts are not covered. */
    static UtcClock system() {
        return HostClock.SystemHolder.CLOCK;
    }
}

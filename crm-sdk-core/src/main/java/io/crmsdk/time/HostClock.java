package io.crmsdk.time;

import io.crmsdk.internal.Micros;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link UtcClock} over the clock of the host.
 *
 * <p>About every 100 ms of readings, and at once when the wall clock is behind the last stamp, it is compared with the
 * monotonic counter. A step back of more than 50 ms or ahead of more than 2 s is an event. A step ahead of an hour or more
 * is followed only when an outside source {@linkplain #checked agrees} or 60 s have passed; until then time goes on from
 * where it was. Thread-safe; reading it takes one call of the host's clock and one compare-and-set.
 */
public final class HostClock implements UtcClock {
    private static final Logger LOG = LoggerFactory.getLogger(HostClock.class);
    private static final long COMPARE_EVERY = 100_000L;
    private static final long POISON_FROM = 300_000_000L;
    private static final VarHandle LAST = lastHandle();

    /**
     * When a stamp needs no comparison, microseconds: while the wall clock reads from {@code from} to before {@code until},
     * and no stamp has reached {@code limit}, which the mark covers.
     */
    private record Open(long from, long until, long limit) {
        static final Open NEVER = new Open(0, 0, 0);
    }

    private final TimeSource source;
    private final long assumedError;
    private final List<Consumer<? super ClockEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final StepWatch steps = new StepWatch();
    private final OutsideChecks checks = new OutsideChecks();
    private final MarkKeeper mark;
    private StepWatch.Anchor anchor;
    private ClockEvent.@Nullable Poisoned poisoned;

    private volatile Open open = Open.NEVER;

    @SuppressWarnings("UnusedVariable") // through LAST
    private volatile long last;

    HostClock(TimeSource source, @Nullable HighWaterMark kept, Duration assumedError) {
        this.source = source;
        this.assumedError = Micros.of(assumedError);
        this.mark = new MarkKeeper(kept);
        long wall = source.wallMicros();
        this.anchor = new StepWatch.Anchor(wall, wall, source.nanos());
        long earlier = mark.load();
        this.last = Math.max(earlier, wall - 1);
        this.poisoned = earlier == Long.MIN_VALUE || earlier - wall < POISON_FROM ? null : poison(wall, earlier);
    }

    /** A clock with options; one a process is usual, one a {@link HighWaterMark} is the rule. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Instant instant() {
        return Micros.instant(micros());
    }

    private long micros() {
        long wall = source.wallMicros();
        Open window = open;
        long before = last;
        if (wall < window.from || wall >= window.until || before >= window.limit) {
            return compared().stamp;
        }
        return advance(before, wall);
    }

    private long advance(long seen, long wall) {
        long before = seen;
        while (true) {
            long next = Math.max(wall, before + 1);
            if (LAST.compareAndSet(this, before, next)) {
                return next;
            }
            before = last;
        }
    }

    @Override
    public long millis() {
        long wall = source.wallMillis();
        long micros = wall * 1_000;
        Open window = open;
        long before = last;
        if (micros + 999 < window.from || micros >= window.until || before >= window.limit) {
            return Math.floorDiv(compared().stamp, 1_000L);
        }
        return Math.max(wall, before / 1_000);
    }

    @Override
    public long nanos() {
        return source.nanos();
    }

    @Override
    public Reading read() {
        return compared().reading();
    }

    /** One reading that was compared with the counter. */
    private record Compared(long stamp, long wall, long earliest, long latest, ClockQuality quality) {
        Reading reading() {
            return new Reading(
                    Micros.instant(stamp),
                    Micros.instant(Math.min(earliest, stamp)),
                    Micros.instant(Math.max(latest, stamp)),
                    quality,
                    Micros.instant(wall));
        }
    }

    private Compared compared() {
        List<ClockEvent> events = new ArrayList<>(0);
        Compared reading;
        synchronized (lock) {
            reading = compare(events);
        }
        tell(events);
        return reading;
    }

    private Compared compare(List<ClockEvent> events) {
        long wall = source.wallMicros();
        long nanos = source.nanos();
        long time = follow(wall, nanos, events);
        long stamp = advance(last, time);
        mark.cover(time, stamp, nanos, events);
        open = steps.holding() ? Open.NEVER : new Open(wall, wall + COMPARE_EVERY, mark.limit());
        return judge(stamp, time, wall, nanos);
    }

    private long follow(long wall, long nanos, List<ClockEvent> events) {
        StepWatch.Step step = steps.follow(anchor, wall, nanos, events);
        if (step.reported()) {
            checks.forget();
        } else if (step.jumped() != 0) {
            checks.widen(step.jumped());
        }
        anchor = step.anchor();
        return StepWatch.predicted(anchor, nanos);
    }

    private Compared judge(long stamp, long time, long wall, long nanos) {
        Optional<SkewEstimate> outside = checks.current(nanos);
        ClockQuality quality = quality(outside, stamp, time, nanos);
        if (outside.isPresent()) {
            long earliest = wall + Micros.of(outside.get().atLeast());
            return new Compared(
                    stamp, wall, earliest, wall + Micros.of(outside.get().atMost()) + 1, quality);
        }
        long latest = poisoned == null ? Math.max(time, wall) : Micros.of(poisoned.mark());
        return new Compared(stamp, wall, Math.min(time, wall) - assumedError, latest + assumedError, quality);
    }

    private ClockQuality quality(Optional<SkewEstimate> outside, long stamp, long time, long nanos) {
        boolean contradicted = outside.isPresent() && !outside.get().within(OutsideChecks.TOLERANCE);
        if (contradicted || poisoned != null || mark.failed()) {
            return ClockQuality.SUSPECT;
        }
        if (steps.recentlyStepped(nanos) || stamp - time > StepWatch.BACK_TOLERANCE) {
            return ClockQuality.STEPPED;
        }
        boolean confirmed = outside.isPresent() && outside.get().certainlyWithin(OutsideChecks.TOLERANCE);
        return confirmed ? ClockQuality.SYNCED : ClockQuality.UNCHECKED;
    }

    @Override
    public void checked(String name, SkewEstimate skew) {
        Objects.requireNonNull(name, "name");
        List<ClockEvent> events = new ArrayList<>(1);
        synchronized (lock) {
            long nanos = source.nanos();
            follow(source.wallMicros(), nanos, events);
            checks.add(name, skew, nanos);
            steps.judged(skew.certainlyWithin(OutsideChecks.TOLERANCE), nanos);
            if (!skew.within(OutsideChecks.TOLERANCE)) {
                events.add(new ClockEvent.Skew(now(nanos), name, skew));
            }
            if (poisoned != null) {
                checks.twoThatAgree(nanos).ifPresent(names -> lowerMark(names, events));
            }
        }
        tell(events);
    }

    /**
     * Decides that the host's clock is right although an earlier run gave stamps from what is now the future. The mark is
     * lowered to the present and a {@link ClockEvent.MarkLowered} says so; stamps of that earlier run may be given again.
     * Does nothing if the clock is not {@linkplain ClockEvent.Poisoned poisoned}.
     *
     * @param decidedBy who decides, for the event
     */
    public void acceptWallClock(String decidedBy) {
        Objects.requireNonNull(decidedBy, "decidedBy");
        List<ClockEvent> events = new ArrayList<>(1);
        synchronized (lock) {
            if (poisoned != null) {
                lowerMark(decidedBy, events);
            }
        }
        tell(events);
    }

    private void lowerMark(String decidedBy, List<ClockEvent> events) {
        long from = last;
        long wall = source.wallMicros();
        long nanos = source.nanos();
        poisoned = null;
        open = Open.NEVER;
        anchor = new StepWatch.Anchor(wall, wall, nanos);
        last = wall;
        mark.lower(wall, nanos, events);
        events.add(new ClockEvent.MarkLowered(Micros.instant(wall), Micros.instant(from), decidedBy));
    }

    @Override
    public void onEvent(Consumer<? super ClockEvent> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        ClockEvent open;
        synchronized (lock) {
            open = poisoned;
        }
        if (open != null) {
            tell(listener, open);
        }
    }

    private void tell(List<ClockEvent> events) {
        for (ClockEvent event : events) {
            for (Consumer<? super ClockEvent> listener : listeners) {
                tell(listener, event);
            }
        }
    }

    private static void tell(Consumer<? super ClockEvent> listener, ClockEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("a listener to clock events failed on {}", event, e);
        }
    }

    private Instant now(long nanos) {
        return Micros.instant(StepWatch.predicted(anchor, nanos));
    }

    private static ClockEvent.Poisoned poison(long wall, long mark) {
        return new ClockEvent.Poisoned(Micros.instant(wall), Micros.instant(mark), Micros.duration(mark - wall));
    }

    private static VarHandle lastHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(HostClock.class, "last", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Options of a {@link HostClock}. Not thread-safe. */
    public static final class Builder {
        private @Nullable HighWaterMark mark;
        private Duration assumedError = Duration.ofSeconds(5);

        private Builder() {}

        /** Keeps "never backwards" across restarts. Default: none, each run starts anew. */
        public Builder highWaterMark(HighWaterMark kept) {
            this.mark = Objects.requireNonNull(kept, "kept");
            return this;
        }

        /**
         * How wrong the host's clock is taken to be while nobody has checked it; the bounds of an unchecked
         * {@link Reading}. Raise it where hosts run without time synchronisation. Default: 5 s.
         *
         * @throws IllegalArgumentException if it is negative or longer than a day
         */
        public Builder assumedError(Duration error) {
            if (error.isNegative() || error.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("assumedError is 0 to 24 h, got " + error);
            }
            this.assumedError = error;
            return this;
        }

        /**
         * The clock, started.
         *
         * @throws TimeException with {@link TimeError#MARK_UNAVAILABLE} if a mark in a {@linkplain HighWaterMark#file
         *     file} cannot be read; a mark of your own throws what it likes
         */
        public HostClock build() {
            return new HostClock(new SystemTimeSource(), mark, assumedError);
        }
    }

    /** Made at the first question for it. */
    static final class SystemHolder {
        static final UtcClock CLOCK = builder().build();

        private SystemHolder() {}
    }
}

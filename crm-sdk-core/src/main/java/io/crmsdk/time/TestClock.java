package io.crmsdk.time;

import io.crmsdk.internal.Micros;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A clock for tests that moves only when told to, and can do to a program what hosts do.
 *
 * <p>It is a real {@link HostClock} over a scripted host: stamps never run backwards, steps are detected and reported, a
 * leap of an hour is held for a minute. So {@link #advance} is the passing of time, while {@link #set} and {@link #step} are
 * somebody turning the host's clock. The first stamp at each new time is exactly that time; further ones follow by a
 * microsecond. Thread-safe.
 */
public final class TestClock implements UtcClock {
    private final Script script;
    private final HostClock clock;

    private TestClock(Instant start, @Nullable HighWaterMark mark) {
        this.script = new Script(Micros.of(start));
        this.clock = new HostClock(script, mark, Duration.ofSeconds(5));
    }

    /** A clock that stands at an instant, cut to microseconds. */
    public static TestClock at(Instant start) {
        return new TestClock(start, null);
    }

    /** As {@link #at(Instant)}, from text such as {@code 2024-06-11T08:30:00Z}. */
    public static TestClock at(String start) {
        return at(Instant.parse(start));
    }

    /** A clock that starts as after a restart with a kept mark. */
    public static TestClock restarted(Instant start, HighWaterMark mark) {
        return new TestClock(start, Objects.requireNonNull(mark, "mark"));
    }

    /**
     * Time passes: wall clock and counter move together, unless the wall clock is {@linkplain #freeze frozen}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestClock advance(Duration by) {
        requirePositive(by);
        script.move(Micros.of(by), by.toNanos());
        return this;
    }

    /**
     * Time passes until the wall clock says this.
     *
     * @throws IllegalArgumentException if that is in the past
     */
    public TestClock advanceTo(Instant wall) {
        return advance(Duration.between(wall(), wall));
    }

    /** Somebody sets the host's clock; the counter does not move. */
    public TestClock set(Instant wall) {
        script.set(Micros.of(wall));
        return this;
    }

    /** Somebody turns the host's clock ahead, or back if negative; the counter does not move. */
    public TestClock step(Duration by) {
        script.turn(Micros.of(by));
        return this;
    }

    /**
     * The machine sleeps: its wall clock is later when it wakes, its counter stood.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public TestClock suspend(Duration by) {
        requirePositive(by);
        return step(by);
    }

    /** The host's clock stops; {@link #advance} moves only the counter until {@link #thaw}. */
    public TestClock freeze() {
        script.frozen(true);
        return this;
    }

    /** The host's clock goes on from where it stopped. */
    public TestClock thaw() {
        script.frozen(false);
        return this;
    }

    /** What the host's clock says, without taking a stamp. */
    public Instant wall() {
        return Micros.instant(script.wallMicros());
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public long millis() {
        return clock.millis();
    }

    @Override
    public Reading read() {
        return clock.read();
    }

    @Override
    public long nanos() {
        return clock.nanos();
    }

    @Override
    public void onEvent(Consumer<? super ClockEvent> listener) {
        clock.onEvent(listener);
    }

    @Override
    public void checked(String source, SkewEstimate skew) {
        clock.checked(source, skew);
    }

    /** As {@link HostClock#acceptWallClock}. */
    public void acceptWallClock(String decidedBy) {
        clock.acceptWallClock(decidedBy);
    }

    @Override
    public String toString() {
        return "TestClock[" + wall() + "]";
    }

    private static void requirePositive(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not pass backwards; use step or set, got " + by);
        }
    }

    /** The host under the clock. */
    private static final class Script implements TimeSource {
        private long wall;
        private long nanos;
        private boolean frozen;

        Script(long wall) {
            this.wall = wall;
        }

        synchronized void move(long micros, long byNanos) {
            nanos += byNanos;
            if (!frozen) {
                wall += micros;
            }
        }

        synchronized void set(long micros) {
            wall = micros;
        }

        synchronized void turn(long micros) {
            wall += micros;
        }

        synchronized void frozen(boolean now) {
            frozen = now;
        }

        @Override
        public synchronized long wallMicros() {
            return wall;
        }

        @Override
        public synchronized long wallMillis() {
            return Math.floorDiv(wall, 1_000L);
        }

        @Override
        public synchronized long nanos() {
            return nanos;
        }
    }
}

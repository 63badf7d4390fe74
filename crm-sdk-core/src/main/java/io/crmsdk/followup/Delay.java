package io.crmsdk.followup;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long after something a step is due: so many working days, calendar days or hours. Immutable; equality by value.
 *
 * <p>Days are counted in the {@link CustomerZone} of the follow-up. Without {@link #at} the time of the day stays as it was.
 */
public final class Delay {
    private enum Kind {
        ELAPSED,
        DAYS,
        WORKING_DAYS
    }

    private final Kind kind;
    private final long amount;
    private final @Nullable LocalTime time;

    private Delay(Kind kind, long amount, @Nullable LocalTime time) {
        this.kind = kind;
        this.amount = amount;
        this.time = time;
    }

    /** At once. */
    public static Delay none() {
        return elapsed(Duration.ZERO);
    }

    /**
     * By the clock, whatever the day: 0 to 10,000 days, cut to milliseconds.
     *
     * @throws IllegalArgumentException outside of that
     */
    public static Delay elapsed(Duration duration) {
        if (duration.isNegative() || duration.compareTo(Duration.ofDays(10_000)) > 0) {
            throw new IllegalArgumentException("delay: expected 0 to 10000 days, got " + duration);
        }
        return new Delay(Kind.ELAPSED, duration.toMillis(), null);
    }

    /** So many days of the calendar later, 0 to 10,000. */
    public static Delay days(int days) {
        return new Delay(Kind.DAYS, inRange(days), null);
    }

    /**
     * So many working days later by the calendar of the {@link FollowUp}, 0 to 10,000; with 0 the same day if it is worked, see {@link
     * WorkingCalendar#plus}.
     */
    public static Delay workingDays(int days) {
        return new Delay(Kind.WORKING_DAYS, inRange(days), null);
    }

    private static int inRange(int days) {
        if (days < 0 || days > 10_000) {
            throw new IllegalArgumentException("delay: expected 0 to 10000 days, got " + days);
        }
        return days;
    }

    /**
     * The same days, due at this local time, cut to the second. If that has passed when 0 days are counted, the next day that counts is
     * taken.
     *
     * @throws IllegalStateException for a delay by the clock
     */
    public Delay at(LocalTime time) {
        if (kind == Kind.ELAPSED) {
            throw new IllegalStateException("a delay by the clock has no time of the day; count days or working days");
        }
        return new Delay(kind, amount, time.truncatedTo(ChronoUnit.SECONDS));
    }

    boolean needsCalendar() {
        return kind == Kind.WORKING_DAYS;
    }

    /** When it is due, and whether that rests on days that are not announced. */
    record Due(Instant at, boolean provisional) {}

    Due from(Instant base, CustomerZone zone, @Nullable WorkingCalendar calendar) {
        if (kind == Kind.ELAPSED) {
            return new Due(base.plusMillis(amount), false);
        }
        LocalDateTime local = zone.local(base);
        LocalTime at = time == null ? local.toLocalTime().truncatedTo(ChronoUnit.SECONDS) : time;
        Due due = counted(local.toLocalDate(), (int) amount, at, zone, calendar);
        boolean passed = time != null && due.at().isBefore(base);
        return passed ? counted(local.toLocalDate(), (int) amount + 1, at, zone, calendar) : due;
    }

    private Due counted(LocalDate from, int days, LocalTime at, CustomerZone zone, @Nullable WorkingCalendar calendar) {
        if (kind == Kind.DAYS) {
            return new Due(zone.at(from.plusDays(days).atTime(at)), false);
        }
        WorkingCalendar.WorkingDate reached =
                Objects.requireNonNull(calendar, "calendar").plus(from, days);
        return new Due(zone.at(reached.date().atTime(at)), reached.provisional());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Delay that
                && kind == that.kind
                && amount == that.amount
                && Objects.equals(time, that.time);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, amount, time);
    }

    @Override
    public String toString() {
        String what = kind == Kind.ELAPSED ? Duration.ofMillis(amount).toString() : amount + " " + kind;
        return time == null ? what : what + " at " + time;
    }
}

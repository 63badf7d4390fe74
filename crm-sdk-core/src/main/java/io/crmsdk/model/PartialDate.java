package io.crmsdk.model;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.Year;
import java.time.YearMonth;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A calendar date of which the year, the day, or month and day may be unknown, such as a birthday without its year.
 *
 * <p>It has no zone and never passes through one. The text forms are those of ISO 8601 and vCard: {@code 1996-04-12},
 * {@code 1996-04}, {@code 1996}, {@code --04-12}. Immutable; equality by value.
 *
 * @param year 1 to 9999, or null
 * @param month 1 to 12, or null
 * @param day 1 to 31 as month and year allow, or null
 */
public record PartialDate(
        @Nullable Integer year,
        @Nullable Integer month,
        @Nullable Integer day) {
    private static final Pattern FORM = Pattern.compile("(?:(\\d{4})|-)(?:-(\\d{2})(?:-(\\d{2}))?)?");

    /**
     * Checks that the parts form a date that exists in some year.
     *
     * @throws ModelException {@code INVALID_TIME} otherwise, also for a lone day or a month without year and day
     */
    public PartialDate {
        boolean shape = month == null ? year != null && day == null : year != null || day != null;
        if (!shape || !exists(year, month, day)) {
            throw new ModelException("INVALID_TIME", "date", "not a date that exists");
        }
    }

    /** A full date. */
    public static PartialDate of(LocalDate date) {
        return new PartialDate(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
    }

    /** A day of the year whose year is unknown. */
    public static PartialDate of(MonthDay day) {
        return new PartialDate(null, day.getMonthValue(), day.getDayOfMonth());
    }

    /**
     * Reads one of the four text forms.
     *
     * @throws ModelException {@code INVALID_TIME} for any other text and for dates that do not exist
     */
    public static PartialDate parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new ModelException("INVALID_TIME", "date", "expected yyyy-MM-dd, yyyy-MM, yyyy or --MM-dd");
        }
        return new PartialDate(number(m.group(1)), number(m.group(2)), number(m.group(3)));
    }

    /** The full date, if no part is unknown. */
    public Optional<LocalDate> full() {
        return year != null && month != null && day != null
                ? Optional.of(LocalDate.of(year, month, day))
                : Optional.empty();
    }

    /** The text form; a birthday is personal, so this is {@link #text()} for programs and not {@link #toString()}. */
    public String text() {
        StringBuilder out = new StringBuilder(10).append(year == null ? "-" : String.format(Locale.ROOT, "%04d", year));
        if (month != null) {
            out.append(String.format(Locale.ROOT, "-%02d", month));
        }
        if (day != null) {
            out.append(String.format(Locale.ROOT, "-%02d", day));
        }
        return out.toString();
    }

    /** The year alone, or {@code --} if it is unknown; month and day are not shown. */
    @Override
    public String toString() {
        return year == null ? "--***" : String.format(Locale.ROOT, "%04d-***", year);
    }

    private static @Nullable Integer number(@Nullable String digits) {
        return digits == null ? null : Integer.valueOf(digits);
    }

    private static boolean exists(@Nullable Integer year, @Nullable Integer month, @Nullable Integer day) {
        try {
            if (year != null && (year < 1 || year > 9999)) {
                return false;
            }
            if (month == null) {
                return year != null && Year.of(year).getValue() > 0;
            }
            if (day == null) {
                return year != null && YearMonth.of(year, month).getMonthValue() == month;
            }
            return year == null
                    ? MonthDay.of(month, day).getDayOfMonth() == day
                    : LocalDate.of(year, month, day).getDayOfMonth() == day;
        } catch (DateTimeException e) {
            return false;
        }
    }
}

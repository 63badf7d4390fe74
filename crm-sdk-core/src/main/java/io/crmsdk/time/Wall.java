package io.crmsdk.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The fields of a date and time as they were read, checked as far as that can be done without a zone: 24:00:00 is the end of
 * its day, and a second of 60 is a leap second if it turns out to be the last one of June or December in UTC.
 */
record Wall(LocalDate date, int hour, int minute, int second, int nano) {
    private static final long FIRST_SECOND = -62_135_596_800L;
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final int MOST_OFFSET = 14 * 3600;

    /** @param value for messages only */
    static Wall of(LocalDate date, int hour, int minute, int second, int nano, String value) {
        boolean endOfDay = hour == 24 && minute == 0 && second == 0 && nano == 0;
        if (minute > 59 || second > 60 || (hour > 23 && !endOfDay)) {
            throw TimeException.malformed("a time of day", value);
        }
        return new Wall(date, hour, minute, second, nano);
    }

    /** The day, which may be of the year 0000: only the instant decides whether that is out of range. */
    static LocalDate date(int year, int month, int day, String value) {
        if (year == 0 && month == 0 && day == 0) {
            throw TimeException.of(TimeError.ZERO_DATE, "a day of zeros stands for no day", value);
        }
        if (month < 1 || month > 12 || day < 1 || day > lengthOfMonth(year, month)) {
            throw TimeException.malformed("a day of the calendar", value);
        }
        return LocalDate.of(year, month, day);
    }

    static boolean isDate(int year, int month, int day) {
        return month >= 1 && month <= 12 && day >= 1 && day <= lengthOfMonth(year, month);
    }

    private static int lengthOfMonth(int year, int month) {
        return month == 2
                ? YearMonth.of(year, 2).lengthOfMonth()
                : Month.of(month).maxLength();
    }

    /** The moment, at an offset in seconds east of UTC. */
    Instant at(int offset, String value) {
        long second = utcSecond(offset);
        if (this.second == 60) {
            requireLeapSecond(second, value);
        }
        return inRange(second, nano, value);
    }

    /** The moment, in a zone with its rules for gaps and overlaps. */
    Instant in(LocalZone zone, String value) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(utcSecond(0), nano, ZoneOffset.UTC);
        Instant instant = zone.resolve(local, value);
        if (second == 60) {
            requireLeapSecond(instant.getEpochSecond(), value);
        }
        return inRange(instant.getEpochSecond(), nano, value);
    }

    private long utcSecond(int offset) {
        return date.toEpochDay() * SECONDS_OF_DAY + hour * 3600L + minute * 60L + Math.min(second, 59) - offset;
    }

    private static void requireLeapSecond(long utcSecond, String value) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(utcSecond, SECONDS_OF_DAY));
        boolean june = day.getMonthValue() == 6 && day.getDayOfMonth() == 30;
        boolean december = day.getMonthValue() == 12 && day.getDayOfMonth() == 31;
        if (Math.floorMod(utcSecond, SECONDS_OF_DAY) != SECONDS_OF_DAY - 1 || !(june || december)) {
            throw TimeException.malformed("second 60 only at 23:59:60 UTC on 30 June or 31 December", value);
        }
    }

    static Instant inRange(long second, long nano, String value) {
        if (second < FIRST_SECOND || second > LAST_SECOND) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "years are 0001 to 9999 in UTC", value);
        }
        return Instant.ofEpochSecond(second, nano);
    }

    static LocalDate inRange(LocalDate date, String value) {
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "years are 0001 to 9999", value);
        }
        return date;
    }

    /** Seconds east of UTC from hours and minutes that were read. */
    static int offset(boolean west, int hours, int minutes, String value) {
        if (hours > 23 || minutes > 59) {
            throw TimeException.malformed("an offset from UTC in hours and minutes", value);
        }
        int seconds = hours * 3600 + minutes * 60;
        if (seconds > MOST_OFFSET) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "offsets from UTC reach to 14:00", value);
        }
        return west ? -seconds : seconds;
    }
}

package io.crmsdk.time;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.Optional;

/** ISO 8601: calendar, ordinal and week dates, basic or extended, with an offset or in the declared zone. */
record Iso8601(Optional<LocalZone> zone, int digits) implements Form {
    private static final String EXPECTED = "an ISO 8601 date and time";

    /** The day, and whether it was written with hyphens. */
    private record Day(LocalDate date, boolean extended) {}

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Scan scan = new Scan(value.replace('\u2212', '-'));
        Day day = day(scan, value);
        if (scan.atEnd()) {
            Wall.inRange(day.date, value);
            throw TimeException.of(TimeError.DATE_ONLY, "a day is not a moment", value);
        }
        if (scan.takeAny("Tt ") == '\0') {
            throw malformed(value);
        }
        Wall wall = time(scan, day, value);
        return new ParsedTime.OfInstant(moment(scan, wall, value));
    }

    private static Day day(Scan scan, String value) {
        int digits = scan.digitsAhead();
        int year = digits >= 4 ? scan.number(4) : -1;
        if (year < 0) {
            throw malformed(value);
        }
        boolean extended = scan.take('-');
        if (scan.take('W')) {
            return new Day(weekDate(scan, year, extended, value), extended);
        }
        return new Day(
                scan.digitsAhead() == 3 ? ordinalDate(scan, year, value) : calendarDate(scan, year, extended, value),
                extended);
    }

    private static LocalDate calendarDate(Scan scan, int year, boolean extended, String value) {
        int month = scan.number(2);
        boolean separated = !extended || scan.take('-');
        int day = scan.number(2);
        if (month < 0 || !separated || day < 0) {
            throw malformed(value);
        }
        return Wall.date(year, month, day, value);
    }

    private static LocalDate ordinalDate(Scan scan, int year, String value) {
        try {
            return LocalDate.ofYearDay(year, scan.number(3));
        } catch (DateTimeException e) {
            throw TimeException.malformed("a day of the year", value);
        }
    }

    private static LocalDate weekDate(Scan scan, int year, boolean extended, String value) {
        int week = scan.number(2);
        boolean separated = !extended || scan.take('-');
        int day = scan.number(1);
        if (week < 0 || !separated || day < 1 || day > 7) {
            throw malformed(value);
        }
        LocalDate inYear = LocalDate.of(year, 1, 4);
        if (week < 1
                || week
                        > IsoFields.WEEK_OF_WEEK_BASED_YEAR
                                .rangeRefinedBy(inYear)
                                .getMaximum()) {
            throw TimeException.malformed("a week of the year", value);
        }
        return inYear.plusDays((week - 1) * 7L + day - inYear.getDayOfWeek().getValue());
    }

    private static Wall time(Scan scan, Day day, String value) {
        int hour = scan.number(2);
        int minute = hour < 0 || !part(scan, day.extended) ? 0 : scan.number(2);
        int second = 0;
        int nano = 0;
        if (minute >= 0 && !isTail(scan) && part(scan, day.extended)) {
            second = scan.number(2);
            nano = scan.takeAny(".,") == '\0' ? 0 : scan.fraction();
        }
        if (hour < 0 || minute < 0 || second < 0 || nano < 0) {
            throw malformed(value);
        }
        return Wall.of(day.date, hour, minute, second, nano, value);
    }

    /** Whether another part of the time follows; in extended form it begins with a colon. */
    private static boolean part(Scan scan, boolean extended) {
        return extended ? scan.take(':') : scan.digitsAhead() > 0;
    }

    private static boolean isTail(Scan scan) {
        return scan.atEnd() || "Zz+-".indexOf(scan.peek()) >= 0;
    }

    private Instant moment(Scan scan, Wall wall, String value) {
        if (scan.atEnd()) {
            LocalZone declared = zone.orElseThrow(
                    () -> TimeException.of(TimeError.NO_OFFSET, "no offset in the value and no zone declared", value));
            return wall.in(declared, value);
        }
        int offset = IsoOffset.take(scan, value);
        if (!scan.atEnd()) {
            throw malformed(value);
        }
        return wall.at(offset, value);
    }

    private static TimeException malformed(String value) {
        return TimeException.malformed(EXPECTED, value);
    }

    @Override
    public String write(Instant instant) {
        if (zone.isEmpty()) {
            return Digits.instant(instant, digits);
        }
        ZoneOffset offset = zone.get().id().getRules().getOffset(instant);
        if (offset.getTotalSeconds() % 60 != 0 || Math.abs(offset.getTotalSeconds()) > 14 * 3600) {
            return Digits.instant(instant, digits);
        }
        return Digits.local(instant.atOffset(offset).toLocalDateTime(), "uuuu-MM-dd'T'HH:mm:ss", digits)
                + offset.getId();
    }
}

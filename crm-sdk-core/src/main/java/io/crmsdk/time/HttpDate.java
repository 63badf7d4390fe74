package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** RFC 9110 section 5.6.7: the preferred form and both obsolete ones, which recipients must accept. */
record HttpDate() implements Form {
    private static final String TIME = "([0-9]{2}):([0-9]{2}):([0-9]{2})";
    private static final String DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final String LONG_DAY = "(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
    private static final String MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
    private static final Pattern FIXED = pattern(DAY + ", ([0-9]{2}) " + MONTH + " ([0-9]{4}) " + TIME + "( GMT)?");
    private static final Pattern RFC850 =
            pattern(LONG_DAY + ", ([0-9]{2})-" + MONTH + "-([0-9]{2}) " + TIME + "( GMT)?");
    private static final Pattern ASCTIME = pattern(DAY + " " + MONTH + " ([0-9 ][0-9]) " + TIME + " ([0-9]{4})");

    private static Pattern pattern(String text) {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Matcher match = FIXED.matcher(value);
        if (match.matches()) {
            return moment(match, number(match, 4), value);
        }
        match = RFC850.matcher(value);
        if (match.matches()) {
            return moment(match, century(number(match, 4), now), value);
        }
        match = ASCTIME.matcher(value);
        if (match.matches()) {
            return asctime(match, value);
        }
        throw TimeException.malformed("an HTTP date such as Tue, 11 Jun 2024 08:30:00 GMT", value);
    }

    private static ParsedTime moment(Matcher match, int year, String value) {
        LocalDate date = Wall.date(year, EnglishNames.month(match.group(3)), number(match, 2), value);
        if (match.group(8) == null) {
            throw TimeException.of(TimeError.NO_OFFSET, "expected GMT at the end", value);
        }
        return moment(match, date, 5, value);
    }

    private static ParsedTime asctime(Matcher match, String value) {
        int day = Integer.parseInt(match.group(3).strip());
        LocalDate date = Wall.date(number(match, 7), EnglishNames.month(match.group(2)), day, value);
        return moment(match, date, 4, value);
    }

    private static ParsedTime moment(Matcher match, LocalDate date, int time, String value) {
        EnglishNames.requireDay(match.group(1), date, value);
        Wall wall = Wall.of(date, number(match, time), number(match, time + 1), number(match, time + 2), 0, value);
        return new ParsedTime.OfInstant(wall.at(0, value));
    }

    /** A year that would lie more than 50 years ahead is the most recent one in the past with these digits. */
    private static int century(int twoDigits, InstantSource now) {
        int thisYear = now.instant().atOffset(ZoneOffset.UTC).getYear();
        int year = thisYear - thisYear % 100 + twoDigits;
        if (year > thisYear + 50) {
            return year - 100;
        }
        return year <= thisYear - 50 ? year + 100 : year;
    }

    private static int number(Matcher match, int group) {
        return Integer.parseInt(match.group(group));
    }

    @Override
    public String write(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "%s, %02d %s %04d %02d:%02d:%02d GMT",
                EnglishNames.day(utc.getDayOfWeek()),
                utc.getDayOfMonth(),
                EnglishNames.month(utc.getMonthValue()),
                utc.getYear(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond());
    }
}

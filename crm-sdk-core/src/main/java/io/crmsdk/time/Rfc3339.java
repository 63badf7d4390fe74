package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** RFC 3339 section 5.6: {@code 2024-06-11T08:30:00.25+08:00}, also with a blank for the T. */
record Rfc3339(int digits) implements Form {
    private static final String EXPECTED = "yyyy-MM-ddTHH:mm:ss with Z or an offset such as +08:00";
    private static final int SHORTEST = 20;
    private static final int LONGEST = 30;
    private static final int[] NANOS_OF_DIGIT = {100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
    };

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Scan scan = new Scan(value);
        Moment moment = moment(scan, value);
        if (!scan.atEnd()) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return new ParsedTime.OfInstant(moment.instant());
    }

    /** What stands before any suffix: the moment, and its offset in seconds unless that says nothing of a zone. */
    record Moment(Instant instant, @Nullable Integer offset) {}

    static Moment moment(Scan scan, String value) {
        LocalDate date = date(scan, value);
        if (scan.atEnd()) {
            throw TimeException.of(TimeError.DATE_ONLY, "a day is not a moment", value);
        }
        if (scan.takeAny("Tt ") == '\0') {
            throw TimeException.malformed(EXPECTED, value);
        }
        return offset(scan, time(scan, date, value), value);
    }

    private static LocalDate date(Scan scan, String value) {
        int year = scan.number(4);
        boolean first = scan.take('-');
        int month = scan.number(2);
        boolean second = scan.take('-');
        int day = scan.number(2);
        if (year < 0 || !first || month < 0 || !second || day < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.date(year, month, day, value);
    }

    private static Wall time(Scan scan, LocalDate date, String value) {
        int hour = scan.number(2);
        boolean first = scan.take(':');
        int minute = scan.number(2);
        boolean second = scan.take(':');
        int seconds = scan.number(2);
        int nano = scan.take('.') ? scan.fraction() : 0;
        if (hour < 0 || !first || minute < 0 || !second || seconds < 0 || nano < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.of(date, hour, minute, seconds, nano, value);
    }

    private static Moment offset(Scan scan, Wall wall, String value) {
        if (scan.takeAny("Zz") != '\0') {
            return new Moment(wall.at(0, value), null);
        }
        char sign = scan.takeAny("+-");
        if (sign == '\0') {
            throw scan.atEnd() || scan.peek() == '['
                    ? TimeException.of(TimeError.NO_OFFSET, "expected an offset or Z at the end", value)
                    : TimeException.malformed(EXPECTED, value);
        }
        int hours = scan.number(2);
        boolean colon = scan.take(':');
        int minutes = scan.number(2);
        if (hours < 0 || !colon || minutes < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        int offset = Wall.offset(sign == '-', hours, minutes, value);
        return new Moment(wall.at(offset, value), sign == '-' && offset == 0 ? null : (Integer) offset);
    }

    /** The common writing without detours; null for all that is unusual or wrong, which {@link #read} looks at closely. */
    static @Nullable Instant common(String value) {
        int length = value.length();
        if (length < SHORTEST || length > LONGEST + 5) {
            return null;
        }
        int year = two(value, 0) * 100 + two(value, 2);
        int month = two(value, 5);
        int day = two(value, 8);
        int hour = two(value, 11);
        int minute = two(value, 14);
        int second = two(value, 17);
        // One negative number makes the whole negative: each is at most 99 or below -10,000.
        if ((year | month | day | hour | minute | second) < 0 || !separated(value)) {
            return null;
        }
        // Years 0001 and 9999 are left to the careful way, so that no offset can lead out of range.
        boolean usual = year > 1 && year < 9999 && hour < 24 && minute < 60 && second < 60;
        if (!usual || !((day > 0 && day < 29 && month > 0 && month < 13) || Wall.isDate(year, month, day))) {
            return null;
        }
        return tail(value, epochDay(year, month, day) * 86_400L + (hour * 3600 + minute * 60 + second));
    }

    private static boolean separated(String value) {
        return value.charAt(4) == '-'
                && value.charAt(7) == '-'
                && value.charAt(10) == 'T'
                && value.charAt(13) == ':'
                && value.charAt(16) == ':';
    }

    private static @Nullable Instant tail(String value, long second) {
        int at = 19;
        int nano = 0;
        if (value.charAt(at) == '.') {
            int digits = 0;
            for (at++; at < value.length() && isDigit(value.charAt(at)); at++, digits++) {
                if (digits == NANOS_OF_DIGIT.length) {
                    return null;
                }
                nano += (value.charAt(at) - '0') * NANOS_OF_DIGIT[digits];
            }
            if (digits == 0 || at == value.length()) {
                return null;
            }
        }
        return zoned(value, at, second, nano);
    }

    private static @Nullable Instant zoned(String value, int at, long second, int nano) {
        char sign = value.charAt(at);
        if (sign == 'Z') {
            return value.length() == at + 1 ? Instant.ofEpochSecond(second, nano) : null;
        }
        if ((sign != '+' && sign != '-') || value.length() != at + 6 || value.charAt(at + 3) != ':') {
            return null;
        }
        int hours = two(value, at + 1);
        int minutes = two(value, at + 4);
        if ((hours | minutes) < 0 || hours > 13 || minutes > 59) {
            return null;
        }
        int offset = hours * 3600 + minutes * 60;
        return Instant.ofEpochSecond(sign == '-' ? second + offset : second - offset, nano);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int two(String value, int at) {
        int tens = value.charAt(at) - '0';
        int ones = value.charAt(at + 1) - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -100_000 : tens * 10 + ones;
    }

    /** Days since 1970 in the proleptic Gregorian calendar, for years that are not negative. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146_097L + yearOfEra * 365L + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468L;
    }

    @Override
    public String write(Instant instant) {
        return Digits.instant(instant, digits);
    }
}

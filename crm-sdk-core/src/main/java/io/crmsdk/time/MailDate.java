package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** RFC 5322 section 3.3, with comments and the obsolete years and zones of section 4.3. */
record MailDate() implements Form {
    private static final String EXPECTED = "a mail date such as Tue, 11 Jun 2024 16:30:00 +0800";
    private static final Pattern DATE = Pattern.compile("(?:([A-Za-z]{3}) ?, ?)?([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{2,4})"
            + "(?: ([0-9]{2}) ?: ?([0-9]{2})(?: ?: ?([0-9]{2}))?(?: ?([+-][0-9]{4}| [A-Za-z]+|[A-Za-z]+))?)?");
    private static final Map<String, Integer> NAMED = Map.ofEntries(
            Map.entry("UT", 0),
            Map.entry("UTC", 0),
            Map.entry("GMT", 0),
            Map.entry("Z", 0),
            Map.entry("EDT", -4),
            Map.entry("EST", -5),
            Map.entry("CDT", -5),
            Map.entry("CST", -6),
            Map.entry("MDT", -6),
            Map.entry("MST", -7),
            Map.entry("PDT", -7),
            Map.entry("PST", -8));

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Matcher match = DATE.matcher(withoutComments(value));
        if (!match.matches()) {
            throw TimeException.malformed(EXPECTED, value);
        }
        LocalDate date = date(match, value);
        if (match.group(5) == null) {
            throw TimeException.of(TimeError.DATE_ONLY, "a day is not a moment", value);
        }
        int second = match.group(7) == null ? 0 : number(match, 7);
        Wall wall = Wall.of(date, number(match, 5), number(match, 6), second, 0, value);
        return new ParsedTime.OfInstant(wall.at(offset(match.group(8), value), value));
    }

    private static LocalDate date(Matcher match, String value) {
        int month = EnglishNames.month(match.group(3));
        LocalDate date = Wall.date(year(match.group(4)), month, number(match, 2), value);
        if (match.group(1) != null) {
            EnglishNames.requireDay(match.group(1), date, value);
        }
        return date;
    }

    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }

    private static int offset(@Nullable String zone, String value) {
        if (zone == null) {
            throw TimeException.of(TimeError.NO_OFFSET, "expected an offset such as +0800 at the end", value);
        }
        char first = zone.charAt(0);
        if (first == '+' || first == '-') {
            int hours = Integer.parseInt(zone.substring(1, 3));
            return Wall.offset(first == '-', hours, Integer.parseInt(zone.substring(3)), value);
        }
        Integer named = NAMED.get(zone.strip().toUpperCase(Locale.ROOT));
        if (named == null) {
            throw unknown(zone.strip(), value);
        }
        return named * 3600;
    }

    /** RFC 5322 would have such zones read as UTC; for data that is kept that is a guess. */
    private static TimeException unknown(String zone, String value) {
        boolean military = zone.length() == 1 && !zone.equalsIgnoreCase("J");
        return military
                ? TimeException.of(TimeError.AMBIGUOUS_ZONE, "one-letter zones were used with both signs", value)
                : TimeException.of(TimeError.UNKNOWN_ZONE, "a zone that mail does not define", value);
    }

    /** Comments, which nest, and folded blanks become one space. */
    private static String withoutComments(String value) {
        StringBuilder text = new StringBuilder(value.length());
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && depth > 0) {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && depth > 0) {
                depth--;
                space(text);
            } else if (depth == 0) {
                append(text, c);
            }
        }
        if (depth > 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return text.toString().strip();
    }

    private static void append(StringBuilder text, char c) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            space(text);
        } else {
            text.append(c);
        }
    }

    private static void space(StringBuilder text) {
        if (text.length() > 0 && text.charAt(text.length() - 1) != ' ') {
            text.append(' ');
        }
    }

    private static int number(Matcher match, int group) {
        return Integer.parseInt(match.group(group));
    }

    @Override
    public String write(Instant instant) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        if (utc.getYear() < 1900) {
            throw new TimeException(TimeError.OUT_OF_RANGE, "mail dates begin with the year 1900");
        }
        return String.format(
                Locale.ROOT,
                "%s, %d %s %04d %02d:%02d:%02d +0000",
                EnglishNames.day(utc.getDayOfWeek()),
                utc.getDayOfMonth(),
                EnglishNames.month(utc.getMonthValue()),
                utc.getYear(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond());
    }
}

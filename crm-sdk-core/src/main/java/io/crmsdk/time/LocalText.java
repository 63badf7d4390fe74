package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** Local date and time as people and spreadsheets write them, in a declared zone. */
record LocalText(LocalZone zone, Optional<DayOrder> order, int digits) implements Form {
    private static final String EXPECTED = "a local date and time such as yyyy-MM-dd HH:mm:ss";
    private static final Pattern OFFSET =
            Pattern.compile("Z|(UTC|GMT)?[+-][0-9]{1,2}(:?[0-9]{2})?|UTC|GMT", Pattern.CASE_INSENSITIVE);

    @Override
    public ParsedTime read(String value, InstantSource now) {
        String text = plain(value);
        Scan scan = new Scan(text);
        boolean compact = scan.digitsAhead() >= 8;
        LocalDate date = DayText.take(scan, order, value);
        DayText.weekday(scan, date, value);
        if (scan.atEnd()) {
            Wall.inRange(date, value);
            throw TimeException.of(TimeError.DATE_ONLY, "a day is not a moment", value);
        }
        Wall wall = compact ? compactTime(scan, date, value) : time(scan, date, value);
        requireEnd(scan, value);
        return new ParsedTime.OfInstant(wall.in(zone, value));
    }

    private static Wall compactTime(Scan scan, LocalDate date, String value) {
        boolean apart = scan.takeAny(" Tt") != '\0';
        int digits = scan.digitsAhead();
        boolean known = digits == 4 || digits == 6 || (digits == 9 && !apart);
        if (!known) {
            return time(scan, date, value);
        }
        int hour = scan.number(2);
        int minute = scan.number(2);
        int second = digits > 4 ? scan.number(2) : 0;
        int nano = digits == 9 || (digits == 6 && scan.takeAny(".,") != '\0') ? scan.fraction() : 0;
        if (nano < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.of(date, hour, minute, second, nano, value);
    }

    private static Wall time(Scan scan, LocalDate date, String value) {
        scan.take(',');
        if (!scan.take('T') && !scan.take('t')) {
            scan.spaces();
        }
        return ClockText.take(scan, date, value);
    }

    private static void requireEnd(Scan scan, String value) {
        scan.spaces();
        if (scan.atEnd()) {
            return;
        }
        throw OFFSET.matcher(scan.rest()).matches()
                ? TimeException.of(
                        TimeError.UNEXPECTED_OFFSET,
                        "declared as local, but the value has an offset; declare iso if offsets are to win",
                        value)
                : TimeException.malformed(EXPECTED, value);
    }

    @Override
    public String write(Instant instant) {
        String day =
                order.map(o -> o == DayOrder.MDY ? "MM/dd/uuuu" : "dd/MM/uuuu").orElse("uuuu-MM-dd");
        return Digits.local(zone.write(instant), day + " HH:mm:ss", digits);
    }

    /** Full-width letters, digits and signs in their plain form; every blank a space; invisible marks gone. */
    static String plain(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = plain(value.charAt(i));
            if (c != '\0') {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static char plain(char c) {
        if (c < 128) {
            return c == '\t' ? ' ' : c;
        }
        if (c >= '\uff01' && c <= '\uff5e') {
            return (char) (c - 0xfee0);
        }
        if (Character.isSpaceChar(c)) {
            return ' ';
        }
        if (Character.getType(c) == Character.FORMAT) {
            return '\0';
        }
        return switch (c) {
            case '\u2236' -> ':';
            case '\u2010', '\u2011', '\u2212' -> '-';
            default -> c;
        };
    }

    /** Without blanks and invisible marks at both ends. */
    static String strip(String value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(value.charAt(to - 1))) {
            to--;
        }
        return value.substring(from, to);
    }

    private static boolean isBlank(char c) {
        if (c <= ' ') {
            return c == ' ' || (c >= '\t' && c <= '\r');
        }
        return c >= 128 && (Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT);
    }
}

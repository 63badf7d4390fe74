package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A day as people and spreadsheets write it. A midnight without an offset is taken for the day it stands with. */
record DayText(Optional<DayOrder> order) implements Form {
    private static final String EXPECTED = "a day such as yyyy-MM-dd";
    private static final Pattern MIDNIGHT = Pattern.compile("[T ] *0?0:00(:00([.,]0{1,9})?)?");
    private static final String WEEKDAYS = "一二三四五六日天";

    @Override
    public ParsedTime read(String value, InstantSource now) {
        Scan scan = new Scan(LocalText.plain(value));
        LocalDate date = take(scan, order, value);
        weekday(scan, date, value);
        if (!scan.atEnd() && !MIDNIGHT.matcher(scan.rest()).matches()) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return new ParsedTime.OfDate(Wall.inRange(date, value));
    }

    /** A day at the beginning of a text; what follows is left. */
    static LocalDate take(Scan scan, Optional<DayOrder> order, String value) {
        int digits = scan.digitsAhead();
        if (digits == 4) {
            return yearFirst(scan, value);
        }
        if (digits == 8 || digits == 12 || digits == 14 || digits == 17) {
            return Wall.date(scan.number(4), scan.number(2), scan.number(2), value);
        }
        if (digits == 1 || digits == 2) {
            return yearLast(scan, order, value);
        }
        throw TimeException.malformed(EXPECTED, value);
    }

    private static LocalDate yearFirst(Scan scan, String value) {
        int year = scan.number(4);
        scan.spaces();
        if (scan.take('年')) {
            return chinese(scan, year, value);
        }
        char separator = scan.takeAny("-/.");
        int month = scan.upToTwoDigits();
        boolean separated = separator != '\0' && scan.take(separator);
        int day = scan.upToTwoDigits();
        if (month < 0 || !separated || day < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.date(year, month, day, value);
    }

    private static LocalDate chinese(Scan scan, int year, String value) {
        scan.spaces();
        int month = scan.upToTwoDigits();
        scan.spaces();
        boolean named = scan.take('月');
        scan.spaces();
        int day = scan.upToTwoDigits();
        scan.spaces();
        if (month < 0 || !named || day < 0 || scan.takeAny("日号號") == '\0') {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.date(year, month, day, value);
    }

    private static LocalDate yearLast(Scan scan, Optional<DayOrder> order, String value) {
        int first = scan.upToTwoDigits();
        char separator = scan.takeAny("-/.");
        int second = scan.upToTwoDigits();
        boolean separated = separator != '\0' && scan.take(separator);
        int year = scan.digitsAhead() == 4 ? scan.number(4) : -1;
        if (second < 0 || !separated || year < 0) {
            throw TimeException.malformed(EXPECTED, value);
        }
        DayOrder declared = order.orElseThrow(() -> undeclared(year, first, second, value));
        return declared == DayOrder.MDY ? Wall.date(year, first, second, value) : Wall.date(year, second, first, value);
    }

    private static TimeException undeclared(int year, int first, int second, String value) {
        if (year == 0 && first == 0 && second == 0) {
            return TimeException.of(TimeError.ZERO_DATE, "a day of zeros stands for no day", value);
        }
        return Wall.isDate(year, first, second) || Wall.isDate(year, second, first)
                ? TimeException.of(TimeError.AMBIGUOUS_ORDER, "declare order=mdy or order=dmy", value)
                : TimeException.malformed(EXPECTED, value);
    }

    /** A day of the week in Chinese, with or without brackets, must belong to the date. */
    static void weekday(Scan scan, LocalDate date, String value) {
        int start = scan.position();
        scan.spaces();
        boolean bracket = scan.take('(');
        if (!(scan.take("星期") || scan.take("周") || scan.take("週") || scan.take("礼拜"))) {
            scan.back(start);
            return;
        }
        char day = scan.takeAny(WEEKDAYS);
        if (day == '\0' || (bracket && !scan.take(')'))) {
            throw TimeException.malformed(EXPECTED, value);
        }
        int number = Math.min(WEEKDAYS.indexOf(day) + 1, 7);
        if (number != date.getDayOfWeek().getValue()) {
            throw TimeException.of(TimeError.WEEKDAY_MISMATCH, "the day of the week is another", value);
        }
    }

    @Override
    public String write(Instant instant) {
        throw new TimeException(TimeError.NOT_WRITABLE, "a moment has no day until its zone is chosen");
    }

    @Override
    public String write(LocalDate date) {
        String pattern =
                order.map(o -> o == DayOrder.MDY ? "MM/dd/uuuu" : "dd/MM/uuuu").orElse("uuuu-MM-dd");
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(date);
    }
}

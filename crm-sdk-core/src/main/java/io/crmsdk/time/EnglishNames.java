package io.crmsdk.time;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Names of days and months in mail and HTTP headers. */
final class EnglishNames {
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private EnglishNames() {}

    /** 1 to 12, or 0. */
    static int month(String name) {
        return MONTHS.indexOf(name.toLowerCase(Locale.ROOT)) + 1;
    }

    static String month(int month) {
        return capital(MONTHS.get(month - 1));
    }

    static String day(DayOfWeek day) {
        return capital(DAYS.get(day.getValue() - 1));
    }

    /** Checks a day of the week by its first three letters. */
    static void requireDay(String name, LocalDate date, String value) {
        int day = DAYS.indexOf(name.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
        if (day != date.getDayOfWeek().getValue()) {
            throw TimeException.of(TimeError.WEEKDAY_MISMATCH, "the day of the week is another", value);
        }
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}

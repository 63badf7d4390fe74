package io.crmsdk.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Writing fractions: a fixed count of digits, cut, or as many as there are. */
final class Digits {
    /** As many groups of three digits as the value has. */
    static final int AS_NEEDED = -1;

    private Digits() {}

    static String instant(Instant instant, int digits) {
        LocalDateTime utc = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        return seconds("uuuu-MM-dd'T'HH:mm:ss", digits, utc.getNano()).format(utc) + "Z";
    }

    static String local(LocalDateTime local, String pattern, int digits) {
        return seconds(pattern, digits, local.getNano()).format(local);
    }

    private static DateTimeFormatter seconds(String pattern, int digits, int nano) {
        int count = digits == AS_NEEDED ? needed(nano) : digits;
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().appendPattern(pattern);
        if (count > 0) {
            builder.appendFraction(ChronoField.NANO_OF_SECOND, count, count, true);
        }
        return builder.toFormatter(Locale.ROOT);
    }

    private static int needed(int nano) {
        if (nano == 0) {
            return 0;
        }
        if (nano % 1_000_000 == 0) {
            return 3;
        }
        return nano % 1_000 == 0 ? 6 : 9;
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Day counts as the dates they are shown as. A workbook says whether its days count from 1900 or 1904; of a zone it says nothing, and so
 * neither does the text. Source: ECMA-376 part 1, 18.17.4.1.
 */
final class SheetDates {
    private static final BigDecimal MILLIS = BigDecimal.valueOf(86_400_000L);
    private static final long DAY = 86_400_000L;
    private static final LocalDate FROM_1904 = LocalDate.of(1904, 1, 1);
    private static final LocalDate FROM_1900 = LocalDate.of(1899, 12, 30);
    /** The 29th of February 1900, which the count from 1900 has and the calendar has not. */
    private static final long NO_DAY = 60;

    private static final LocalDate LAST = LocalDate.of(9999, 12, 31);
    private static final String NOT_SHOWN = "\"[^\"]*\"|\\\\.|\\[[^\\]]*\\]|_.|\\*.";

    private SheetDates() {}

    /**
     * ISO 8601 text: a date, a date and time where the cell has or shows one, a time or a duration where it shows no date. Rounded to
     * milliseconds, which is what a workbook's decimals hold.
     *
     * @return empty if the count is no date of the workbook's calendar
     */
    static Optional<String> text(Cell cell) {
        Optional<BigDecimal> serial = cell.decimal();
        if (serial.isEmpty()
                || serial.get().signum() < 0
                || serial.get().precision() - serial.get().scale() > 8) {
            return Optional.empty();
        }
        long millis =
                serial.get().multiply(MILLIS).setScale(0, RoundingMode.HALF_UP).longValueExact();
        String shown = shown(cell);
        long ofDay = millis % DAY;
        LocalTime time = LocalTime.ofNanoOfDay(ofDay * 1_000_000L);
        if (!showsDate(shown)) {
            return Optional.of(
                    millis < DAY
                            ? time.format(DateTimeFormatter.ISO_LOCAL_TIME)
                            : Duration.ofMillis(millis).toString());
        }
        return date(millis / DAY, cell.date1904())
                .map(date -> ofDay == 0 && !shown.contains("h") && !shown.contains("s")
                        ? date.toString()
                        : date.atTime(time).format(DateTimeFormatter.ISO_LOCAL_DATE_TIME));
    }

    private static Optional<LocalDate> date(long days, boolean date1904) {
        if (!date1904 && (days == NO_DAY || days == 0)) {
            return Optional.empty();
        }
        LocalDate first = date1904 ? FROM_1904 : days < NO_DAY ? FROM_1900.plusDays(1) : FROM_1900;
        return Optional.of(first.plusDays(days)).filter(date -> !date.isAfter(LAST));
    }

    private static String shown(Cell cell) {
        String format = cell.format() == null ? "yyyy-mm-dd" : cell.format();
        return format.split(";", 2)[0].replaceAll(NOT_SHOWN, "").toLowerCase(Locale.ROOT);
    }

    private static boolean showsDate(String shown) {
        return shown.contains("y") || shown.contains("d") || shown.contains("e") || shown.contains("mmm");
    }
}

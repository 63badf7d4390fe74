package io.crmsdk.time;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/** A spreadsheet's count of days with its fraction, which is local time to the millisecond. */
final class ExcelSerial implements Form {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,40})?");
    private static final BigDecimal MILLIS_OF_DAY = BigDecimal.valueOf(86_400_000);
    private static final BigDecimal LAST_SERIAL = BigDecimal.valueOf(2_958_466);
    private static final int PHANTOM = 60;
    private static final int WRITTEN_SCALE = 11;

    private final boolean system1900;
    private final LocalDate dayZero;
    private final LocalZone zone;

    private ExcelSerial(boolean system1900, LocalDate dayZero, LocalZone zone) {
        this.system1900 = system1900;
        this.dayZero = dayZero;
        this.zone = zone;
    }

    static ExcelSerial from1900(LocalZone zone) {
        return new ExcelSerial(true, LocalDate.of(1899, 12, 30), zone);
    }

    static ExcelSerial from1904(LocalZone zone) {
        return new ExcelSerial(false, LocalDate.of(1904, 1, 1), zone);
    }

    @Override
    public ParsedTime read(String value, InstantSource now) {
        if (!NUMBER.matcher(value).matches()) {
            throw TimeException.malformed("a spreadsheet's count of days", value);
        }
        BigDecimal serial = new BigDecimal(value);
        requireDay(serial, value);
        long day = serial.longValue();
        long millis = serial.subtract(BigDecimal.valueOf(day))
                .multiply(MILLIS_OF_DAY)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact();
        LocalDateTime local = dayZero.plusDays(day + shift(day)).atStartOfDay().plus(millis, ChronoUnit.MILLIS);
        Instant instant = zone.resolve(local, value);
        return new ParsedTime.OfInstant(Wall.inRange(instant.getEpochSecond(), instant.getNano(), value));
    }

    private void requireDay(BigDecimal serial, String value) {
        if (serial.signum() < 0 || serial.compareTo(LAST_SERIAL) >= 0) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "days of a spreadsheet end with the year 9999", value);
        }
        // In the 1904 system nought is a real day, but a fraction alone is a time there too.
        boolean noDay = serial.compareTo(BigDecimal.ONE) < 0 && (system1900 || serial.signum() != 0);
        if (noDay) {
            throw TimeException.of(TimeError.NO_DATE, "a time of day without its day", value);
        }
        if (system1900 && serial.longValue() == PHANTOM) {
            throw TimeException.of(TimeError.PHANTOM_DATE, "29 February 1900 was no day", value);
        }
    }

    /** The 1900 system counts a day too many from March 1900 on; day nought is set for those days. */
    private int shift(long day) {
        return system1900 && day < PHANTOM ? 1 : 0;
    }

    @Override
    public String write(Instant instant) {
        LocalDateTime local = zone.write(instant.truncatedTo(ChronoUnit.MILLIS));
        long day = ChronoUnit.DAYS.between(dayZero, local.toLocalDate());
        long serialDay = system1900 && day <= PHANTOM ? day - 1 : day;
        if (serialDay < (system1900 ? 1 : 0)) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "a spreadsheet has no days so early", local.toString());
        }
        long millis =
                Duration.between(local.toLocalDate().atStartOfDay(), local).toMillis();
        BigDecimal serial = BigDecimal.valueOf(serialDay)
                .add(BigDecimal.valueOf(millis).divide(MILLIS_OF_DAY, WRITTEN_SCALE, RoundingMode.HALF_UP));
        return serial.signum() == 0 ? "0" : serial.stripTrailingZeros().toPlainString();
    }
}

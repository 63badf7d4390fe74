package io.crmsdk.time;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;

/** A count since 1970; no number ever passes through a double. */
final class Epoch implements Form {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");
    private static final Pattern WHOLE = Pattern.compile("[0-9]+");
    private static final int NANO_SCALE = 9;

    /** How many decimal places of a second the unit is, or −1 to tell it by the count of digits. */
    private final int scale;

    private Epoch(int scale) {
        this.scale = scale;
    }

    static Epoch of(String name) {
        return switch (name) {
            case "epoch-s" -> new Epoch(0);
            case "epoch-ms" -> new Epoch(3);
            case "epoch-us" -> new Epoch(6);
            case "epoch-ns" -> new Epoch(9);
            case "epoch-auto" -> new Epoch(-1);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Override
    public ParsedTime read(String value, InstantSource now) {
        if (!NUMBER.matcher(value).matches()) {
            throw TimeException.malformed("a count since 1970 in digits", value);
        }
        return new ParsedTime.OfInstant(moment(value, scale >= 0 ? scale : scaleByDigits(value)));
    }

    private static int scaleByDigits(String value) {
        int scale = WHOLE.matcher(value).matches() ? (value.length() - 10) : -1;
        if (scale < 0 || scale > NANO_SCALE || scale % 3 != 0) {
            throw TimeException.of(
                    TimeError.AMBIGUOUS_UNIT, "the unit shows only with 10, 13, 16 or 19 digits; declare it", value);
        }
        return scale;
    }

    static Instant moment(String count, int scale) {
        BigDecimal seconds = new BigDecimal(count).movePointLeft(scale).setScale(NANO_SCALE, RoundingMode.FLOOR);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        if (whole.precision() > 15) {
            throw TimeException.of(TimeError.OUT_OF_RANGE, "years are 0001 to 9999 in UTC", count);
        }
        int nano = seconds.subtract(whole).movePointRight(NANO_SCALE).intValueExact();
        return Wall.inRange(whole.longValueExact(), nano, count);
    }

    @Override
    public String write(Instant instant) {
        if (scale < 0) {
            throw new TimeException(TimeError.NOT_WRITABLE, "epoch-auto names no unit to write");
        }
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), NANO_SCALE))
                .movePointRight(scale)
                .setScale(0, RoundingMode.FLOOR)
                .toPlainString();
    }
}

package io.crmsdk.time;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.regex.Pattern;

/** SAP's TIMESTAMP and TIMESTAMPL: 14 digits, the long one with a fraction. Zeros are its word for "none". */
record AbapTimestamp(LocalZone zone) implements Form {
    private static final String EXPECTED = "yyyyMMddHHmmss, with or without fraction";
    private static final Pattern ZEROS = Pattern.compile("0{1,14}(\\.0+)?");

    @Override
    public ParsedTime read(String value, InstantSource now) {
        if (ZEROS.matcher(value).matches()) {
            throw TimeException.of(TimeError.ZERO_DATE, "the initial value stands for no time", value);
        }
        Scan scan = new Scan(value);
        int digits = scan.digitsAhead();
        if (digits != 14 && digits != 8) {
            throw TimeException.malformed(EXPECTED, value);
        }
        LocalDate date = Wall.date(scan.number(4), scan.number(2), scan.number(2), value);
        if (scan.atEnd()) {
            throw TimeException.of(TimeError.DATE_ONLY, "a day is not a moment", value);
        }
        return new ParsedTime.OfInstant(time(scan, date, value).in(zone, value));
    }

    private static Wall time(Scan scan, LocalDate date, String value) {
        int hour = scan.number(2);
        int minute = scan.number(2);
        int second = scan.number(2);
        int nano = scan.take('.') ? scan.fraction() : 0;
        if (second < 0 || nano < 0 || !scan.atEnd()) {
            throw TimeException.malformed(EXPECTED, value);
        }
        return Wall.of(date, hour, minute, second, nano, value);
    }

    @Override
    public String write(Instant instant) {
        return Digits.local(zone.write(instant), "uuuuMMddHHmmss", 0);
    }
}

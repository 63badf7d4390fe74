package io.crmsdk.mapping;

import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.PartialDate;
import io.crmsdk.time.ParsedTime;
import io.crmsdk.time.PlausibleWindow;
import io.crmsdk.time.TimeConvention;
import io.crmsdk.time.TimeException;
import io.crmsdk.time.UtcClock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Moments and days, always by a declared convention. */
final class TimeConverters {
    private static final Pattern DURATION =
            Pattern.compile("PT(?:(\\d{1,2})H)?(?:(\\d{1,2})M)?(?:(\\d{1,2})(?:\\.\\d+)?S)?");
    private static final Pattern PLAIN = Pattern.compile("(\\d{2}):?(\\d{2}):?(\\d{2})");
    private static final TimeConvention DAY = TimeConvention.of("date");

    private TimeConverters() {}

    static Bound time(Arguments a) {
        a.only("window", "ahead");
        a.makes(Kind.INSTANT, Kind.ATTRIBUTE);
        TimeConvention convention = convention(a, null);
        if (convention.declaration().startsWith("date")) {
            throw new ConversionFault("TYPE", "date gives a day; a moment needs another convention");
        }
        Window window = window(a);
        VendorType writes = convention.declaration().startsWith("epoch") ? VendorType.INTEGER : VendorType.TIME;
        return Bound.keeping(
                "time", writes, (String text) -> window.checked(convention.parseInstant(text)), convention::format);
    }

    private static TimeConvention convention(Arguments a, @Nullable String usual) {
        String declared = a.text();
        if (declared == null && usual == null) {
            throw new ConversionFault(
                    "NO_CONVENTION",
                    "a time needs its convention: as: {" + a.conversion().converter() + ": …}");
        }
        try {
            return TimeConvention.of(declared == null ? String.valueOf(usual) : declared);
        } catch (TimeException e) {
            throw new ConversionFault(e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static Window window(Arguments a) {
        String window = a.option("window");
        String ahead = a.option("ahead");
        if (window != null && !window.equals("any") && !window.equals("events")) {
            throw new ConversionFault("ARGUMENT", "window is events or any, got " + window);
        }
        if ("any".equals(window)) {
            return new Window(null);
        }
        return new Window(
                ahead == null
                        ? PlausibleWindow.events()
                        : PlausibleWindow.upcoming(Duration.ofDays(a.number(ahead, 1, 36_500))));
    }

    /**
     * Checks plausibility and asks the clock only for a value that is later than the latest present it has seen: time does not
     * go back.
     */
    private static final class Window {
        private final @Nullable PlausibleWindow window;
        /** The end of the window at the latest present that was seen. */
        private volatile Instant latest = Instant.EPOCH;

        Window(@Nullable PlausibleWindow window) {
            this.window = window;
        }

        Instant checked(Instant value) {
            if (window == null || !value.isAfter(latest) && !value.isBefore(window.earliest())) {
                return value;
            }
            Instant now = UtcClock.system().instant();
            latest = now.plus(window.ahead());
            return window.require(value, now);
        }
    }

    static Bound date(Arguments a) {
        a.only();
        a.makes(Kind.DATE, Kind.DAY, Kind.ATTRIBUTE);
        TimeConvention convention = convention(a, "date");
        ZoneId zone = convention.zone().map(ZoneId::of).orElse(ZoneOffset.UTC);
        boolean day = convention.declaration().startsWith("date");
        Function<String, LocalDate> get = text -> day(convention.parse(text), zone);
        Function<LocalDate, String> put = date -> day
                ? convention.format(date)
                : convention.format(date.atStartOfDay(zone).toInstant());
        if (a.target().kind() == Kind.DAY) {
            return Bound.keeping(
                    "date",
                    VendorType.DATE,
                    (String text) -> PartialDate.of(get.apply(text)),
                    (PartialDate date) -> put.apply(date.full()
                            .orElseThrow(() ->
                                    new ConversionFault("DATE_PRECISION", "the vendor's field wants a whole date"))));
        }
        return Bound.keeping("date", VendorType.DATE, get, put);
    }

    /** The day of a value; one that came as a moment must be the first moment of its day, or its zone was declared wrongly. */
    private static LocalDate day(ParsedTime time, ZoneId zone) {
        if (time instanceof ParsedTime.OfDate day) {
            return day.date();
        }
        var local = ((ParsedTime.OfInstant) time).instant().atZone(zone);
        if (!local.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            throw new ConversionFault(
                    "ZONE", "a day written as a moment begins at midnight of its zone; declare the zone");
        }
        return local.toLocalDate();
    }

    /** Day and time of day in two fields, as SAP has them; the argument is the zone in which they were written. */
    static Bound splitTime(Arguments a) {
        a.only("day");
        a.makes(Kind.INSTANT, Kind.ATTRIBUTE);
        String zone = a.needed("the zone in which both fields are written");
        TimeConvention local;
        TimeConvention days;
        try {
            local = TimeConvention.of("local;zone=" + zone);
            String declared = a.option("day");
            days = declared == null ? DAY : TimeConvention.of(declared);
        } catch (TimeException e) {
            throw new ConversionFault(e.code(), String.valueOf(e.getMessage()));
        }
        Window window = new Window(PlausibleWindow.events());
        return new Bound.Several("split-time", Bound.Promise.ONE_WAY, VendorType.TIME, 2, 2) {
            @Override
            @Nullable
            Object get(@Nullable String[] texts) {
                String date = texts[0];
                if (date == null) {
                    return null;
                }
                String time = texts[1];
                if (time == null) {
                    throw new ConversionFault("DATE_ONLY", "a day without its time of day is no moment");
                }
                LocalDate day = day(days.parse(date), ZoneOffset.UTC);
                return window.checked(local.parseInstant(day + " " + clock(time)));
            }
        };
    }

    /** {@code PT12H30M00S}, {@code 12:30:00} or {@code 123000} as hours, minutes and seconds. */
    private static String clock(String text) {
        Matcher plain = PLAIN.matcher(text.strip());
        if (plain.matches()) {
            return plain.group(1) + ":" + plain.group(2) + ":" + plain.group(3);
        }
        Matcher duration = DURATION.matcher(text.strip());
        if (duration.matches() && duration.end() > 2) {
            return two(duration.group(1)) + ":" + two(duration.group(2)) + ":" + two(duration.group(3));
        }
        throw new ConversionFault("MALFORMED", "expected a time of day such as PT12H30M00S or 12:30:00");
    }

    private static String two(@Nullable String digits) {
        return digits == null ? "00" : digits.length() == 1 ? "0" + digits : digits;
    }
}

package io.crmsdk.quality;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Moments as sheets hold them: local text of one stated zone, text with its own offset, day counts and epochs, all in one
 * column. What the zone skips or has twice is refused, and so is what lies outside the years a business has records of.
 */
final class MomentJudge implements Judge<Instant> {
    private static final Pattern WRITTEN = Pattern.compile(
            "(?<year>\\d{4})(?:[-/.]|年)\\s*(?<month>\\d{1,2})(?:[-/.]|月)\\s*(?<day>\\d{1,2})[日号]?"
                    + "(?:(?:T|\\s*)(?<half>上午|下午|凌晨|早上|中午|晚上)?\\s*(?<hour>\\d{1,2})[:时点](?<minute>\\d{1,2})(?:[:分](?<second>\\d{1,2})(?:[.,](?<fraction>\\d{1,9})\\d*)?秒?|分)?"
                    + "\\s*(?<ampm>AM|PM)?\\s*(?<offset>Z|[-+]\\d{2}(?::?\\d{2})?)?)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern USUAL =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:Z|[-+]\\d{2}:?\\d{2})?");
    private static final Pattern COMPACT =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(?:T?(\\d{2})(\\d{2})(\\d{2})(Z|[-+]\\d{2}:?\\d{2})?)?");
    private static final Pattern EPOCH = Pattern.compile("\\d{10}|\\d{13}");
    private static final Pattern SERIAL = Pattern.compile("\\d{5}(?:\\.\\d+)?");
    private static final Pattern WITHOUT_ZERO_DATE = Pattern.compile("0{4}-0?0-0?0.*");
    private static final LocalDate FIRST_1900 = LocalDate.of(1899, 12, 30);
    private static final LocalDate FIRST_1904 = LocalDate.of(1904, 1, 1);
    private static final Instant EARLIEST = Instant.parse("1990-01-01T00:00:00Z");
    private static final int EARLIEST_SERIAL = 61;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    /** A day count of nine decimals misses a second by far less; anything further off was meant. */
    private static final long ROUNDING_MILLIS = 2;

    private final ZoneId zone;

    MomentJudge(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public String name() {
        return "moment";
    }

    @Override
    public Judged<Instant> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not a time");
            case DATE -> stored(cell, context, draft);
            case NUMBER -> number(cell, context, draft);
            case TEXT -> text(cell, context, draft);
        };
    }

    private Judged<Instant> stored(Cell cell, JudgeContext context, Draft draft) {
        BigDecimal serial = cell.decimal().orElse(null);
        LocalDateTime local = serial == null ? null : ofSerial(serial, cell.date1904());
        if (serial == null || local == null) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "not a day that a spreadsheet can count");
        }
        return serial.stripTrailingZeros().scale() <= 0
                ? dateOnly(local.toLocalDate(), context, draft)
                : local(local, context, draft);
    }

    private Judged<Instant> number(Cell cell, JudgeContext context, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits != null && EPOCH.matcher(digits).matches()) {
            return epoch(digits, context, draft);
        }
        if (digits != null && digits.length() > 5) {
            Matcher compact = COMPACT.matcher(digits);
            return compact.matches()
                    ? compact(compact, context, draft)
                    : draft.reject(FindingCode.INVALID, "not a time");
        }
        return serial(cell.decimal().orElse(null), cell.date1904(), context, draft);
    }

    private Judged<Instant> text(Cell cell, JudgeContext context, Draft draft) {
        if (cell.text().length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for a time");
        }
        String text = Spelling.visible(cell.text(), draft);
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text) || WITHOUT_ZERO_DATE.matcher(text).matches()) {
            return draft.empty();
        }
        if (Spelling.isExponent(text)) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits are lost");
        }
        if (EPOCH.matcher(text).matches()) {
            return epoch(text, context, draft);
        }
        if (SERIAL.matcher(text).matches()) {
            return serial(new BigDecimal(text), cell.date1904(), context, draft);
        }
        Matcher compact = COMPACT.matcher(text);
        if (compact.matches()) {
            return compact(compact, context, draft);
        }
        Matcher written = WRITTEN.matcher(text);
        return written.matches()
                ? written(written, context, draft)
                : draft.reject(FindingCode.INVALID, "not a time with year, month and day");
    }

    private Judged<Instant> written(Matcher form, JudgeContext context, Draft draft) {
        try {
            LocalDate date = LocalDate.of(
                    Integer.parseInt(form.group("year")),
                    Integer.parseInt(form.group("month")),
                    Integer.parseInt(form.group("day")));
            if (form.group("hour") == null) {
                return dateOnly(date, context, draft);
            }
            if (!USUAL.matcher(form.group()).matches()) {
                draft.repaired(FindingCode.FORM, "brought to the usual form of a time");
            }
            int minute = Integer.parseInt(form.group("minute"));
            int second = form.group("second") == null ? 0 : Integer.parseInt(form.group("second"));
            int hour = hour(form);
            int nanos = nanos(form.group("fraction"));
            if (hour == 24 && minute == 0 && second == 0 && nanos == 0) {
                return endOfDay(date, form.group("offset"), context, draft);
            }
            LocalDateTime local = LocalDateTime.of(date, LocalTime.of(hour, minute, second, nanos));
            return zoned(local, form.group("offset"), context, draft);
        } catch (DateTimeException e) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "a day or time that does not exist");
        }
    }

    /**
     * Twelve in the morning is midnight; thirteen in the afternoon is no time at all, and neither is what people put on either
     * side of midnight, such as twelve or one in the evening.
     */
    private static int hour(Matcher form) {
        int hour = Integer.parseInt(form.group("hour"));
        String half = form.group("half") != null ? form.group("half") : form.group("ampm");
        if (half == null) {
            return hour;
        }
        boolean later = List.of("下午", "晚上", "PM").contains(half.toUpperCase(Locale.ROOT));
        boolean noon = half.equals("中午");
        if (hour > 12
                || (hour == 0 && later)
                || (noon && hour > 2 && hour < 11)
                || (half.equals("晚上") && (hour < 5 || hour == 12))
                || (half.equals("早上") && (hour < 4 || hour == 12))) {
            throw new DateTimeException("hour " + hour + " with a part of the day");
        }
        if (noon) {
            return hour <= 2 ? hour + 12 : hour;
        }
        return hour % 12 + (later ? 12 : 0);
    }

    private static int nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    private Judged<Instant> compact(Matcher form, JudgeContext context, Draft draft) {
        try {
            LocalDate date = LocalDate.of(
                    Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
            if (form.group(4) == null) {
                return dateOnly(date, context, draft);
            }
            draft.repaired(FindingCode.FORM, "brought to the usual form of a time");
            LocalTime time = LocalTime.of(
                    Integer.parseInt(form.group(4)), Integer.parseInt(form.group(5)), Integer.parseInt(form.group(6)));
            return zoned(date.atTime(time), form.group(7), context, draft);
        } catch (DateTimeException e) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "a day or time that does not exist");
        }
    }

    private Judged<Instant> endOfDay(LocalDate date, @Nullable String offset, JudgeContext context, Draft draft) {
        Judged<Instant> next = zoned(date.plusDays(1).atStartOfDay(), offset, context, draft);
        return next.value() == null
                ? next
                : draft.guess(
                        next.value(), FindingCode.LOCAL_TIME, next.value().toString(), "24:00 is the next midnight");
    }

    private Judged<Instant> dateOnly(LocalDate date, JudgeContext context, Draft draft) {
        Judged<Instant> midnight = local(date.atStartOfDay(), context, draft);
        return midnight.value() == null
                ? midnight
                : draft.guess(
                        midnight.value(),
                        FindingCode.DATE_PRECISION,
                        midnight.value().toString(),
                        "only a date; its first moment was taken");
    }

    private Judged<Instant> epoch(String digits, JudgeContext context, Draft draft) {
        long value = Long.parseLong(digits);
        draft.repaired(FindingCode.EPOCH, digits.length() == 13 ? "milliseconds since 1970" : "seconds since 1970");
        return plausible(
                digits.length() == 13 ? Instant.ofEpochMilli(value) : Instant.ofEpochSecond(value), context, draft);
    }

    private Judged<Instant> serial(@Nullable BigDecimal serial, boolean date1904, JudgeContext context, Draft draft) {
        LocalDateTime local = serial == null ? null : ofSerial(serial, date1904);
        if (serial == null || local == null) {
            return draft.reject(FindingCode.INVALID, "a number, not a time");
        }
        Judged<Instant> judged = local(local, context, draft);
        return judged.value() == null
                ? judged
                : draft.guess(
                        judged.value(),
                        FindingCode.SERIAL_DATE,
                        judged.value().toString(),
                        "a spreadsheet's day count, from " + (date1904 ? "1904" : "1900"));
    }

    private static @Nullable LocalDateTime ofSerial(BigDecimal serial, boolean date1904) {
        if (serial.compareTo(BigDecimal.valueOf(date1904 ? 0 : EARLIEST_SERIAL)) < 0
                || serial.compareTo(BigDecimal.valueOf(100_000)) > 0) {
            return null;
        }
        long millis = serial.multiply(BigDecimal.valueOf(DAY_MILLIS))
                .setScale(0, RoundingMode.HALF_UP)
                .longValue();
        long toSecond = Math.floorMod(millis + ROUNDING_MILLIS, 1000L) - ROUNDING_MILLIS;
        if (Math.abs(toSecond) <= ROUNDING_MILLIS) {
            millis -= toSecond;
        }
        return (date1904 ? FIRST_1904 : FIRST_1900).atStartOfDay().plus(Duration.ofMillis(millis));
    }

    private Judged<Instant> zoned(LocalDateTime local, @Nullable String offset, JudgeContext context, Draft draft) {
        return offset == null
                ? local(local, context, draft)
                : plausible(local.toInstant(ZoneOffset.of(offset.toUpperCase(Locale.ROOT))), context, draft);
    }

    private Judged<Instant> local(LocalDateTime local, JudgeContext context, Draft draft) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() != 1) {
            return draft.reject(
                    FindingCode.LOCAL_TIME,
                    "a local time that its zone " + (offsets.isEmpty() ? "skipped" : "had twice"));
        }
        return plausible(local.toInstant(offsets.get(0)), context, draft);
    }

    private static Judged<Instant> plausible(Instant instant, JudgeContext context, Draft draft) {
        Instant latest =
                context.today().plusDays(2).atStartOfDay(ZoneOffset.UTC).toInstant();
        if (instant.isAfter(latest)) {
            return draft.reject(FindingCode.FUTURE, "a time still to come");
        }
        return instant.isBefore(EARLIEST)
                ? draft.reject(FindingCode.IMPOSSIBLE_DATE, "before 1990")
                : draft.take(instant);
    }
}

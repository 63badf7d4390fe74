package io.crmsdk.quality;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calendar dates without zone. A date with two readings, or half a date, is refused. */
final class DateJudge implements Judge<LocalDate> {
    private static final String MIDNIGHT = "(?:[T\\s]+0{1,2}[:时]0{2}(?:[:分]0{2}(?:\\.0+|秒)?)?)?";
    private static final Pattern YEAR_FIRST =
            Pattern.compile("(\\d{4})(?:[-/.]|年)\\s*(\\d{1,2})(?:[-/.]|月)\\s*(\\d{1,2})日?号?" + MIDNIGHT);
    private static final Pattern COMPACT = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
    private static final Pattern YEAR_LAST = Pattern.compile("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})" + MIDNIGHT);
    private static final Pattern TWO_DIGIT_YEAR =
            Pattern.compile("(\\d{1,2})(?:[-/.]|年)(\\d{1,2})(?:[-/.]|月)(\\d{1,2})日?");
    private static final Pattern SERIAL = Pattern.compile("\\d{5}(?:\\.\\d+)?");
    private static final Pattern WITHOUT_YEAR = Pattern.compile("\\d{1,2}[-/.月]\\d{1,2}日?");
    private static final Pattern WITHOUT_DAY = Pattern.compile("\\d{4}(?:[-/.年]\\d{1,2}月?|年)?");
    private static final Pattern ZERO_DATE =
            Pattern.compile("0{4}[-/.年]?0{1,2}[-/.月]?0{1,2}日?.*|1900[-/.]0?1[-/.]0?1" + MIDNIGHT);
    private static final LocalDate FIRST_1900 = LocalDate.of(1899, 12, 30);
    private static final LocalDate FIRST_1904 = LocalDate.of(1904, 1, 1);
    private static final LocalDate EARLIEST = LocalDate.of(1900, 1, 1);
    private static final int EARLIEST_SERIAL = 61;
    private static final int LAST_SERIAL = 2958465;
    private static final int LEAST_PLAUSIBLE_SERIAL = 1000;
    private static final int MOST_PLAUSIBLE_SERIAL = 80000;

    private final String name;
    private final boolean pastOnly;

    DateJudge(String name, boolean pastOnly) {
        this.name = name;
        this.pastOnly = pastOnly;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Judged<LocalDate> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name, cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not a date");
            case DATE -> plausible(day(cell.decimal().orElse(null), cell.date1904()), context, draft);
            case NUMBER -> number(cell, context, draft);
            case TEXT -> text(cell, context, draft);
        };
    }

    private Judged<LocalDate> number(Cell cell, JudgeContext context, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits != null && digits.length() == 8) {
            return compact(digits, context, draft);
        }
        if (digits != null && digits.matches("19\\d\\d|20\\d\\d")) {
            // As a day count it would be a day of the years 1905 to 1910.
            return draft.reject(FindingCode.YEAR, "only part of a date");
        }
        BigDecimal serial = cell.decimal().orElse(null);
        return serial == null
                ? draft.reject(FindingCode.INVALID, "not a date")
                : serial(serial, cell.date1904(), context, draft);
    }

    private Judged<LocalDate> text(Cell cell, JudgeContext context, Draft draft) {
        if (cell.text().length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for a date");
        }
        String text = Spelling.visible(cell.text(), draft);
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text) || ZERO_DATE.matcher(text).matches()) {
            return draft.empty();
        }
        if (SERIAL.matcher(text).matches()) {
            return serial(new BigDecimal(text), cell.date1904(), context, draft);
        }
        if (text.indexOf('*') >= 0) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole date");
        }
        return written(text, context, draft);
    }

    private Judged<LocalDate> written(String text, JudgeContext context, Draft draft) {
        Matcher yearFirst = YEAR_FIRST.matcher(text);
        if (yearFirst.matches()) {
            if (!text.matches("\\d{4}-\\d{2}-\\d{2}")) {
                draft.repaired(FindingCode.FORM, "brought to the usual form of a date");
            }
            return plausible(date(number(yearFirst, 1), number(yearFirst, 2), number(yearFirst, 3)), context, draft);
        }
        if (COMPACT.matcher(text).matches()) {
            return compact(text, context, draft);
        }
        Matcher yearLast = YEAR_LAST.matcher(text);
        if (yearLast.matches()) {
            int year = number(yearLast, 3);
            int one = number(yearLast, 1);
            int two = number(yearLast, 2);
            return only(readings(date(year, one, two), date(year, two, one)), context, draft);
        }
        Matcher short2 = TWO_DIGIT_YEAR.matcher(text);
        if (short2.matches()) {
            return twoDigitYear(number(short2, 1), number(short2, 2), number(short2, 3), context, draft);
        }
        if (WITHOUT_YEAR.matcher(text).matches()) {
            return draft.reject(FindingCode.YEAR, "the year is missing; perhaps a spreadsheet made a date of it");
        }
        return WITHOUT_DAY.matcher(text).matches()
                ? draft.reject(FindingCode.YEAR, "only part of a date")
                : draft.reject(FindingCode.INVALID, "not a date");
    }

    private Judged<LocalDate> compact(String digits, JudgeContext context, Draft draft) {
        Matcher compact = COMPACT.matcher(digits);
        if (!compact.matches()) {
            return draft.reject(FindingCode.INVALID, "not a date");
        }
        draft.repaired(FindingCode.FORM, "brought to the usual form of a date");
        return plausible(date(number(compact, 1), number(compact, 2), number(compact, 3)), context, draft);
    }

    /** Year first as in Chinese, or last as in English; taken only if one reading gives a date that can be. */
    private Judged<LocalDate> twoDigitYear(int a, int b, int c, JudgeContext context, Draft draft) {
        return only(
                readings(
                        date(century(a, context), b, c),
                        date(century(c, context), a, b),
                        date(century(c, context), b, a)),
                context,
                draft);
    }

    private static int century(int twoDigits, JudgeContext context) {
        int thisCentury = context.today().getYear() / 100 * 100;
        int year = thisCentury + twoDigits;
        return year > context.today().getYear() ? year - 100 : year;
    }

    private static List<LocalDate> readings(@Nullable LocalDate... dates) {
        List<LocalDate> distinct = new ArrayList<>();
        for (LocalDate date : dates) {
            if (date != null && !distinct.contains(date)) {
                distinct.add(date);
            }
        }
        return distinct;
    }

    private Judged<LocalDate> only(List<LocalDate> readings, JudgeContext context, Draft draft) {
        if (readings.size() > 1) {
            return draft.reject(
                    FindingCode.AMBIGUOUS, Certainty.SUSPECT, null, "day, month and year can be read in several ways");
        }
        if (readings.isEmpty()) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "a date that does not exist");
        }
        LocalDate date = readings.get(0);
        Judged<LocalDate> judged = plausible(date, context, draft);
        return judged.value() == null
                ? judged
                : draft.guess(date, FindingCode.YEAR, date.toString(), "the only reading that gives a date");
    }

    private Judged<LocalDate> serial(BigDecimal serial, boolean date1904, JudgeContext context, Draft draft) {
        int whole = serial.setScale(0, RoundingMode.FLOOR).intValue();
        if (whole < LEAST_PLAUSIBLE_SERIAL || whole > MOST_PLAUSIBLE_SERIAL) {
            return draft.reject(FindingCode.INVALID, "a number, not a date");
        }
        LocalDate date = day(serial, date1904);
        Judged<LocalDate> judged = plausible(date, context, draft);
        return judged.value() == null || date == null
                ? judged
                : draft.guess(
                        date,
                        FindingCode.SERIAL_DATE,
                        date.toString(),
                        "a spreadsheet's day count, from " + (date1904 ? "1904" : "1900"));
    }

    private Judged<LocalDate> plausible(@Nullable LocalDate date, JudgeContext context, Draft draft) {
        if (date == null) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "a date that does not exist");
        }
        if (pastOnly && date.isAfter(context.today())) {
            return draft.reject(FindingCode.FUTURE, "a date still to come");
        }
        if (date.isBefore(EARLIEST)) {
            return draft.reject(FindingCode.IMPOSSIBLE_DATE, "before 1900");
        }
        return draft.take(date);
    }

    /** Days up to 1900-02-29, which spreadsheets invented, have no certain meaning. */
    private static @Nullable LocalDate day(@Nullable BigDecimal serial, boolean date1904) {
        if (serial == null
                || serial.signum() < 0
                || serial.compareTo(BigDecimal.valueOf(LAST_SERIAL)) > 0
                || (!date1904 && serial.compareTo(BigDecimal.valueOf(EARLIEST_SERIAL)) < 0)) {
            return null;
        }
        long days = serial.setScale(0, RoundingMode.FLOOR).longValue();
        return (date1904 ? FIRST_1904 : FIRST_1900).plusDays(days);
    }

    private static @Nullable LocalDate date(int year, int month, int day) {
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }
}

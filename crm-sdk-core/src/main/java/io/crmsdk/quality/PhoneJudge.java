package io.crmsdk.quality;

import io.crmsdk.model.ModelException;
import io.crmsdk.model.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Mobiles and landlines; which of the two is wanted decides what a number of the other kind means. */
final class PhoneJudge implements Judge<PhoneNumber> {
    private static final String NO_GUESS = "not a phone number; look the right one up at its source";
    /** Not the semicolon before an extension, as RFC 3966 and our own exports write it. */
    private static final Pattern SEPARATOR = Pattern.compile("(?:[/,、|\\n\\r或和]|;(?!ext=\\d))+");
    /** The end of a second number whose beginning is that of the first. */
    private static final Pattern SHORT_SIBLING = Pattern.compile("[-\\d]{1,9}");

    private static final Pattern TWO_PLAIN_MOBILES = Pattern.compile("(1\\d{10})\\s+(1\\d{10})");
    private static final Pattern LABEL = Pattern.compile(
            "^(?:手机号码?|手机|电话号码?|电话|座机|固话|联系电话|联系方式|tel|phone|mobile|mob|cell)\\s*[:.]?\\s*(?=[+(\\d])",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME_BEFORE =
            Pattern.compile("([\\p{IsHan}·]{1,10})\\s*:?\\s*([+(]?\\d[\\d() .+-]{5,})");
    private static final Pattern NAME_BEHIND =
            Pattern.compile("([+(]?\\d[\\d() .+-]{5,}\\d)\\s*\\(?\\s*([\\p{IsHan}·]{1,10})\\)?");
    private static final Pattern EXTENSION_WORD = Pattern.compile(".*\\d\\)?\\s*(?:转|轉|分机|分機).*");
    private static final Pattern DECIMAL_TAIL = Pattern.compile("(\\+?\\d{7,})\\.0+");
    private static final Pattern LETTERS_AMONG_DIGITS =
            Pattern.compile("(?=(?:.*\\d){7})[\\dOoIlSsBZz|+() -]*[OoIlSsBZz|][\\dOoIlSsBZz|+() -]*");
    private static final Pattern CHINESE_MOBILE_SHAPE = Pattern.compile("(?:\\+?86|0086)?0?(1[3-9]\\d{9})");
    private static final Pattern BARE_DIGITS = Pattern.compile("[1-9]\\d{8,10}");
    private static final Pattern LOCAL_NUMBER = Pattern.compile("([2-8]\\d{2,3})[- ]?(\\d{4})");

    private final String name;
    private final String region;
    private final boolean mobileWanted;

    PhoneJudge(String name, String region, boolean mobileWanted) {
        this.name = name;
        this.region = region;
        this.mobileWanted = mobileWanted;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Judged<PhoneNumber> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name, cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, NO_GUESS);
            case NUMBER, DATE -> number(cell, context, draft);
            case TEXT -> text(cell.text(), context, draft);
        };
    }

    private Judged<PhoneNumber> number(Cell cell, JudgeContext context, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits == null || digits.startsWith("-")) {
            return draft.reject(FindingCode.INVALID, NO_GUESS);
        }
        if (digits.length() > 15) {
            return draft.reject(FindingCode.DIGITS_ZEROED, "a number cell keeps 15 digits; the rest are lost");
        }
        draft.repaired(FindingCode.NUMBER_CELL, "a number cell; all digits are there");
        return digits(digits, context, draft);
    }

    private Judged<PhoneNumber> text(String raw, JudgeContext context, Draft draft) {
        if (raw.length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for a phone number");
        }
        String text = Spelling.visible(raw, draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text)) {
            return draft.empty();
        }
        if (text.indexOf('*') >= 0 || Spelling.isMasked(text)) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole number");
        }
        if (Spelling.isExponent(text)) {
            return exponent(text, context, draft);
        }
        Matcher tail = DECIMAL_TAIL.matcher(text);
        if (tail.matches()) {
            draft.repaired(FindingCode.DECIMAL_TAIL, "the decimal tail of a spreadsheet was removed");
            return digits(tail.group(1), context, draft);
        }
        return written(unlabelled(text, draft), context, draft);
    }

    private Judged<PhoneNumber> exponent(String text, JudgeContext context, Draft draft) {
        String digits = Spelling.losslessExponent(text);
        if (digits == null) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits are lost");
        }
        draft.repaired(FindingCode.EXPONENT, "exponent form with every digit");
        return digits(digits, context, draft);
    }

    private static String unlabelled(String text, Draft draft) {
        String rest = LABEL.matcher(text).replaceFirst("");
        if (!rest.equals(text)) {
            draft.repaired(FindingCode.SURROUNDED, "a label before the number was removed");
        }
        return rest;
    }

    private Judged<PhoneNumber> written(String text, JudgeContext context, Draft draft) {
        List<String> parts = parts(text);
        if (parts.size() > 1) {
            return several(parts, context, draft);
        }
        if (!parts.get(0).equals(text)) {
            draft.repaired(FindingCode.SURROUNDED, "marks around the number were removed");
        }
        return one(parts.get(0), context, draft);
    }

    private Judged<PhoneNumber> one(String text, JudgeContext context, Draft draft) {
        if (LETTERS_AMONG_DIGITS.matcher(text).matches()) {
            return draft.reject(
                    FindingCode.LETTER_FOR_DIGIT, Certainty.SUSPECT, unlettered(text), "letters among the digits");
        }
        Matcher before = NAME_BEFORE.matcher(text);
        Matcher behind = NAME_BEHIND.matcher(text);
        boolean named = before.matches();
        if (named || (behind.matches() && !EXTENSION_WORD.matcher(text).matches())) {
            return surrounded(named ? before.group(2) : behind.group(1), context, draft);
        }
        return digits(text, context, draft);
    }

    private Judged<PhoneNumber> surrounded(String number, JudgeContext context, Draft draft) {
        Judged<PhoneNumber> inner = digits(number, context, draft);
        if (inner.value() == null) {
            return inner;
        }
        return draft.guess(
                inner.value(),
                FindingCode.SURROUNDED,
                String.valueOf(inner.value().text()),
                "the number stood among other words");
    }

    /** The numbers in the text if it plainly holds several, else the text alone. */
    private List<String> parts(String text) {
        Matcher two = TWO_PLAIN_MOBILES.matcher(text);
        if (two.matches()) {
            return List.of(two.group(1), two.group(2));
        }
        List<String> parts = new ArrayList<>();
        for (String part : SEPARATOR.split(text, -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts.isEmpty() ? List.of(text) : parts;
    }

    private Judged<PhoneNumber> several(List<String> parts, JudgeContext context, Draft draft) {
        List<PhoneNumber> numbers = new ArrayList<>();
        boolean words = false;
        int repeats = 0;
        for (String part : parts) {
            PhoneNumber number = read(part);
            if (number == null
                    && !Spelling.isAllHan(part)
                    && !SHORT_SIBLING.matcher(part).matches()) {
                return draft.reject(FindingCode.INVALID, "something other than phone numbers beside one");
            }
            words |= number == null;
            if (number != null && fits(number)) {
                boolean again = numbers.stream().anyMatch(known -> Objects.equals(known.text(), number.text()));
                repeats += again ? 1 : 0;
                if (!again) {
                    numbers.add(number);
                }
            }
        }
        if (numbers.isEmpty()) {
            return draft.reject(FindingCode.INVALID, NO_GUESS);
        }
        if (context.series()) {
            return series(draft);
        }
        if (numbers.size() > 1) {
            draft.repaired(FindingCode.MULTIPLE_VALUES, "several numbers; the first one was taken");
        } else if (repeats > 0) {
            draft.repaired(FindingCode.MULTIPLE_VALUES, "the same number more than once");
        }
        if (words || numbers.size() + repeats < parts.size()) {
            draft.note(
                    FindingCode.SURROUNDED,
                    Certainty.SUSPECT,
                    Action.REPAIR_FLAGGED,
                    numbers.get(0).text(),
                    "the number stood among other words or numbers of another kind");
        }
        return draft.take(numbers.get(0), numbers.subList(1, numbers.size()));
    }

    private Judged<PhoneNumber> digits(String text, JudgeContext context, Draft draft) {
        String bare = text.replaceAll("[^0-9+]", "");
        if (isPlaceholder(bare)) {
            return draft.reject(
                    FindingCode.PLACEHOLDER, Certainty.SUSPECT, null, "a made-up number that stands for no number");
        }
        PhoneNumber number = read(text);
        if (number == null) {
            return unread(text, context, draft);
        }
        if (!mobileWanted
                && number.kind() == PhoneNumber.Kind.LANDLINE
                && BARE_DIGITS.matcher(text).matches()
                && isChinese()) {
            return draft.guess(
                    number,
                    FindingCode.LEADING_ZERO,
                    String.valueOf(number.text()),
                    "the zero of the area code was lost");
        }
        if (!fits(number)) {
            return draft.move(
                    String.valueOf(number.text()),
                    mobileWanted ? "not a mobile number" : "a mobile number, not a landline");
        }
        if (context.series()) {
            return series(draft);
        }
        if (looksMadeUp(bare)) {
            return draft.suspect(number, FindingCode.PLACEHOLDER, "looks made up");
        }
        return draft.take(number);
    }

    private Judged<PhoneNumber> series(Draft draft) {
        return draft.reject(
                FindingCode.SERIES, Certainty.SUSPECT, null, "counts up from row to row, as dragging a cell does");
    }

    private Judged<PhoneNumber> unread(String text, JudgeContext context, Draft draft) {
        // A plus stays: +138… is of another country, and no shape makes it Chinese. A leading minus makes it a sum.
        Matcher shape = CHINESE_MOBILE_SHAPE.matcher(text.replaceAll("[() .-]", ""));
        if (mobileWanted && isChinese() && !text.startsWith("-") && shape.matches()) {
            return draft.suspect(
                    PhoneNumber.of(draft.raw().strip(), "+86" + shape.group(1), null),
                    FindingCode.UNASSIGNED,
                    "has the shape of a mobile, but the numbering plan does not know its prefix");
        }
        Matcher local = LOCAL_NUMBER.matcher(text);
        if (!mobileWanted && isChinese() && local.matches()) {
            return withoutAreaCode(local.group(1) + local.group(2), context.city(), draft);
        }
        return draft.reject(FindingCode.INVALID, NO_GUESS);
    }

    private Judged<PhoneNumber> withoutAreaCode(String local, @Nullable String city, Draft draft) {
        String areaCode = city == null ? null : AreaCodes.ofCity(city);
        PhoneNumber number = areaCode == null ? null : read("0" + areaCode + local);
        if (number == null) {
            return draft.reject(FindingCode.AREA_CODE, Certainty.SUSPECT, null, "the area code is missing");
        }
        return draft.guess(
                number,
                FindingCode.AREA_CODE,
                String.valueOf(number.text()),
                "the area code was taken from the city of the row");
    }

    private @Nullable PhoneNumber read(String text) {
        if (isChinese() && LOCAL_NUMBER.matcher(text).matches()) {
            // Not left to the numbering plan: to it 566 95044 is a hotline behind the area code 0566.
            return null;
        }
        try {
            return PhoneNumber.parse(text, region);
        } catch (ModelException e) {
            return null;
        }
    }

    private boolean isChinese() {
        return region.equals("CN");
    }

    private boolean fits(PhoneNumber number) {
        return switch (number.kind()) {
            case MOBILE -> mobileWanted;
            case LANDLINE, SERVICE -> !mobileWanted;
            case LANDLINE_OR_MOBILE, OTHER -> true;
        };
    }

    /** One digit throughout, a count, or a mobile of which all but the prefix is zero. */
    private static boolean isPlaceholder(String digits) {
        return (digits.length() >= 5 && digits.chars().allMatch(c -> c == digits.charAt(0)))
                || digits.matches("(?:0(?:10|2\\d|[3-9]\\d\\d)|12|)?12345678(?:9|90|901)?")
                || (digits.endsWith("00000000") && digits.length() >= 10);
    }

    private static boolean looksMadeUp(String digits) {
        String end = digits.substring(Math.max(0, digits.length() - 8));
        return end.length() == 8 && end.chars().allMatch(c -> c == end.charAt(0));
    }

    private @Nullable String unlettered(String text) {
        String digits = text.replaceAll("[Oo]", "0")
                .replaceAll("[Il|]", "1")
                .replaceAll("[Ss]", "5")
                .replaceAll("[Zz]", "2")
                .replace('B', '8');
        PhoneNumber number = read(digits);
        return number != null && fits(number) ? number.text() : null;
    }
}

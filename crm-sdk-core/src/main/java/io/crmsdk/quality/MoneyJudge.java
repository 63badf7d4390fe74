package io.crmsdk.quality;

import io.crmsdk.model.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.Normalizer;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts of money in one declared currency, exact; a text with two readings is refused. */
final class MoneyJudge implements Judge<Money> {
    private static final Map<String, Set<String>> SIGNS = Map.of(
            "CNY", Set.of("¥", "RMB", "CNY", "CN¥", "元", "圆", "块", "块钱", "元整", "圆整", "人民币"),
            "USD", Set.of("$", "US$", "USD", "美元"),
            "EUR", Set.of("€", "EUR", "欧元"),
            "JPY", Set.of("¥", "JPY", "円", "日元"),
            "HKD", Set.of("HK$", "HKD", "港元", "港币"),
            "GBP", Set.of("£", "GBP", "英镑"));
    private static final Pattern FORM = Pattern.compile(
            "(?<open>\\()?(?<sign>[-+])?\\s*(?<prefix>[^0-9.,()+\\s-]{1,4})?\\s*(?<sign2>[-+])?\\s*(?<number>\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+)"
                    + "\\s*(?<unit>万|萬|亿|億|千|百万|百萬)?\\s*(?<suffix>[^0-9.,()+\\s-]{1,4})?(?<sign3>-)?(?<close>\\))?");
    private static final Pattern GROUPED = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?");
    private static final Pattern TWO_READINGS = Pattern.compile("[1-9]\\d{0,2}\\.\\d{3}");
    private static final Map<String, Integer> UNITS = Map.of("千", 3, "万", 4, "萬", 4, "百万", 6, "百萬", 6, "亿", 8, "億", 8);
    private static final int MAX_DIGITS = 30;

    private final Currency currency;
    private final Set<String> signs;

    MoneyJudge(Currency currency) {
        this.currency = currency;
        this.signs = SIGNS.getOrDefault(currency.getCurrencyCode(), Set.of(currency.getCurrencyCode()));
    }

    @Override
    public String name() {
        return "money";
    }

    @Override
    public Judged<Money> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name(), cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not an amount");
            case DATE -> draft.reject(FindingCode.TURNED_INTO_DATE, "a spreadsheet shows this number as a date");
            case NUMBER -> number(cell, draft);
            case TEXT -> text(cell.text(), draft);
        };
    }

    private Judged<Money> number(Cell cell, Draft draft) {
        BigDecimal value = cell.decimal().orElse(null);
        if (value == null) {
            return draft.reject(FindingCode.INVALID, "not an amount");
        }
        if (value.abs().compareTo(BigDecimal.TEN.pow(MAX_DIGITS)) >= 0) {
            return draft.reject(FindingCode.LENGTH, "far too large for an amount");
        }
        BigDecimal rounded = value.setScale(minorUnits(), RoundingMode.HALF_EVEN);
        if (rounded.compareTo(value) != 0 && isBinaryNoise(value, rounded)) {
            draft.repaired(FindingCode.FORM, "the noise of a binary fraction was rounded away");
            value = rounded;
        }
        Money money = new Money(value.setScale(Math.max(0, value.scale())), currency);
        if (value.abs().compareTo(Spelling.FIRST_UNSAFE) >= 0) {
            return draft.suspect(
                    money, FindingCode.DIGITS_ZEROED, "a number cell keeps 15 digits; the rest may be lost");
        }
        return draft.take(money);
    }

    /** A double near a round amount differs from it by a few units in its last place, so at most 1e-14 of it. */
    private static boolean isBinaryNoise(BigDecimal value, BigDecimal rounded) {
        return value.precision() >= 15
                && value.subtract(rounded).abs().compareTo(value.abs().movePointLeft(14)) <= 0;
    }

    private Judged<Money> text(String raw, Draft draft) {
        if (raw.length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for an amount");
        }
        String text = Spelling.visible(raw, draft);
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isErrorLiteral(text) || text.equalsIgnoreCase("nan")) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text)) {
            return draft.empty();
        }
        if (text.indexOf('*') >= 0) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace an amount");
        }
        if (Spelling.isExponent(text)) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits may be lost");
        }
        return written(text.replace('−', '-').replace('–', '-'), draft);
    }

    private Judged<Money> written(String text, Draft draft) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || (form.group("open") == null) != (form.group("close") == null)) {
            return draft.reject(FindingCode.INVALID, "not an amount");
        }
        if (!isOurSign(form.group("prefix")) || !isOurSign(form.group("suffix"))) {
            return draft.reject(FindingCode.INVALID, "an unknown word or another currency beside the number");
        }
        String number = form.group("number");
        if ((number.indexOf(',') >= 0 && !GROUPED.matcher(number).matches())
                || (TWO_READINGS.matcher(number).matches() && form.group("unit") == null && minorUnits() < 3)) {
            return draft.reject(
                    FindingCode.AMBIGUOUS, Certainty.SUSPECT, null, "commas and dots can be read in two ways");
        }
        if (number.length() > MAX_DIGITS) {
            return draft.reject(FindingCode.LENGTH, "far too long for an amount");
        }
        BigDecimal value = new BigDecimal(number.replace(",", ""));
        String unit = form.group("unit");
        if (unit != null) {
            value = value.movePointRight(UNITS.getOrDefault(unit, 0));
        }
        Boolean negative = negative(form);
        if (negative == null) {
            return draft.reject(FindingCode.AMBIGUOUS, "more than one sign");
        }
        Money money = new Money(negative ? value.negate() : value, currency);
        if (!form.group("number").equals(Normalizer.normalize(draft.raw(), Normalizer.Form.NFC))) {
            draft.repaired(FindingCode.FORM, "written with signs, groups or units");
        }
        return draft.take(money);
    }

    private static @Nullable Boolean negative(Matcher form) {
        int signs = 0;
        boolean negative = form.group("open") != null;
        signs += negative ? 1 : 0;
        for (String group : new String[] {"sign", "sign2", "sign3"}) {
            String sign = form.group(group);
            if (sign != null) {
                signs++;
                negative |= sign.equals("-");
            }
        }
        return signs > 1 ? null : negative;
    }

    private boolean isOurSign(@Nullable String word) {
        return word == null || signs.contains(word.toUpperCase(Locale.ROOT).strip());
    }

    private int minorUnits() {
        return Math.max(0, currency.getDefaultFractionDigits());
    }
}

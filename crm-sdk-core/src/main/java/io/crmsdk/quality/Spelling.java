package io.crmsdk.quality;

import java.lang.Character.UnicodeScript;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What all judges know about how text gets damaged on its way through spreadsheets, clipboards and keyboards. */
final class Spelling {
    /** Words that people write instead of leaving a cell empty; compared after NFKC and lower-casing. */
    private static final Set<String> NOTHING = Set.of(
            "无",
            "無",
            "没有",
            "沒有",
            "暂无",
            "暫無",
            "未知",
            "不详",
            "不詳",
            "未填",
            "未填写",
            "空",
            "待定",
            "待补充",
            "待确认",
            "/",
            "//",
            "\\",
            "-",
            "--",
            "---",
            "—",
            "——",
            "_",
            "__",
            ".",
            "..",
            "...",
            "。",
            "*",
            "?",
            "？",
            "n/a",
            "na",
            "n.a.",
            "none",
            "null",
            "nil",
            "nan",
            "undefined",
            "unknown",
            "tbd",
            "xx",
            "xxx",
            "xxxx",
            "测试",
            "測試",
            "test",
            "(空)",
            "(blank)",
            "<null>");

    private static final Pattern ERROR_LITERAL = Pattern.compile(
            "#{3,}|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern EXPONENT = Pattern.compile("([-+]?\\d+(?:\\.\\d+)?)[eE]([-+]?)(\\d{1,3})");
    private static final Pattern DAY_OF_YEAR =
            Pattern.compile("\\d{1,2}月\\d{1,2}日|\\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)");
    private static final Pattern MASK = Pattern.compile("\\*{2,}|[×xX•●■█]{4,}|＊{2,}");
    private static final Pattern IDENTIFIER_LABEL = Pattern.compile("^\\p{IsHan}{2,10}\\s*[:：]?\\s*(?=[0-9A-Za-z])");
    /** A spreadsheet keeps 15 significant digits. */
    static final BigDecimal FIRST_UNSAFE = BigDecimal.TEN.pow(15);

    private Spelling() {}

    static boolean isNothing(String text) {
        return NOTHING.contains(
                Normalizer.normalize(text, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT));
    }

    static boolean isErrorLiteral(String text) {
        return ERROR_LITERAL.matcher(text).matches();
    }

    static boolean isMasked(String text) {
        return MASK.matcher(text).find();
    }

    static boolean looksTurnedIntoDate(String text) {
        return DAY_OF_YEAR.matcher(text).matches();
    }

    /**
     * The text without what cannot be seen: blanks, tabs, line breaks and byte order marks around it, format characters
     * within. Joiners between letters stay, since Persian and Indic spelling and emoji need them.
     */
    static String visible(String text, Draft draft) {
        StringBuilder out = new StringBuilder(text.length());
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            boolean joiner = (c == 0x200C || c == 0x200D) && joins(points, i);
            boolean control = Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
            if (joiner || (Character.getType(c) != Character.FORMAT && !control)) {
                out.appendCodePoint(c);
            }
        }
        String kept = strip(out.toString());
        if (!kept.equals(text)) {
            draft.repaired(FindingCode.INVISIBLE, "blanks around it or characters that cannot be seen were removed");
        }
        return kept;
    }

    private static boolean joins(int[] points, int i) {
        return i > 0 && i + 1 < points.length && (isJoinable(points[i - 1]) && isJoinable(points[i + 1]));
    }

    private static boolean isJoinable(int c) {
        UnicodeScript script = UnicodeScript.of(c);
        return (Character.isLetter(c) && script != UnicodeScript.LATIN && script != UnicodeScript.HAN)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.MODIFIER_SYMBOL
                || Character.getType(c) == Character.OTHER_SYMBOL;
    }

    /** {@code String.strip} leaves no-break spaces. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    static String withoutBlanks(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().filter(c -> !isBlank(c)).forEach(out::appendCodePoint);
        return out.toString();
    }

    /**
     * Full-width forms in their usual width, noted as a repair. Not NFKC: that would make a digit of a footnote's
     * superscript.
     */
    static String narrow(String text, Draft draft) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if ((c >= 0xFF00 && c <= 0xFFEF) || c == 0x3000) {
                out.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
            } else {
                out.appendCodePoint(c);
            }
        });
        String narrow = out.toString();
        if (!narrow.equals(text)) {
            draft.repaired(FindingCode.WIDTH, "full-width characters were brought to their usual form");
        }
        return narrow;
    }

    /** Without the apostrophe that marks a cell as text. */
    static String withoutTextMark(String text, Draft draft) {
        if (text.length() > 1 && "'’‘＇`".indexOf(text.charAt(0)) >= 0) {
            draft.repaired(FindingCode.INVISIBLE, "the mark of a text cell was removed");
            return strip(text.substring(1));
        }
        return text;
    }

    /** Full-width Latin letters and digits in their usual width; other full-width characters belong to Chinese text. */
    static String narrowAlphanumerics(String text, Draft draft) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.appendCodePoint(isWideAlphanumeric(c) ? c - 0xFEE0 : c));
        if (!out.toString().equals(text)) {
            draft.repaired(FindingCode.WIDTH, "full-width letters and digits were brought to their usual form");
        }
        return out.toString();
    }

    private static boolean isWideAlphanumeric(int c) {
        return (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A);
    }

    /** Without a Chinese label before an identifier, such as {@code 身份证号：}. */
    static String unlabelled(String text, Draft draft) {
        String rest = IDENTIFIER_LABEL.matcher(text).replaceFirst("");
        if (!rest.equals(text)) {
            draft.repaired(FindingCode.SURROUNDED, "a label before the value was removed");
        }
        return rest;
    }

    /** A whole number in plain digits, or null if the cell holds no whole number. */
    static @Nullable String wholeNumber(Cell cell) {
        BigDecimal value = cell.decimal().orElse(null);
        if (value == null || value.stripTrailingZeros().scale() > 0) {
            return null;
        }
        return value.toBigInteger().toString();
    }

    static boolean isExponent(String text) {
        return EXPONENT.matcher(text).matches();
    }

    /**
     * The whole number that a text in exponent form provably stands for, or null if digits may be lost.
     *
     * <p>Without a plus sign it is the shortest text of a double (Java's {@code Double.toString}), which is lossless below
     * 2^53. With one, as spreadsheets display it, only a mantissa with every digit is.
     */
    static @Nullable String losslessExponent(String text) {
        var matcher = EXPONENT.matcher(text);
        if (!matcher.matches() || matcher.group(2).equals("-")) {
            return null;
        }
        BigDecimal value = new BigDecimal(text.replace('e', 'E'));
        if (value.signum() <= 0 || value.stripTrailingZeros().scale() > 0) {
            return null;
        }
        String digits = value.toBigInteger().toString();
        if (value.abs().compareTo(FIRST_UNSAFE) >= 0) {
            return null;
        }
        boolean shortest = matcher.group(2).isEmpty() && text.indexOf('.') == 1 && text.indexOf('E') > 0;
        long mantissaDigits =
                matcher.group(1).chars().filter(Character::isDigit).count();
        return shortest || mantissaDigits >= digits.length() ? digits : null;
    }

    static boolean isHan(int c) {
        return UnicodeScript.of(c) == UnicodeScript.HAN;
    }

    static boolean isAllHan(String text) {
        return !text.isEmpty() && text.codePoints().allMatch(Spelling::isHan);
    }

    static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Blanks between two Chinese characters are layout. */
    static String withoutBlanksBetweenHan(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < points.length; i++) {
            if (!isBlank(points[i]) || !hanBefore(points, i) || !hanAfter(points, i)) {
                out.appendCodePoint(points[i]);
            }
        }
        return out.toString();
    }

    private static boolean hanBefore(int[] points, int i) {
        int k = i;
        while (k >= 0 && isBlank(points[k])) {
            k--;
        }
        return k >= 0 && isHanLike(points[k]);
    }

    private static boolean hanAfter(int[] points, int i) {
        int k = i;
        while (k < points.length && isBlank(points[k])) {
            k++;
        }
        return k < points.length && isHanLike(points[k]);
    }

    private static boolean isHanLike(int c) {
        return isHan(c) || "（）()【】".indexOf(c) >= 0;
    }
}

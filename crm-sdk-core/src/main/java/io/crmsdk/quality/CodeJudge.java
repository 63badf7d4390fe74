package io.crmsdk.quality;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Business numbers and postal codes: text of digits whose leading zeros count. */
final class CodeJudge implements Judge<String> {
    private static final Pattern DECIMAL_TAIL = Pattern.compile("(\\d+)\\.0+");
    private static final Pattern CODE = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}_./#-]*");
    private static final int MAX = 40;

    private final String name;
    private final int width;
    private final Pattern shape;

    /** Width 0 means that codes of any width and letters are legal. */
    CodeJudge(String name, int width) {
        this.name = name;
        this.width = width;
        this.shape = width == 0 ? CODE : Pattern.compile("[0-9]{" + width + "}");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Judged<String> judge(Cell cell, JudgeContext context) {
        Draft draft = new Draft(name, cell);
        return switch (cell.kind()) {
            case EMPTY -> Judged.nothing();
            case ERROR -> draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
            case BOOLEAN -> draft.reject(FindingCode.INVALID, "not a code");
            case DATE -> draft.reject(FindingCode.TURNED_INTO_DATE, "a spreadsheet turned the code into a date");
            case NUMBER -> number(cell, draft);
            case TEXT -> text(cell.text(), draft);
        };
    }

    private Judged<String> number(Cell cell, Draft draft) {
        String digits = Spelling.wholeNumber(cell);
        if (digits == null || digits.startsWith("-")) {
            return draft.reject(FindingCode.INVALID, "not a code");
        }
        if (digits.length() > 15) {
            return draft.reject(FindingCode.DIGITS_ZEROED, "a number cell keeps 15 digits; the rest are lost");
        }
        String format = cell.format();
        if (format != null && format.matches("0{2,40}") && digits.length() <= format.length() && fitsWidth(format)) {
            draft.repaired(FindingCode.LEADING_ZERO, "the cell's format shows the zeros that the number has not");
            return draft.take("0".repeat(format.length() - digits.length()) + digits);
        }
        if (width == 0) {
            return draft.suspect(digits, FindingCode.NUMBER_CELL, "a number cell; leading zeros may be lost");
        }
        return digits(digits, draft);
    }

    private boolean fitsWidth(String format) {
        return width == 0 || format.length() == width;
    }

    private Judged<String> text(String raw, Draft draft) {
        if (raw.length() > 200) {
            return draft.reject(FindingCode.LENGTH, "far too long for a code");
        }
        String text = Spelling.visible(raw, draft);
        text = Spelling.withoutTextMark(Spelling.narrow(text, draft), draft);
        if (text.isEmpty()) {
            return Judged.nothing();
        }
        if (Spelling.isErrorLiteral(text)) {
            return draft.reject(FindingCode.FORMULA_ERROR, "a formula failed here");
        }
        if (Spelling.isNothing(text)) {
            return draft.empty();
        }
        if (text.indexOf('*') >= 0) {
            return draft.reject(FindingCode.MASKED, "masked; it must not replace a whole code");
        }
        if ((Spelling.isExponent(text) && !shape.matcher(text).matches()) || text.matches("\\d\\.\\d+[eE]\\+?\\d+")) {
            return draft.reject(FindingCode.EXPONENT, "a spreadsheet shortened it and digits are lost");
        }
        if (Spelling.looksTurnedIntoDate(text)) {
            return draft.reject(FindingCode.TURNED_INTO_DATE, "a spreadsheet turned the code into a date");
        }
        Matcher tail = DECIMAL_TAIL.matcher(text);
        if (tail.matches() && tail.group(1).length() <= 15) {
            draft.repaired(FindingCode.DECIMAL_TAIL, "the decimal tail of a spreadsheet was removed");
            text = tail.group(1);
        }
        return digits(text, draft);
    }

    private Judged<String> digits(String text, Draft draft) {
        if (width > 0 && text.matches("[0-9]+") && text.length() < width) {
            String padded = "0".repeat(width - text.length()) + text;
            return draft.guess(
                    padded,
                    FindingCode.LEADING_ZERO,
                    padded,
                    "codes are " + width + " places wide; lost zeros put back");
        }
        if (text.length() > (width == 0 ? MAX : width)) {
            return draft.reject(FindingCode.LENGTH, "longer than a code is");
        }
        return shape.matcher(text).matches()
                ? draft.take(text)
                : draft.reject(
                        FindingCode.FORMAT,
                        width == 0
                                ? "expected letters, digits and the signs between them, without blanks"
                                : "expected " + width + " digits; if codes look otherwise here, the mapping says so");
    }
}

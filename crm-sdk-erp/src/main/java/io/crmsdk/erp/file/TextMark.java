package io.crmsdk.erp.file;

import java.util.regex.Pattern;

/**
 * The apostrophe before a text in a CSV file that a spreadsheet would run or change. Exactly reversible.
 *
 * <p>Source: OWASP, CSV Injection: a cell that begins with {@code = + - @}, a tab or a carriage return may run as a formula;
 * so may the full-width forms in some languages. A spreadsheet also makes a number of every digit string, which drops leading
 * zeros, the plus of a phone number, and all digits after the fifteenth.
 */
final class TextMark {
    private static final char MARK = '\'';
    private static final String TRIGGERS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";
    /** An amount is no formula, and a spreadsheet keeps it. */
    private static final Pattern AMOUNT = Pattern.compile("-(?:\\d{1,3}(?:,\\d{3})+|0|[1-9]\\d{0,11})(?:\\.\\d{1,3})?");

    private static final Pattern CHANGED_DIGITS = Pattern.compile("0\\d+|\\d{12,}|\\d+(?:\\.\\d+)?[eE][-+]?\\d+");

    private TextMark() {}

    static String marked(String text) {
        return isNeeded(text) ? MARK + text : text;
    }

    /** What {@link #marked} was given. */
    static String unmarked(String text) {
        return text.length() > 1 && text.charAt(0) == MARK && isNeeded(text.substring(1)) ? text.substring(1) : text;
    }

    private static boolean isNeeded(String text) {
        if (text.isEmpty()) {
            return false;
        }
        char first = text.charAt(0);
        if (first == MARK) {
            // Else reading could not tell it from our own mark.
            return isNeeded(text.substring(1));
        }
        if (TRIGGERS.indexOf(first) >= 0) {
            return !AMOUNT.matcher(text).matches();
        }
        // Blanks before it do not keep a spreadsheet from seeing a formula.
        return first == ' '
                        && TRIGGERS.indexOf(
                                        text.strip().isEmpty()
                                                ? 'x'
                                                : text.strip().charAt(0))
                                >= 0
                || CHANGED_DIGITS.matcher(text).matches();
    }
}

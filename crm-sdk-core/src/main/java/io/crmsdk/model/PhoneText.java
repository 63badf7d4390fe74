package io.crmsdk.model;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote for a phone number, brought to digits and an extension, or refused.
 *
 * <p>The numbering-plan library drops leading letters, swallows a trailing {@code .0} as a digit and accepts masked
 * digits, so all of that is refused before it is asked.
 *
 * @param number digits and punctuation that the library reads
 * @param extension digits after a marker, or null
 */
record PhoneText(String number, @Nullable String extension) {
    private static final String FIELD = "phones.number";
    private static final int MAX_LENGTH = 64;
    private static final Pattern EXPONENT = Pattern.compile("[-+]?\\d+(?:\\.\\d+)?[eE][-+]?\\d+");
    private static final Pattern DECIMAL = Pattern.compile("\\d{7,}\\.\\d{1,2}");
    private static final Pattern MARKED_EXTENSION = Pattern.compile(
            "(.*?\\d\\)?)\\s*(?:转接|转|轉|分机号?|分機|;ext=|ext\\.?|x|#)\\s*[:.]?\\s*(\\d{1,8})\\s*号?",
            Pattern.CASE_INSENSITIVE);
    /** Area code, number of 7 or 8 digits, then 1 to 6 digits after another hyphen. */
    private static final Pattern CHINESE_HYPHEN_EXTENSION = Pattern.compile(
            "((?:\\+?(?:86|0086)[- ]?)?\\(?0?(?:10|2\\d|[3-9]\\d{2})\\)?[- ]?[2-8]\\d{6,7})-(\\d{1,6})");

    private static final Pattern NUMBER_FOR_ITSELF =
            Pattern.compile("(?:\\+?\\d[\\d() .-]*\\d)\\s*[/,;、|]\\s*(?:\\+?\\d.*)");
    private static final Pattern ALLOWED = Pattern.compile("[+(]*[0-9][0-9() ./-]*");
    private static final Pattern COUNTRY_IN_BRACKETS = Pattern.compile("^\\(\\s*(\\+|00)\\s*(\\d{1,3})\\s*\\)");

    static PhoneText read(String text, String region) {
        if (text.length() > MAX_LENGTH) {
            throw new ModelException("INVALID_PHONE", FIELD, "more than " + MAX_LENGTH + " characters");
        }
        String plain = plain(text);
        refuseDamage(plain);
        String extension = null;
        Matcher marked = MARKED_EXTENSION.matcher(plain);
        Matcher hyphened = CHINESE_HYPHEN_EXTENSION.matcher(plain);
        if (marked.matches()) {
            extension = marked.group(2);
            plain = marked.group(1).strip();
        } else if ("CN".equals(region) && hyphened.matches()) {
            extension = hyphened.group(2);
            plain = hyphened.group(1);
        }
        plain = COUNTRY_IN_BRACKETS.matcher(plain).replaceFirst("+$2 ");
        if (!ALLOWED.matcher(plain).matches() || plain.indexOf('+', 1) > 0) {
            throw new ModelException("INVALID_PHONE", FIELD, "something other than the digits of one number");
        }
        return new PhoneText(plain, extension);
    }

    /** Full-width forms and any digits to ASCII, any hyphen to "-", any blank to " ", and what cannot be seen removed. */
    private static String plain(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().map(PhoneText::narrow).forEach(c -> {
            int type = Character.getType(c);
            if (type == Character.DECIMAL_DIGIT_NUMBER) {
                out.append((char) ('0' + Character.digit(c, 10)));
            } else if (type == Character.DASH_PUNCTUATION || c == 0x2212) {
                out.append('-');
            } else if (type == Character.SPACE_SEPARATOR || c == '\t') {
                out.append(' ');
            } else if (Character.isISOControl(c)) {
                throw new ModelException(
                        "INVALID_PHONE", FIELD, String.format(Locale.ROOT, "control character U+%04X", c));
            } else if (type != Character.FORMAT) {
                out.appendCodePoint(c);
            }
        });
        String plain = out.toString().strip();
        return plain.startsWith("'") ? plain.substring(1).strip() : plain;
    }

    /** Not NFKC, which would make a digit of a footnote's superscript. */
    private static int narrow(int c) {
        return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c;
    }

    private static void refuseDamage(String plain) {
        if (plain.isEmpty()) {
            throw new ModelException("INVALID_PHONE", FIELD, "empty");
        }
        if (plain.indexOf('*') >= 0) {
            throw new ModelException(
                    "MASKED", FIELD, "a masked number is no number; get the whole one from its source");
        }
        if (EXPONENT.matcher(plain).matches()) {
            throw new ModelException(
                    "SCIENTIFIC_NOTATION", FIELD, "a spreadsheet shortened it; export the column as text");
        }
        if (DECIMAL.matcher(plain).matches()) {
            throw new ModelException("PRECISION", FIELD, "a decimal number; export the column as text");
        }
        if (NUMBER_FOR_ITSELF.matcher(plain).matches()) {
            throw new ModelException("AMBIGUOUS_PHONE", FIELD, "two numbers in one text");
        }
    }
}

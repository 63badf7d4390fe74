package io.crmsdk;

/**
 * The one policy of what may be shown of a personal value in {@code toString}, logs and error messages.
 *
 * <p>What is kept is enough to recognise a value one already knows and too little to learn one. All methods are pure
 * and accept anything, also text that is not of the kind they mask.
 */
public final class Redaction {
    private Redaction() {}

    /**
     * Masks an e-mail address: first code point of the local part, then the domain, as in {@code l***@example.com}. A
     * text without {@code @} is masked whole.
     */
    public static String email(String address) {
        int at = address.lastIndexOf('@');
        if (at <= 0) {
            return text(address);
        }
        return address.substring(0, address.offsetByCodePoints(0, 1)) + "***" + address.substring(at);
    }

    /**
     * Masks a phone number: everything but the last two characters, as in {@code +86***80}; a leading {@code +} and up
     * to two digits stay when the number is long enough that they say only the country.
     */
    public static String phone(String number) {
        if (number.length() < 8) {
            return "***";
        }
        String head = number.startsWith("+") ? number.substring(0, 3) : "";
        return head + "***" + number.substring(number.length() - 2);
    }

    /** Masks any other personal text: its first code point and its length, as in {@code L***(9)}. */
    public static String text(String value) {
        if (value.isEmpty()) {
            return "";
        }
        int length = value.codePointCount(0, value.length());
        return length == 1 ? "***(1)" : value.substring(0, value.offsetByCodePoints(0, 1)) + "***(" + length + ")";
    }
}

package io.crmsdk.identity;

import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The digits under which writings of one number meet. More forgiving than {@code PhoneNumber}: whether a numbering plan
 * has the number does not matter for comparing it, so an unallocated number still equals itself.
 */
final class PhoneDigits {
    private static final Map<String, String> CALLING_CODES = Map.ofEntries(
            Map.entry("CN", "86"),
            Map.entry("HK", "852"),
            Map.entry("TW", "886"),
            Map.entry("MO", "853"),
            Map.entry("JP", "81"),
            Map.entry("KR", "82"),
            Map.entry("IN", "91"),
            Map.entry("SG", "65"),
            Map.entry("US", "1"),
            Map.entry("CA", "1"),
            Map.entry("GB", "44"),
            Map.entry("IE", "353"),
            Map.entry("DE", "49"),
            Map.entry("AT", "43"),
            Map.entry("CH", "41"),
            Map.entry("FR", "33"),
            Map.entry("IT", "39"),
            Map.entry("ES", "34"),
            Map.entry("PT", "351"),
            Map.entry("NL", "31"),
            Map.entry("BE", "32"),
            Map.entry("LU", "352"),
            Map.entry("DK", "45"),
            Map.entry("SE", "46"),
            Map.entry("NO", "47"),
            Map.entry("FI", "358"),
            Map.entry("PL", "48"),
            Map.entry("CZ", "420"),
            Map.entry("SK", "421"),
            Map.entry("HU", "36"),
            Map.entry("RO", "40"),
            Map.entry("BG", "359"),
            Map.entry("GR", "30"),
            Map.entry("TR", "90"),
            Map.entry("RU", "7"),
            Map.entry("UA", "380"),
            Map.entry("AU", "61"),
            Map.entry("NZ", "64"),
            Map.entry("BR", "55"),
            Map.entry("MX", "52"),
            Map.entry("ZA", "27"));

    private PhoneDigits() {}

    /**
     * The international digits if the country is known or written, else the national ones.
     *
     * @param country ISO 3166-1 alpha-2 of a number without country code; null if not known
     * @return null if it is no number: letters, an exponent, masked, too short or too long, or a placeholder
     */
    static @Nullable String of(String text, @Nullable String country) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).strip();
        String digits = digits(plain);
        if (digits == null || isPlaceholder(digits)) {
            return null;
        }
        if (plain.startsWith("+")) {
            return digits;
        }
        if (digits.startsWith("00")) {
            return digits.substring(2);
        }
        String code = country == null ? null : CALLING_CODES.get(country);
        if (code == null) {
            return digits;
        }
        if (code.equals("86")) {
            return chinese(digits);
        }
        if (plain.startsWith("(" + code + ")")) {
            return digits;
        }
        String national = digits.startsWith("0") && !code.equals("39") ? digits.substring(1) : digits;
        return code.equals("1") && digits.length() == 11 && digits.startsWith("1") ? digits : code + national;
    }

    private static String chinese(String digits) {
        if (digits.startsWith("86") && digits.length() > 11) {
            return digits;
        }
        return "86" + (digits.startsWith("0") ? digits.substring(1) : digits);
    }

    private static @Nullable String digits(String text) {
        StringBuilder out = new StringBuilder(16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                out.append(c);
            } else if ("+-()/ .\u00A0\u2010\u2011\u2013".indexOf(c) < 0 || c == '+' && i > 0) {
                return null;
            }
        }
        boolean decimal = text.matches("[0-9]+\\.[0-9]{1,2}");
        return decimal || out.length() < 6 || out.length() > 17 ? null : out.toString();
    }

    /** One digit throughout, counting up or down, or the best known example. */
    private static boolean isPlaceholder(String digits) {
        String tail = digits.length() > 8 ? digits.substring(digits.length() - 8) : digits;
        if (tail.chars().distinct().count() == 1 || digits.endsWith("13800138000")) {
            return true;
        }
        return "0123456789012".contains(tail) || "9876543210987".contains(tail);
    }
}

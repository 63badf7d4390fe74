package io.crmsdk.model;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The domain of an address as A-labels, by IDNA2008 (RFC 5891) without any transitional mapping.
 *
 * <p>{@code java.net.IDN} is IDNA2003: it turns {@code ß} into {@code ss} and drops joiners, which names other people's
 * domains. What is allowed here is a little narrower than RFC 5892: letters, marks and digits that are stable under NFKC
 * and lower-casing; no contextual characters.
 */
final class MailDomain {
    private static final int MAX_DOMAIN = 253;
    private static final int MAX_LABEL = 63;

    private MailDomain() {}

    static String toAscii(String domain) {
        if (domain.isEmpty()) {
            throw EmailAddress.invalid("nothing after the @");
        }
        List<String> labels = new ArrayList<>();
        for (String label : domain.split("\\.", -1)) {
            labels.add(label(label));
        }
        String ascii = String.join(".", labels);
        if (ascii.length() > MAX_DOMAIN) {
            throw EmailAddress.invalid("domain longer than " + MAX_DOMAIN + " octets");
        }
        String top = labels.get(labels.size() - 1);
        if (top.chars().allMatch(Character::isDigit)) {
            throw EmailAddress.invalid("a top level of digits is no domain");
        }
        if (labels.size() == 1 && top.length() != 2) {
            throw EmailAddress.invalid("a domain without a dot");
        }
        return ascii;
    }

    private static String label(String label) {
        if (label.isEmpty()) {
            throw EmailAddress.invalid("an empty label in the domain");
        }
        if (label.startsWith("-") || label.endsWith("-")) {
            throw EmailAddress.invalid("a label of the domain starts or ends with a hyphen");
        }
        boolean ascii = label.chars().allMatch(c -> c < 0x80);
        String result = ascii ? asciiLabel(label) : "xn--" + Punycode.encode(unicodeLabel(label));
        if (result.length() > MAX_LABEL) {
            throw EmailAddress.invalid("a label of the domain has more than " + MAX_LABEL + " octets");
        }
        return result;
    }

    private static String asciiLabel(String label) {
        if (!label.chars().allMatch(MailDomain::isLetterDigitHyphen)) {
            throw EmailAddress.invalid("a character that no mail domain has");
        }
        String lower = label.toLowerCase(Locale.ROOT);
        if (lower.startsWith("xn--")) {
            String decoded = Punycode.decode(lower.substring(4));
            if (decoded.chars().allMatch(c -> c < 0x80)
                    || !Punycode.encode(unicodeLabel(decoded)).equals(lower.substring(4))) {
                throw EmailAddress.invalid("an xn-- label that names nothing");
            }
        }
        return lower;
    }

    private static String unicodeLabel(String label) {
        // As written: lower case would make a letter of the Kelvin sign and hide that somebody wrote a look-alike.
        String lower = label.toLowerCase(Locale.ROOT);
        if (!Normalizer.isNormalized(label, Normalizer.Form.NFKC)
                || !Normalizer.isNormalized(lower, Normalizer.Form.NFKC)) {
            throw EmailAddress.invalid("compatibility characters, such as full-width letters, in the domain");
        }
        if (!lower.codePoints().allMatch(MailDomain::isAllowed) || isMark(lower.codePointAt(0))) {
            throw EmailAddress.invalid("a character that no mail domain has");
        }
        if (Scripts.mixesLookAlikes(lower) || mixesDirections(lower)) {
            throw EmailAddress.invalid("mixed scripts in one label of the domain");
        }
        return lower;
    }

    private static boolean isLetterDigitHyphen(int c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAllowed(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK -> true;
            default -> c == '-';
        };
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean mixesDirections(String label) {
        boolean left = label.codePoints()
                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
        boolean right = label.codePoints().anyMatch(c -> {
            byte d = Character.getDirectionality(c);
            return d == Character.DIRECTIONALITY_RIGHT_TO_LEFT || d == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
        });
        return left && right;
    }
}

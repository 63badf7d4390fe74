package io.crmsdk.quality;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A unified social credit code of mainland China: 18 places, of which the last is a check character.
 *
 * <p>Registration authority, category, six places of division code, nine of organization code (with a check character of its
 * own), check character. The alphabet has no I, O, S, V and Z. Immutable.
 *
 * <p>Source: GB 32100-2015; organization code GB 11714-1997.
 *
 * @param code 18 upper-case places
 */
public record CreditCode(String code) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static final int[] WEIGHTS = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    private static final int[] ORGANIZATION_WEIGHTS = {3, 7, 9, 10, 5, 8, 4, 2};
    private static final Pattern SHAPE = Pattern.compile("[0-9A-HJ-NPQRTUWXY]{18}");
    private static final Pattern SHAPE_WITH_LOOK_ALIKES = Pattern.compile("[0-9A-HJ-NPQRTUWXYIOSZ]{18}");

    /**
     * Checks shape and check character.
     *
     * @throws IllegalArgumentException if one of them is wrong; ask {@link #isValid} first
     */
    public CreditCode {
        if (!isValid(code)) {
            throw new IllegalArgumentException("not a unified social credit code");
        }
    }

    /** Whether the text has 18 places of the alphabet and the last fits; upper case only. */
    public static boolean isValid(String code) {
        return SHAPE.matcher(code).matches() && checkCharacter(code) == code.charAt(17);
    }

    /**
     * The check character of the first 17 places of a text.
     *
     * @throws IllegalArgumentException if it has fewer or one is not of the alphabet
     */
    public static char checkCharacter(String places) {
        if (places.length() < 17) {
            throw new IllegalArgumentException("expected 17 places");
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            int value = ALPHABET.indexOf(places.charAt(i));
            if (value < 0) {
                throw new IllegalArgumentException("a character that no credit code has");
            }
            sum += value * WEIGHTS[i];
        }
        return ALPHABET.charAt((31 - sum % 31) % 31);
    }

    /**
     * The code that was meant by a text of 18 places in which O, I, S or Z stand for the digits they look like.
     *
     * @return empty if the text holds none of these letters or the substitution does not pass the check
     */
    public static Optional<CreditCode> fromLookAlikes(String text) {
        if (!SHAPE_WITH_LOOK_ALIKES.matcher(text).matches()
                || SHAPE.matcher(text).matches()) {
            return Optional.empty();
        }
        String digits =
                text.replace('O', '0').replace('I', '1').replace('S', '5').replace('Z', '2');
        return isValid(digits) ? Optional.of(new CreditCode(digits)) : Optional.empty();
    }

    /** Masked, since a sole trader's code is personal: {@code 914301********GY99}. */
    @Override
    public String toString() {
        return code.substring(0, 6) + "********" + code.substring(14);
    }

    /** The nine places of the organization code. */
    public String organizationCode() {
        return code.substring(8, 17);
    }

    /** Whether the organization code's own check character fits; a wrong one is rare but seen, so it is no error. */
    public boolean organizationCheckFits() {
        return organizationCheck(code.substring(8, 16)) == code.charAt(16);
    }

    /**
     * The check character of eight places of an organization code.
     *
     * @throws IllegalArgumentException if there are not eight digits and upper-case letters
     */
    public static char organizationCheck(String eightPlaces) {
        if (!eightPlaces.matches("[0-9A-Z]{8}")) {
            throw new IllegalArgumentException("expected eight digits and upper-case letters");
        }
        int sum = 0;
        for (int i = 0; i < 8; i++) {
            sum += Character.digit(eightPlaces.charAt(i), 36) * ORGANIZATION_WEIGHTS[i];
        }
        int check = 11 - sum % 11;
        return check == 10 ? 'X' : check == 11 ? '0' : (char) ('0' + check);
    }
}

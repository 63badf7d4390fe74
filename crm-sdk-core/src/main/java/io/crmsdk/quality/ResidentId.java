package io.crmsdk.quality;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A resident identity number of mainland China: 18 places, of which the last is a check digit.
 *
 * <p>Six digits of division code, eight of birth date, three of sequence (odd for male, even for female), one check digit.
 * Whether the division code is in use is not asked, since numbers outlive divisions. Sensitive personal data:
 * {@link #toString()} shows division and last places only. Immutable.
 *
 * <p>Source: GB 11643-1999.
 *
 * @param number 18 places, the last possibly {@code X}
 */
public record ResidentId(String number) {
    private static final Pattern SHAPE = Pattern.compile("[1-9]\\d{16}[0-9X]");
    private static final Pattern OLD_SHAPE = Pattern.compile("[1-9]\\d{14}");
    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECKS = "10X98765432";

    /**
     * Checks shape, check digit and that the birth date exists.
     *
     * @throws IllegalArgumentException if one of them is wrong; ask {@link #isValid} first
     */
    public ResidentId {
        if (!isValid(number)) {
            throw new IllegalArgumentException("not a resident identity number");
        }
    }

    /** Whether shape and check digit fit and the birth date exists; upper-case {@code X} only. */
    public static boolean isValid(String number) {
        return hasShape(number) && checkDigitFits(number) && birthDate(number).isPresent();
    }

    /** Whether the text has 18 places of which the last is a digit or {@code X}. */
    public static boolean hasShape(String number) {
        return SHAPE.matcher(number).matches();
    }

    /** Whether the last of 18 places is the check digit of the others; false for any other shape. */
    public static boolean checkDigitFits(String number) {
        return hasShape(number) && checkDigit(number) == number.charAt(17);
    }

    /**
     * The check digit of the first 17 digits of a text.
     *
     * @throws IllegalArgumentException if it has fewer or they are not digits
     */
    public static char checkDigit(String digits) {
        if (digits.length() < 17 || !digits.substring(0, 17).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("expected 17 digits");
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += (digits.charAt(i) - '0') * WEIGHTS[i];
        }
        return CHECKS.charAt(sum % 11);
    }

    /**
     * The 18-place form of a 15-digit number issued before 1999: the century 19 and the check digit are derived, nothing
     * proves them.
     *
     * @return empty if the text is not 15 digits with a birth date that exists
     */
    public static Optional<ResidentId> fromOldForm(String fifteenDigits) {
        if (!OLD_SHAPE.matcher(fifteenDigits).matches()) {
            return Optional.empty();
        }
        String seventeen = fifteenDigits.substring(0, 6) + "19" + fifteenDigits.substring(6);
        String number = seventeen + checkDigit(seventeen);
        return birthDate(number).isPresent() ? Optional.of(new ResidentId(number)) : Optional.empty();
    }

    /** The date of birth. */
    public LocalDate birthDate() {
        return birthDate(number).orElseThrow();
    }

    /** Whether the sequence is odd, as it is for men. */
    public boolean isMale() {
        return (number.charAt(16) - '0') % 2 == 1;
    }

    /** The six digits of the division code at the time of issue. */
    public String divisionCode() {
        return number.substring(0, 6);
    }

    /** Masked: {@code 110105********002X}. */
    @Override
    public String toString() {
        return number.substring(0, 6) + "********" + number.substring(14);
    }

    private static Optional<LocalDate> birthDate(String number) {
        try {
            int year = Integer.parseInt(number.substring(6, 10));
            int month = Integer.parseInt(number.substring(10, 12));
            int day = Integer.parseInt(number.substring(12, 14));
            return year < 1800 ? Optional.empty() : Optional.of(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

package io.crmsdk.quality;

/** The stable codes of findings. Hosts' own rules may use further ones. */
public final class FindingCode {
    /** Characters that cannot be seen, or blanks around the value, were removed. */
    public static final String INVISIBLE = "INVISIBLE";
    /** Full-width and other compatibility characters were brought to their usual form. */
    public static final String WIDTH = "WIDTH";
    /** Another usual writing was brought to the canonical one. */
    public static final String FORM = "FORM";
    /** The text stands for "nothing", such as a dash. */
    public static final String PLACEHOLDER = "PLACEHOLDER";
    /** A formula failed; the cell holds its error. */
    public static final String FORMULA_ERROR = "FORMULA_ERROR";
    /** The text would run as a formula in a spreadsheet; it is kept as text and must be neutralised on export. */
    public static final String FORMULA_TEXT = "FORMULA_TEXT";
    /** Part of the value is hidden by asterisks; it must never overwrite a whole one. */
    public static final String MASKED = "MASKED";
    /** A number in exponent form: digits are lost, or provably complete. */
    public static final String EXPONENT = "EXPONENT";
    /** A decimal tail such as {@code .0} left by a spreadsheet. */
    public static final String DECIMAL_TAIL = "DECIMAL_TAIL";
    /** A spreadsheet kept 15 digits and made the rest zeros. */
    public static final String DIGITS_ZEROED = "DIGITS_ZEROED";
    /** Leading zeros were lost and restored, or might be missing. */
    public static final String LEADING_ZERO = "LEADING_ZERO";
    /** A number cell where text was to be expected; all digits are there. */
    public static final String NUMBER_CELL = "NUMBER_CELL";
    /** Letters that look like digits. */
    public static final String LETTER_FOR_DIGIT = "LETTER_FOR_DIGIT";
    /** Text of another kind stands around the value. */
    public static final String SURROUNDED = "SURROUNDED";
    /** Several values in one cell; the first was taken, the others are in {@link Judged#others()}. */
    public static final String MULTIPLE_VALUES = "MULTIPLE_VALUES";
    /** A right value for another field. */
    public static final String WRONG_FIELD = "WRONG_FIELD";
    /** The area code is missing. */
    public static final String AREA_CODE = "AREA_CODE";
    /** Consecutive rows count up by one; the originals are lost. */
    public static final String SERIES = "SERIES";
    /** The shape is right, but the numbering plan does not know it. */
    public static final String UNASSIGNED = "UNASSIGNED";
    /** Not a value of this kind. */
    public static final String INVALID = "INVALID";
    /** Too many or too few characters or digits. */
    public static final String LENGTH = "LENGTH";
    /** A check digit does not fit. */
    public static final String CHECKSUM = "CHECKSUM";
    /** An old form from which the new one was derived, or might be. */
    public static final String OLD_FORM = "OLD_FORM";
    /** A date that no calendar has. */
    public static final String IMPOSSIBLE_DATE = "IMPOSSIBLE_DATE";
    /** A date after the day of judging. */
    public static final String FUTURE = "FUTURE";
    /** A day count of a spreadsheet. */
    public static final String SERIAL_DATE = "SERIAL_DATE";
    /** Seconds or milliseconds since 1970. */
    public static final String EPOCH = "EPOCH";
    /** The year is missing or has two digits. */
    public static final String YEAR = "YEAR";
    /** Only a date where a moment is wanted. */
    public static final String DATE_PRECISION = "DATE_PRECISION";
    /** There are two or more readings and nothing decides between them. */
    public static final String AMBIGUOUS = "AMBIGUOUS";
    /** A local time that the zone skips or has twice, or 24:00. */
    public static final String LOCAL_TIME = "LOCAL_TIME";
    /** A word outside the known ones. */
    public static final String UNKNOWN_WORD = "UNKNOWN_WORD";
    /** Text decoded with the wrong encoding. */
    public static final String MOJIBAKE = "MOJIBAKE";
    /** Characters were lost when the text was encoded; question marks or U+FFFD stand for them. */
    public static final String CHARACTERS_LOST = "CHARACTERS_LOST";
    /** A form of address instead of, or behind, a name. */
    public static final String TITLE = "TITLE";
    /** A look that deserves a second one: mixed scripts, text direction tricks, private-use characters. */
    public static final String SUSPICIOUS = "SUSPICIOUS";
    /** A spreadsheet turned the value into a date. */
    public static final String TURNED_INTO_DATE = "TURNED_INTO_DATE";
    /** A value is required. */
    public static final String REQUIRED = "REQUIRED";
    /** A record in which none of the fields was that a mapping reads. */
    public static final String NO_FIELDS = "NO_FIELDS";
    /** The condition of the rule that would write the value does not hold. */
    public static final String CONDITION = "CONDITION";
    /** The value has not the required form. */
    public static final String FORMAT = "FORMAT";
    /** The value is none of the allowed ones. */
    public static final String NOT_ALLOWED = "NOT_ALLOWED";
    /** The value was seen before where it must be unique. */
    public static final String DUPLICATE = "DUPLICATE";

    private FindingCode() {}
}

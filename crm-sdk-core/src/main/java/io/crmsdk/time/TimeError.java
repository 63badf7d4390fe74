package io.crmsdk.time;

/** Why a time was refused; the name of each constant is the stable {@link TimeException#code()}. */
public enum TimeError {
    /** The value is absent, empty or blank. Empty is not the epoch. */
    MISSING,
    /** The value is not written as its convention says, or names a day or time that does not exist in any zone. */
    MALFORMED,
    /** The value is a local time and its convention demands an offset in the value. */
    NO_OFFSET,
    /** The convention has no zone, and the value cannot carry one. */
    NO_ZONE,
    /** There is no such zone. */
    UNKNOWN_ZONE,
    /** An abbreviation such as {@code CST}, which stands for several zones. */
    AMBIGUOUS_ZONE,
    /** The numeric offset is not one that the named zone had at that time. */
    INCONSISTENT_ZONE,
    /** The value carries an offset, and its convention says that it carries none. */
    UNEXPECTED_OFFSET,
    /** The local time was skipped when clocks went forward. */
    GAP,
    /** The local time happened twice when clocks went back. */
    OVERLAP,
    /** Day and month could be either way round, and no order was declared. */
    AMBIGUOUS_ORDER,
    /** The count of digits does not tell the unit. */
    AMBIGUOUS_UNIT,
    /** A day was given where a moment is needed. */
    DATE_ONLY,
    /** A time of day was given without its day. */
    NO_DATE,
    /** A day of zeros, as some databases write for "none". */
    ZERO_DATE,
    /** The 29 February 1900 that only spreadsheets know. */
    PHANTOM_DATE,
    /** A word such as {@code infinity} that stands for no particular time. */
    SENTINEL,
    /** Scientific notation: digits of the original number are gone. */
    PRECISION_LOST,
    /** A year outside 0001 to 9999, an offset beyond 14 hours, or a day count beyond both. */
    OUT_OF_RANGE,
    /** The day of the week does not belong to the date. */
    WEEKDAY_MISMATCH,
    /** A suffix that must not be ignored is not understood. */
    UNKNOWN_CRITICAL_TAG,
    /** The instant is outside the window in which the field's values can lie. */
    IMPLAUSIBLE,
    /** The declaration of a convention cannot be read. */
    BAD_CONVENTION,
    /** The convention can be read but not written, or not for this kind of value. */
    NOT_WRITABLE,
    /** A remote stamp is further ahead of our clock than is tolerated. */
    REMOTE_AHEAD,
    /** The kept high-water mark of a clock cannot be read or written. */
    MARK_UNAVAILABLE,
    /** A time server's answer failed validation, or none came. */
    PROBE_FAILED
}

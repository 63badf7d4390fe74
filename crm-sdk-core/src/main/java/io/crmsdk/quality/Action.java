package io.crmsdk.quality;

/** What was done about a finding, from harmless to severe: the most severe one of a cell is its outcome. */
public enum Action {
    /** The value was taken as it is; the finding is only a note. */
    KEEP,
    /** Another writing of the same value was brought to the usual one; there is only one reading. */
    REPAIR,
    /** A placeholder or blank was taken as no value. */
    EMPTY,
    /** The value was taken as it is, but somebody should look at it. */
    FLAG_KEEP,
    /** The likeliest reading was taken, marked as a guess. */
    REPAIR_FLAGGED,
    /** The value belongs to another field and was not taken for this one; {@link Finding#value()} is its form there. */
    MOVE,
    /** The value was refused; the raw text is kept in the finding. */
    REJECT
}

package io.crmsdk.erp.file;

/** What became of a row. */
public enum RowOutcome {
    /** Every value was taken as it stands. */
    ACCEPTED,
    /** Every value was taken; some were brought to their usual writing, which has one reading only. */
    REPAIRED,
    /** The record was taken, but somebody should look: a value was guessed, doubted or refused. */
    FLAGGED,
    /** No record was made of the row; the findings say why. */
    REJECTED,
    /** The row is no record: blank, a title, a header, a sum, a remark. */
    SKIPPED
}

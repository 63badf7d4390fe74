package io.crmsdk.erp.file;

/** What a row of a sheet is. Only {@link #DATA} rows hold a record. */
public enum RowKind {
    /** A record. */
    DATA,
    /** Nothing. */
    BLANK,
    /** Something above the header. */
    TITLE,
    /** The names of the columns. */
    HEADER,
    /** The names of the columns once more. */
    REPEATED_HEADER,
    /** A sum of some rows. */
    SUBTOTAL,
    /** A sum of all rows. */
    TOTAL,
    /** A remark for people. */
    REMARK,
    /** A record whose fields cannot be told apart for certain; its cells must not be used. */
    BROKEN
}

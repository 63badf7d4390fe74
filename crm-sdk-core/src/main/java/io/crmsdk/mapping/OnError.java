package io.crmsdk.mapping;

/** What becomes of a value that cannot be read; in every case a finding keeps the raw text. */
public enum OnError {
    /** The record is refused as a whole. */
    REJECT_RECORD,
    /** The field stays empty; the default. */
    REJECT_FIELD,
    /**
     * The text is kept where the target can hold it without claiming more: a phone as written but unread, a word as a
     * foreign one, an attribute as text.
     */
    KEEP_RAW
}

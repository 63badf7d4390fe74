package io.crmsdk.mapping;

/** What becomes of a text that is longer than the vendor's field. */
public enum TooLong {
    /** It is not written and a finding says so; the default. */
    REJECT,
    /** It continues in the rule's next vendor field. */
    SPLIT,
    /** It is cut, and a finding keeps what was cut off. */
    TRUNCATE_WITH_AUDIT
}

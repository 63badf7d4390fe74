package io.crmsdk.quality;

/** What a marketing column says. Only {@link #OPTED_OUT} is information that the consent ledger keeps from a column. */
public enum OptOut {
    /** The person said no. */
    OPTED_OUT,
    /** The column says that mail is accepted; no proof of a grant, and it never clears an opt-out. */
    NOT_OPTED_OUT,
    /** Blank or unclear: must not be mailed on the strength of this, and never clears an opt-out. */
    UNKNOWN
}

package io.crmsdk.followup;

/** What became of a question. */
public enum Answer {
    /** Somebody said yes, or gave what was asked for. */
    ANSWERED,
    /** Somebody said no. */
    REFUSED,
    /** Nobody said anything until the deadline; only the engine says this. */
    TIMED_OUT
}

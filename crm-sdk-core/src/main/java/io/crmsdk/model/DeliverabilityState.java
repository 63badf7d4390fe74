package io.crmsdk.model;

/** What is known about mail to an address. */
public enum DeliverabilityState {
    /** Nothing. */
    UNKNOWN,
    /** The last mail was taken. */
    OK,
    /** Mail fails for a reason that may pass. */
    SOFT_BOUNCING,
    /** Mail failed for good. */
    HARD_BOUNCED
}

package io.crmsdk.model;

/** What a contact point is for; foreign words stay foreign in {@link Coded}. */
public enum ContactUse {
    /** At work. */
    WORK,
    /** Private. */
    PRIVATE,
    /** For invoices and payment. */
    BILLING
}

package io.crmsdk.model;

/** What kind of claim a document states; foreign words stay foreign in {@link Coded}. */
public enum InvoiceType {
    /** The customer owes. */
    INVOICE,
    /** The customer is owed. */
    CREDIT_NOTE,
    /** The customer owes in addition. */
    DEBIT_NOTE,
    /** Asked in advance. */
    DOWN_PAYMENT
}

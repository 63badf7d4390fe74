package io.crmsdk.receivables;

/** What a document is. */
public enum DocumentKind {
    /** A customer's order. */
    ORDER,
    /** A claim or a credit note. */
    INVOICE,
    /** What settles claims: money, a credit note set off, a write-off. */
    PAYMENT
}

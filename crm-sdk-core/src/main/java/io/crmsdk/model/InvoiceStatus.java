package io.crmsdk.model;

/** Where an invoice stands as a document, not whether it is paid; foreign words stay foreign in {@link Coded}. */
public enum InvoiceStatus {
    /** Not yet a claim. */
    DRAFT,
    /** A claim in the books. */
    POSTED,
    /** Cancelled; no claim. */
    VOID
}

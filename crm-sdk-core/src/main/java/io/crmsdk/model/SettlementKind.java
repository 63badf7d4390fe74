package io.crmsdk.model;

/** What settles an invoice. */
public enum SettlementKind {
    /** Money. */
    PAYMENT,
    /** A credit note, set off against the invoice. */
    CREDIT_NOTE,
    /** Given up by us. */
    WRITE_OFF
}

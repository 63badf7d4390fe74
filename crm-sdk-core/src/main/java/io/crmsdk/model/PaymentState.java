package io.crmsdk.model;

/** How far an invoice or order is paid; always derived, never stored. */
public enum PaymentState {
    /** There is no posted claim: an order without one, or a draft. */
    NOT_INVOICED,
    /** Cancelled. */
    VOID,
    /** Settled by credit notes alone. */
    CREDITED,
    /** Nothing was applied. */
    UNPAID,
    /** Nothing was applied yet, but pending payments cover the gross amount. */
    IN_PAYMENT,
    /** Something was applied, but less than the gross amount. */
    PARTIAL,
    /** Exactly the gross amount was applied. */
    PAID,
    /** More than the gross amount was applied. */
    OVERPAID
}

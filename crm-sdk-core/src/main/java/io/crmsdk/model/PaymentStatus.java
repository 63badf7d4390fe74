package io.crmsdk.model;

/** Where a payment stands; only {@link #CLEARED} counts as paid. Foreign words stay foreign in {@link Coded}. */
public enum PaymentStatus {
    /** Announced, not yet with us. */
    PENDING,
    /** With us. */
    CLEARED,
    /** Never came. */
    FAILED,
    /** Came and was taken back. */
    REVERSED
}

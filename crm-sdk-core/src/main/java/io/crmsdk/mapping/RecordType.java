package io.crmsdk.mapping;

/** Which canonical record a mapping makes. */
public enum RecordType {
    /** {@link io.crmsdk.model.Customer}. */
    CUSTOMER,
    /** {@link io.crmsdk.model.SalesOrder}. */
    ORDER,
    /** {@link io.crmsdk.model.Invoice}. */
    INVOICE,
    /** {@link io.crmsdk.model.Payment}. */
    PAYMENT
}

package io.crmsdk.model;

/** Where an order stands; foreign words stay foreign in {@link Coded}. */
public enum OrderStatus {
    /** Not yet binding. */
    DRAFT,
    /** Binding. */
    CONFIRMED,
    /** Everything was delivered. */
    FULFILLED,
    /** Called off. */
    CANCELLED,
    /** Finished, nothing more happens. */
    CLOSED
}

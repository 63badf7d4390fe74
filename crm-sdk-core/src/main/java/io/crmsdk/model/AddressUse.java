package io.crmsdk.model;

/** What a postal address is for; foreign words stay foreign in {@link Coded}. */
public enum AddressUse {
    /** Invoices go there. */
    BILLING,
    /** Goods go there. */
    DELIVERY,
    /** Letters go there. */
    MAILING,
    /** The seat in the commercial register. */
    REGISTERED,
    /** A person lives there. */
    HOME
}

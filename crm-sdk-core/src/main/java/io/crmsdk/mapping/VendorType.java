package io.crmsdk.mapping;

/** What kind of value a vendor's field holds in JSON. */
public enum VendorType {
    /** A text. */
    TEXT,
    /** A whole number of any size; read and written as its exact digits. */
    INTEGER,
    /** A decimal number; read and written as its exact digits. */
    DECIMAL,
    /** A number whose digits the vendor does not keep; never a source of money. */
    DOUBLE,
    /** True or false. */
    BOOLEAN,
    /** A day, as text. */
    DATE,
    /** A moment, as text or count. */
    TIME
}

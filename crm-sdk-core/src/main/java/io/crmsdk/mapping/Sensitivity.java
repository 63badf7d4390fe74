package io.crmsdk.mapping;

/** How a field's values may be shown in traces and reports. */
public enum Sensitivity {
    /** Shown as they are, such as a status. */
    OPEN,
    /** Shown masked, such as a name or an address. */
    PERSONAL,
    /** Never shown, not even masked, such as an identity number. */
    SECRET
}

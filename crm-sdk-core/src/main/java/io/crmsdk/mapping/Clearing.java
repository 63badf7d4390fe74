package io.crmsdk.mapping;

/** How a vendor's field is emptied when our value is gone. */
public enum Clearing {
    /** By null; the default. */
    NULL,
    /** By an empty text. */
    BLANK,
    /** By {@code false}, as Odoo wants it for fields of every type. */
    FALSE,
    /** Not at all: the field keeps what it has. */
    OMIT
}

package io.crmsdk.mapping;

/** What an empty text or a null of the vendor says. */
public enum Absence {
    /** Nothing is known: as if the field were not there. */
    ABSENT,
    /** It is known that there is no value. */
    NULL
}

package io.crmsdk.mapping;

/** What a record says about one canonical field. */
public enum Presence {
    /** Nothing: the source did not mention it, or its value was refused. */
    ABSENT,
    /** That there is no value. */
    NULL,
    /** A value. */
    VALUE
}

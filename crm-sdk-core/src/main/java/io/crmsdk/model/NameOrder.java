package io.crmsdk.model;

/** Which part of a personal name comes first when it is written whole. */
public enum NameOrder {
    /** Given name first, as in English. */
    GIVEN_FIRST,
    /** Family name first, as in Chinese. */
    FAMILY_FIRST
}

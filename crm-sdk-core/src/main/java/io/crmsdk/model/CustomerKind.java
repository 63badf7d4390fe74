package io.crmsdk.model;

/** What a customer is. Persons and organizations are one type because some systems keep one table and some keep two. */
public enum CustomerKind {
    /** A natural person. */
    PERSON,
    /** A company, authority or other legal body. */
    ORGANIZATION,
    /** Several persons who act as one, such as a household. */
    GROUP
}

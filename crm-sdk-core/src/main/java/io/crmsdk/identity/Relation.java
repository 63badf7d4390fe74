package io.crmsdk.identity;

/** How two values of one field stand to each other. */
enum Relation {
    /** At least one is missing. */
    ABSENT,
    EQUAL,
    /** Equal but for a slip. */
    NEAR,
    DIFFERENT
}

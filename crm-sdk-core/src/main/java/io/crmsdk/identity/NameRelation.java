package io.crmsdk.identity;

/** What two names say about each other. A name never joins two records; it can keep them apart. */
enum NameRelation {
    /** Written the same, whatever order, case, width and accents. */
    SAME("same name"),
    /** The same but for a slip, an initial, a short form, or one is the other romanised. */
    COMPATIBLE("name written differently"),
    /** One is missing or a placeholder, or they cannot be compared. */
    UNKNOWN("names cannot be compared"),
    /** Two names of two people. */
    CONFLICT("different names");

    private final String words;

    NameRelation(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean agrees() {
        return this == SAME || this == COMPATIBLE;
    }
}

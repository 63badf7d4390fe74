package io.crmsdk.mapping;

/** Whose value stands when both sides changed a field; the sync engine obeys it. */
public enum OwnerPolicy {
    /** The vendor's system of record. */
    THEIRS,
    /** Our record. */
    OURS,
    /** Nobody's: a person decides. */
    MANUAL,
    /** The later one, if the clocks of both are proven; else a person decides. */
    NEWEST,
    /** Both: for tags and contact points. */
    UNION,
    /** The greater value. */
    MAX,
    /** The smaller value. */
    MIN
}

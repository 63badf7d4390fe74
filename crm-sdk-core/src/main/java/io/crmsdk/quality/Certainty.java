package io.crmsdk.quality;

/** How sure a finding is. */
public enum Certainty {
    /** The value cannot be what was meant, or is provably another writing of it. */
    CERTAIN,
    /** A rule fired, but a legal value may look like that. */
    SUSPECT
}

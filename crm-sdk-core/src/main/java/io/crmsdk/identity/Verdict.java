package io.crmsdk.identity;

/** What follows from the evidence of two records. */
public enum Verdict {
    /** They are the same customer: a strong key says so and nothing speaks against it. */
    LINK,
    /** They may be the same customer; a person should look. */
    REVIEW,
    /** Nothing calls them the same customer, or something says they are not. */
    DISTINCT
}

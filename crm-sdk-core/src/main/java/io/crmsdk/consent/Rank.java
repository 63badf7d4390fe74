package io.crmsdk.consent;

/** How well a grant is proven; each is stronger than the ones before it. */
public enum Rank {
    /** Somebody says so: an import, a field in a CRM, the status of a list. Clears nothing. */
    ASSERTED,
    /** The person filled in a form, without proof that the address is theirs. Clears nothing. */
    SUBMITTED,
    /** The person answered a challenge from the mailbox or from their own preference page. */
    CONFIRMED
}

package io.crmsdk.suppression;

/** Why an address gets no mail, weakest first; a stronger reason replaces a weaker one, never the other way. */
public enum SuppressionReason {
    /** Its owner reported a mail as unwanted. Stops marketing only; the consent ledger knows of it too, if there is one. */
    COMPLAINT,
    /** Mail to it failed again and again for passing reasons. */
    SOFT_BOUNCES,
    /** It was on a list that was imported, for example a provider's. */
    IMPORTED,
    /** A person put it aside. */
    STAFF,
    /** A server said that it does not exist. */
    HARD_BOUNCE;

    /** Tells whether only marketing is stopped, and not what the person is owed. */
    public boolean marketingOnly() {
        return this == COMPLAINT;
    }
}

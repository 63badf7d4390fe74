package io.crmsdk.model;

/** How a customer was found; foreign words stay foreign in {@link Coded}. */
public enum LeadSource {
    /** Through a web site. */
    WEBSITE,
    /** Recommended by somebody. */
    REFERRAL,
    /** At a fair or another event. */
    EVENT,
    /** Through advertising. */
    ADVERTISEMENT,
    /** Called without being asked. */
    COLD_CALL,
    /** Through a partner. */
    PARTNER,
    /** Came with a list. */
    IMPORT
}

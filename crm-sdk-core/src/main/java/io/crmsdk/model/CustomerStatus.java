package io.crmsdk.model;

/** Where a customer record stands; foreign words stay foreign in {@link Coded}. */
public enum CustomerStatus {
    /** In use. */
    ACTIVE,
    /** Kept, but not used any more. */
    INACTIVE,
    /** Business with it is stopped. */
    BLOCKED,
    /** Another record took its place, see {@link Customer#mergedInto()}. */
    MERGED,
    /** Deleted at its source. */
    DELETED,
    /** Personal data removed on request. */
    ERASED,
    /** Not stated. */
    UNKNOWN
}

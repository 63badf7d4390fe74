package io.crmsdk.sync;

/** Why a record was not brought over, by what has to happen next. */
public enum Cause {
    /** The record itself is not acceptable; somebody has to correct it. */
    DATA,
    /** Our account may not do this; somebody has to grant it. */
    PERMISSION,
    /** Somebody else changed it meanwhile; it is compared anew in the next plan. */
    CONFLICT,
    /** A limit of the service; it is tried again later. */
    LIMIT,
    /** The service is down or out of reach; it is tried again later. */
    DOWN,
    /** It is not known whether the service did it; it is looked up before anything else. */
    UNKNOWN,
    /** A connector broke its contract or failed in itself. */
    BUG;

    boolean isRetried() {
        return this != DATA && this != PERMISSION;
    }
}

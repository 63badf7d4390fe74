package io.crmsdk.sync;

/** The words of the action table. */
final class Actions {
    static final String CREATE = "CREATE";
    static final String UPDATE = "UPDATE";
    static final String ARCHIVE = "ARCHIVE";

    /** Nothing went out. */
    static final String PLANNED = "PLANNED";
    /** It may have gone out. */
    static final String INTENT = "INTENT";
    /** It is done and recorded. */
    static final String DONE = "DONE";
    /** It is a dead letter. */
    static final String FAILED = "FAILED";
    /** It no longer fits; the next plan looks again. */
    static final String STALE = "STALE";

    private Actions() {}
}

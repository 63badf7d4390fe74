package io.crmsdk.model;

/** How far the relation with a customer has come; foreign words stay foreign in {@link Coded}. */
public enum LifecycleStage {
    /** Somebody who may be interested; not qualified. */
    LEAD,
    /** Qualified, has not bought. */
    PROSPECT,
    /** Has bought. */
    CUSTOMER,
    /** Has bought, but does no longer. */
    FORMER
}

package io.crmsdk.delivery;

/** Whether somebody who sends a delivery again has thought of the recipient who already holds it. */
public enum CopyRisk {
    /** Only what surely did not leave is sent again; anything in doubt is refused. */
    NONE,
    /** What is in doubt is sent again, too: somebody has decided that two copies are better than none. */
    ACCEPTED
}

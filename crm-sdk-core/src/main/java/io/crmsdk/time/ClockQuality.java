package io.crmsdk.time;

/** How far the time of a {@link Reading} can be trusted. */
public enum ClockQuality {
    /** An outside source confirmed the host's clock to within the tolerance, less than an hour ago. */
    SYNCED,
    /** Nobody contradicted the host's clock, and nobody confirmed it. */
    UNCHECKED,
    /** The host's clock stepped less than a minute ago, or stamps still creep or wait because of a step. */
    STEPPED,
    /** The host's clock is contradicted: by an outside source, or by the mark of an earlier run. */
    SUSPECT
}

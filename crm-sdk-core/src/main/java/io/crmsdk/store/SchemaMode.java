package io.crmsdk.store;

/** Who brings the schema up to date. */
public enum SchemaMode {
    /** The store applies what is missing when it opens, once, however many processes start. The default. */
    APPLY,
    /** The store only compares, and refuses to open if a script is missing; for hosts that apply by hand or by a job. */
    VERIFY,
    /**
     * The host's own tool (Flyway, Liquibase) applies the scripts under {@code db/crmsdk} and keeps its own books; the store
     * only looks whether every table of the scripts is there.
     */
    HOST
}

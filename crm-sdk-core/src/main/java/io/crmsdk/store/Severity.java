package io.crmsdk.store;

/** How much a {@link StoreFinding} matters. */
public enum Severity {
    /** Good to know. */
    NOTE,
    /** It works now and will hurt one day: after a loss of power, under load, when the disk is full. */
    WARNING,
    /** What was acknowledged can be lost, changed or refused as things are now. */
    DANGER
}

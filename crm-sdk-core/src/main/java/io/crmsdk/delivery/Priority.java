package io.crmsdk.delivery;

/** The lane a message waits in. Every claim takes from each lane, so no lane starves another. */
public enum Priority {
    /** Before everything else that is due; the default of transactional messages. */
    HIGH,
    /** The default of marketing messages. */
    NORMAL,
    /** When nothing else is due, but never less than a small share. */
    LOW
}

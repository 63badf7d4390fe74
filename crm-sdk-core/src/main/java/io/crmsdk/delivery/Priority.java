package io.crmsdk.delivery;

/** The lane a message waits in. Every claim takes from each lane, so no lane starves another. */
public enum Priority {
    /** Before everything else that is due; the default of transactional messages. */
    HIGH(0),
    /** The default of marketing messages. */
    NORMAL(1),
    /** When nothing else is due, but never less than a small share. */
    LOW(2);

    private final int lane;

    Priority(int lane) {
        this.lane = lane;
    }

    /** As stored; lower goes first. */
    int lane() {
        return lane;
    }
}

package io.crmsdk.campaign;

/** Where a campaign stands. */
public enum CampaignState {
    /** The audience is being written down; a process that dies here leaves a campaign that can only be discarded. */
    GATHERING,
    /** Something about the audience is unexpected: a person must look and approve it. */
    HELD,
    /** Nothing stands against it; it waits to be run. */
    READY,
    /** Messages are being queued and sent. */
    RUNNING,
    /** Stopped for a while: what had not left was taken back. */
    PAUSED,
    /** Every member was handed to the outbox, and none of them is open any more. */
    FINISHED,
    /** Given up: what had not left was withdrawn. */
    CANCELLED;

    /** Tells whether nothing more will happen. */
    public boolean isFinal() {
        return this == FINISHED || this == CANCELLED;
    }
}

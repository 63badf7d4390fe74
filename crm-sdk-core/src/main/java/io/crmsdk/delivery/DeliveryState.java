package io.crmsdk.delivery;

/**
 * Where one message to one recipient stands. Each word claims exactly what its evidence shows.
 *
 * <p>{@link #ACCEPTED} and {@link #DELIVERED} exist only with {@link Evidence}; {@link #FAILED} means that no server took
 * the message; everything in between is {@link #UNCONFIRMED}.
 */
public enum DeliveryState {
    /** Stored and due; no attempt is in its window. */
    QUEUED(false),
    /** Stored, due at a later instant that the sender stated. */
    SCHEDULED(false),
    /** Stored behind others of its {@linkplain Message#orderingKey() ordering key}; due once nothing before it is open. */
    WAITING(false),
    /** A worker has durably declared that the message is about to leave; the answer is not recorded yet. */
    SENDING(false),
    /** The last attempt surely did not hand the message over; it will be tried again at a known time. */
    DEFERRED(false),
    /** The next server said yes; its answer is kept as evidence. Says nothing about the mailbox. */
    ACCEPTED(true),
    /** A confirmation from the far end says that it arrived. */
    DELIVERED(true),
    /** A server that had taken the message, or one behind it, reported that it could not deliver. */
    BOUNCED(true),
    /** The recipient reported it as unwanted. */
    COMPLAINED(true),
    /**
     * It may or may not have been taken: an attempt broke between the last byte and the recorded answer. Not final:
     * either a repeat is planned, or it is held until someone settles it.
     */
    UNCONFIRMED(false),
    /** Surely not taken by any server, and not tried again; the cause is kept. */
    FAILED(true),
    /** Withdrawn by the sender before it left. */
    CANCELLED(true),
    /** Not sent because the recipient did not consent, or because the address is suppressed. */
    SUPPRESSED(true),
    /** Not sent because its expiry passed. */
    EXPIRED(true),
    /** Set aside for a person: handling it failed again and again in a way that no retry mends. */
    DEAD(true);

    private final boolean terminal;

    DeliveryState(boolean terminal) {
        this.terminal = terminal;
    }

    /** True when no worker will touch the delivery again by itself; later confirmations may still refine it. */
    public boolean isFinal() {
        return terminal;
    }
}

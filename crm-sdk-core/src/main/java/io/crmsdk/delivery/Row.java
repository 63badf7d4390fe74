package io.crmsdk.delivery;

import org.jspecify.annotations.Nullable;

/** A delivery that this node has claimed: what the claim returned, and the lease as this node may still believe in it. */
final class Row {
    final String deliveryId;
    final long fence;
    final int attempt;
    final int doubts;
    final int stumbles;
    final DeliveryState stateBefore;
    final String messageId;
    final String recipient;
    final long bornUs;
    private final int attemptsBefore;

    private int repeats;
    private boolean lost;
    private String basis = "";

    Row(Claimed claimed, String messageId, String recipient, long bornUs) {
        this(claimed, messageId, recipient, bornUs, 0);
    }

    Row(Claimed claimed, String messageId, String recipient, long bornUs, int attemptsBefore) {
        this.attemptsBefore = attemptsBefore;
        this.deliveryId = claimed.deliveryId();
        this.fence = claimed.fence();
        this.attempt = claimed.attempts();
        this.doubts = claimed.doubts();
        this.repeats = claimed.repeats();
        this.stumbles = claimed.stumbles();
        this.stateBefore = claimed.state();
        this.messageId = messageId;
        this.recipient = recipient;
        this.bornUs = bornUs;
    }

    /** The number of this attempt since somebody last sent the delivery again; what limits and waits count. */
    int tries() {
        return attempt - attemptsBefore;
    }

    /** How many windows have begun after a doubt. */
    synchronized int repeats() {
        return repeats;
    }

    /** Its mark has been committed: a window after a doubt is a repeat. */
    synchronized void countRepeat() {
        repeats += doubts > 0 ? 1 : 0;
    }

    /** Notes what the consent ledger said when it let this recipient be addressed. */
    synchronized void restOn(String consent) {
        basis = consent;
    }

    /** What the consent ledger said last; empty if it was not asked. */
    synchronized String basis() {
        return basis;
    }

    /** The fence has moved on. */
    synchronized void lose() {
        lost = true;
    }

    synchronized boolean isLost() {
        return lost;
    }

    /**
     * A queue row as a claim found it, with the fence and attempt number that the claim gave it.
     *
     * @param state the state before the claim
     * @param previousOwner who held it before without having given it back, or null
     * @param begunUs when the window of the claim before began, or null if none had
     */
    record Claimed(
            String deliveryId,
            long fence,
            DeliveryState state,
            @Nullable String previousOwner,
            int attempts,
            int doubts,
            int repeats,
            int stumbles,
            int crashes,
            @Nullable Long begunUs) {}
}

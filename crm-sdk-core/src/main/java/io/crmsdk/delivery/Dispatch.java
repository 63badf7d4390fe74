package io.crmsdk.delivery;

import java.util.List;

/**
 * One attempt to hand one message to some of its recipients, as given to a {@link Channel}.
 *
 * <p>Used by the one thread that called {@link Channel#send}; valid until that call returns.
 */
public interface Dispatch {
    /** The message as it was enqueued. Its content is the same at every attempt, so are the ids in it. */
    Message message();

    /** The message's stable id, the same at every attempt and for every recipient. */
    String messageId();

    /** The number of this attempt for the first of the recipients, from 1. */
    int attempt();

    /** Who is to be addressed: those without a recorded outcome, in the message's order. */
    List<DispatchRecipient> recipients();

    /**
     * Looks again at consent, expiry and lease, and gives those who may be addressed now; the others have been recorded
     * as suppressed or expired and have left {@link #recipients()}.
     *
     * <p>The worker did this just before {@link Channel#send}. A channel that has waited since then (for a connection, for
     * a slow peer) calls it again right before the first byte that names a recipient.
     *
     * @return the recipients who remain, possibly none; then the channel returns without addressing anybody
     * @throws LeaseLostException if the attempt no longer belongs to this worker; nothing may be sent
     */
    List<DispatchRecipient> recheck();

    /**
     * Durably declares that the message is about to leave to all {@link #recipients()}; returns once that is committed.
     *
     * <p>To be called right before the first byte after which the server may take the message: before the final dot of
     * SMTP's DATA, before the last byte of an HTTP request. Consent, expiry and lease are checked again in the same
     * transaction. If it throws, the channel must not send that byte, and lets the exception pass after having broken off
     * its exchange. An attempt that ends without this call is surely not sent; one that ends after it without a recorded
     * outcome is unconfirmed. Called again after it returned, it does nothing.
     *
     * @throws LeaseLostException if the attempt no longer belongs to this worker, too little of its lease is left, or the
     *     mark could not be committed
     * @throws RecipientWithdrawnException if a recipient may no longer be addressed; the rest is tried again at once
     */
    void beginWindow();

    /**
     * Records the outcome for one recipient. It is written together with its evidence; should the database fail, it is
     * kept and written again. Only the first outcome of a recipient counts. A refusal or deferral before
     * {@link #beginWindow()} takes the recipient out of {@link #recipients()}, so that the window is declared for those
     * who remain.
     *
     * @throws IllegalArgumentException if the recipient is not of this dispatch
     * @throws IllegalStateException if the outcome is {@link Outcome.Accepted} or {@link Outcome.Unconfirmed} and the
     *     window was never begun: that is an error of the channel
     */
    void record(DispatchRecipient recipient, Outcome outcome);
}

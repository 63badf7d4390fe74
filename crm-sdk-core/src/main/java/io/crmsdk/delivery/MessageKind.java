package io.crmsdk.delivery;

/** Why a message is sent; decides the consent gate, the lane and what happens after doubt. */
public enum MessageKind {
    /**
     * Advertising. Passes the consent gate at every attempt, just before the wire; after an unconfirmed attempt it is
     * held, because a second copy is worse than a late one.
     */
    MARKETING,

    /**
     * Owed to the person: receipts, password resets, reminders they asked for. Not gated by marketing consent; after an
     * unconfirmed attempt it is repeated once, with the same ids, and counted as a possible duplicate.
     */
    TRANSACTIONAL
}

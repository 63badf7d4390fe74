package io.crmsdk.delivery;

/**
 * What becomes of those who wait when the first of their {@linkplain Message#orderingKey() ordering key} can go no further by itself:
 * it is {@link DeliveryState#DEAD}, or {@link DeliveryState#UNCONFIRMED} with no repeat planned.
 *
 * <p>A first one that is refused, expired, suppressed or cancelled is over and never holds anybody; one that will be tried again always
 * does.
 */
public enum OrderingPolicy {
    /**
     * It holds its followers until a person replays, cancels or settles it. For messages of which a later one is wrong without
     * the earlier.
     */
    HOLD,
    /**
     * It is set aside and its followers go on. Settled later as not sent, it goes to the end of the line. For messages of which each is
     * worth having without the others.
     */
    SKIP_DEAD
}

package io.crmsdk.quality;

/** What "yes" means in a marketing column; it comes from the column's header and is stated, never guessed from values. */
public enum Polarity {
    /** Columns such as {@code 是否退订} or "unsubscribed": yes is a no to mail. */
    YES_MEANS_OPTED_OUT,
    /** Columns such as {@code 是否接收营销} or "newsletter": yes is a yes to mail. */
    YES_MEANS_SUBSCRIBED
}

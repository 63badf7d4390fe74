package io.crmsdk.mail.list;

/** How an address stands on a list, in the words that all tools share. */
enum Standing {
    /** Campaigns to the list reach it. */
    SUBSCRIBED,
    /** It left this list. */
    UNSUBSCRIBED,
    /** The tool sends it no campaign at all, since the person or somebody for them said so. */
    BLOCKED,
    /** The tool sends it no campaign at all; a closer look tells why. */
    BLOCKED_UNEXPLAINED,
    /** The tool sends it no campaign at all, since its mails came back. */
    BOUNCED,
    /** It was asked to confirm and has not. */
    PENDING,
    /** The tool knows it, but not on this list. */
    UNLISTED,
    /** Anything else, which is left alone. */
    OTHER;

    /** Whether the tool positively says that somebody said no. */
    boolean isNo() {
        return this == UNSUBSCRIBED || this == BLOCKED;
    }

    /** Whether mails may come of it, now or when an old link is clicked. */
    boolean isMailable() {
        return this == SUBSCRIBED || this == PENDING;
    }
}

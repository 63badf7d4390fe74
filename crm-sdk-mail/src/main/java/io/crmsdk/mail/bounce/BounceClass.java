package io.crmsdk.mail.bounce;

import java.util.Locale;

/** What a report about one recipient means for later mail to it. */
public enum BounceClass {
    /** The address does not exist or takes no mail: no more mail to it. */
    HARD,
    /** Something passes that need not stay so: a full mailbox, a network, a server. */
    SOFT,
    /** The other side does not want this sender, network or kind of mail; the address may be good. */
    POLICY,
    /** This mail itself was refused, for its size, form or attachment; the address may be good. */
    CONTENT,
    /** Refused for a reason that is not told. */
    UNKNOWN,
    /** Reported as unwanted. */
    COMPLAINT,
    /** Asked to be taken off. */
    UNSUBSCRIBED,
    /** Answered by a program. */
    AUTO_REPLY,
    /** Delivered, or handed on to where no report comes from. */
    DELIVERED,
    /** Failed authentication somewhere. */
    AUTH_FAILURE,
    /** A complaint was taken back. */
    NOT_SPAM;

    /** Returns the word of machine output: lower case, with hyphens ({@code "auto-reply"}). */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

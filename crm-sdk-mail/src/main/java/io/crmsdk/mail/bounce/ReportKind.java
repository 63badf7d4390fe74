package io.crmsdk.mail.bounce;

import java.util.Locale;

/** What a mail that came back is. */
public enum ReportKind {
    /** At least one recipient was given up: the mail will not arrive there. */
    FAILED,
    /** The mail waits in some queue, which goes on trying. */
    DELAYED,
    /** The mail was delivered, handed on to a system that does not report ("relayed") or to a list ("expanded"). */
    DELIVERED,
    /** The recipient reported the mail as unwanted (RFC 5965, types abuse, fraud, virus and other). */
    COMPLAINT,
    /** The recipient asked its provider to be taken off (RFC 5965, type opt-out): a wish to leave. */
    OPT_OUT,
    /** A mail failed authentication somewhere (RFC 6591): nobody complained, nobody is to be suppressed. */
    AUTH_FAILURE_REPORT,
    /** A recipient took a complaint back (RFC 5965, type not-spam). */
    NOT_SPAM,
    /** A receipt: somebody's program displayed, deleted or dispatched the mail (RFC 8098). */
    MDN,
    /** A vacation notice or the like: the mail arrived, and nobody is to be suppressed (RFC 3834). */
    AUTO_REPLY,
    /** A mail to the address of {@code List-Unsubscribe}: a wish to leave. */
    UNSUBSCRIBE_REQUEST,
    /** None of these: an ordinary mail, a report about other things, or something that cannot be read. */
    NONE;

    /** Returns the word of machine output: lower case, with hyphens ({@code "auth-failure-report"}). */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

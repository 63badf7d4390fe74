package io.crmsdk.mail.smtp;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a refusal really refuses: this message or recipient for good, for now, or the sender of all messages.
 *
 * <p>The first digit decides, except where practice has taught otherwise: some servers say 550 when they mean "too fast",
 * and a 550 because of our address block says nothing about the recipient who happened to be next.
 */
final class Verdicts {
    /** Whom a negative reply concerns. */
    enum Verdict {
        /** This message or recipient, and trying again cannot help. */
        PERMANENT,
        /** Worth another try. */
        TEMPORARY,
        /** Everything we send there, until somebody changes the configuration or a block is lifted. */
        DESTINATION
    }

    /** 5xx with these texts is a speed limit (large mailbox providers answer 550 5.7.1 or 554 so). */
    private static final Pattern TOO_FAST = Pattern.compile(
            "rate[- ]?limit|too many (?:messages|mails|emails|connections|recipients|requests|concurrent)|"
                    + "(?:hourly|daily|sending|message) (?:limit|quota)|unusual rate|throttl|try(?: again)? later|"
                    + "temporar(?:y|ily)|greylist|frequency (?:limited|exceeded)|频率|稍后",
            Pattern.CASE_INSENSITIVE);

    /** 5xx with these texts means our host, login or address block, not the recipient. */
    private static final Pattern OURSELVES = Pattern.compile(
            "relay(?:ing)?(?: access)? (?:is )?(?:not permitted|denied|not allowed|prohibited)|unable to relay|"
                    + "not (?:permitted|allowed|authorized|authorised) to relay|"
                    + "(?:client host|helo command|sender address) rejected|authentication (?:is )?required|must (?:first )?(?:authenticate|issue a starttls)|"
                    + "blocked (?:using|by|for)|block(?:ed)? ?list|blacklist|\\b(?:dns|r)bl\\b|spamhaus|spamcop|barracuda|"
                    + "(?:ip|host|client|network|sender host)\\S* (?:\\S+ )?(?:is )?(?:blocked|banned|listed)|"
                    + "poor reputation|bad reputation|no (?:ptr|reverse dns)",
            Pattern.CASE_INSENSITIVE);

    /** With 5.7.x this is what a server says to whom it does not know; with 5.4.1 and others, of a recipient it has not. */
    private static final String DENIED = "access denied";

    /** Authentication required, refused, weak; must use STARTTLS. */
    private static final Set<Integer> OF_THE_SESSION = Set.of(530, 534, 535, 538);

    private Verdicts() {}

    /** For a reply to RCPT. */
    static Verdict onRecipient(Reply reply) {
        if (!reply.isPermanent()) {
            return Verdict.TEMPORARY;
        }
        // RFC 5321 §4.5.3.1.10: a 552 here means "too many recipients" and counts as 452, unless it names the mailbox.
        boolean tooMany = reply.code() == 552
                && (reply.enhanced() == null || reply.enhanced().equals("5.5.3"))
                && !reply.text().toLowerCase(Locale.ROOT).contains("mailbox");
        return tooMany || reply.code() == 503 ? Verdict.TEMPORARY : permanent(reply);
    }

    /** For a reply to MAIL: it concerns the sender or the configuration, unless it is about the message's size. */
    static Verdict onSender(Reply reply) {
        if (!reply.isPermanent()) {
            return Verdict.TEMPORARY;
        }
        return reply.code() == 552 || "5.3.4".equals(reply.enhanced()) ? Verdict.PERMANENT : Verdict.DESTINATION;
    }

    /** For a reply to DATA or to the message itself. */
    static Verdict onMessage(Reply reply) {
        return reply.isPermanent() && reply.code() != 503 ? permanent(reply) : Verdict.TEMPORARY;
    }

    private static Verdict permanent(Reply reply) {
        if (OF_THE_SESSION.contains(reply.code())
                || isUnauthorized(reply)
                || OURSELVES.matcher(reply.text()).find()) {
            return Verdict.DESTINATION;
        }
        return TOO_FAST.matcher(reply.text()).find() ? Verdict.TEMPORARY : Verdict.PERMANENT;
    }

    private static boolean isUnauthorized(Reply reply) {
        String enhanced = reply.enhanced();
        return enhanced != null
                && enhanced.startsWith("5.7.")
                && reply.text().toLowerCase(Locale.ROOT).contains(DENIED);
    }
}

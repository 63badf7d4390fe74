package io.crmsdk.mail.bounce;

import static io.crmsdk.mail.bounce.BounceReason.AUTH_FAILURE;
import static io.crmsdk.mail.bounce.BounceReason.BAD_REPUTATION;
import static io.crmsdk.mail.bounce.BounceReason.BLOCKED;
import static io.crmsdk.mail.bounce.BounceReason.CONTENT_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.EXCEED_LIMIT;
import static io.crmsdk.mail.bounce.BounceReason.EXPIRED;
import static io.crmsdk.mail.bounce.BounceReason.FILTERED;
import static io.crmsdk.mail.bounce.BounceReason.HAS_MOVED;
import static io.crmsdk.mail.bounce.BounceReason.HOST_UNKNOWN;
import static io.crmsdk.mail.bounce.BounceReason.MAILBOX_FULL;
import static io.crmsdk.mail.bounce.BounceReason.MAILER_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.MESSAGE_TOO_BIG;
import static io.crmsdk.mail.bounce.BounceReason.NETWORK_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.NOT_ACCEPT;
import static io.crmsdk.mail.bounce.BounceReason.NOT_COMPLIANT_RFC;
import static io.crmsdk.mail.bounce.BounceReason.NO_RELAYING;
import static io.crmsdk.mail.bounce.BounceReason.ON_HOLD;
import static io.crmsdk.mail.bounce.BounceReason.POLICY_VIOLATION;
import static io.crmsdk.mail.bounce.BounceReason.REJECTED;
import static io.crmsdk.mail.bounce.BounceReason.REQUIRE_PTR;
import static io.crmsdk.mail.bounce.BounceReason.SECURITY_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.SPAM_DETECTED;
import static io.crmsdk.mail.bounce.BounceReason.SPEEDING;
import static io.crmsdk.mail.bounce.BounceReason.SUSPEND;
import static io.crmsdk.mail.bounce.BounceReason.SYNTAX_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.SYSTEM_ERROR;
import static io.crmsdk.mail.bounce.BounceReason.SYSTEM_FULL;
import static io.crmsdk.mail.bounce.BounceReason.TOO_MANY_CONNECTIONS;
import static io.crmsdk.mail.bounce.BounceReason.UNDEFINED;
import static io.crmsdk.mail.bounce.BounceReason.USER_UNKNOWN;
import static io.crmsdk.mail.bounce.BounceReason.VIRUS_DETECTED;

import io.crmsdk.mail.bounce.ReasonRules.Meaning;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Judges why a recipient was refused. The words of the server go before its codes: many servers give 5.1.1 or 5.7.1 for
 * everything. Which reason is asked before which follows Sisimai, whose expectations on real bounces are the common ground of
 * readers of bounces.
 */
final class ReasonFinder {
    private static final List<BounceReason> FIRST = List.of(
            MAILBOX_FULL,
            MESSAGE_TOO_BIG,
            EXCEED_LIMIT,
            SUSPEND,
            HAS_MOVED,
            NO_RELAYING,
            AUTH_FAILURE,
            USER_UNKNOWN,
            FILTERED,
            REQUIRE_PTR,
            NOT_COMPLIANT_RFC,
            BAD_REPUTATION,
            REJECTED,
            HOST_UNKNOWN,
            SPAM_DETECTED,
            SPEEDING,
            TOO_MANY_CONNECTIONS,
            BLOCKED);
    private static final List<BounceReason> THEN = List.of(
            MAILBOX_FULL,
            AUTH_FAILURE,
            BAD_REPUTATION,
            SPEEDING,
            SPAM_DETECTED,
            VIRUS_DETECTED,
            POLICY_VIOLATION,
            NO_RELAYING,
            SYSTEM_ERROR,
            NETWORK_ERROR,
            SUSPEND,
            CONTENT_ERROR,
            SYSTEM_FULL,
            NOT_ACCEPT,
            EXPIRED,
            SECURITY_ERROR,
            MAILER_ERROR);
    private static final List<BounceReason> SURELY = List.of(
            MAILBOX_FULL,
            MESSAGE_TOO_BIG,
            EXCEED_LIMIT,
            SYSTEM_FULL,
            FILTERED,
            CONTENT_ERROR,
            VIRUS_DETECTED,
            SPAM_DETECTED,
            NO_RELAYING,
            SYNTAX_ERROR,
            ON_HOLD,
            REJECTED,
            TOO_MANY_CONNECTIONS,
            NOT_ACCEPT);
    private static final List<BounceReason> BEFORE_USER_UNKNOWN =
            List.of(NO_RELAYING, BLOCKED, MAILBOX_FULL, HAS_MOVED, REJECTED, NOT_ACCEPT);
    private static final List<BounceReason> IN_DOUBT =
            List.of(ON_HOLD, SYSTEM_ERROR, SECURITY_ERROR, EXPIRED, SUSPEND, NETWORK_ERROR, HOST_UNKNOWN, USER_UNKNOWN);

    private final ReasonRules rules;

    ReasonFinder(ReasonRules rules) {
        this.rules = rules;
    }

    /**
     * What is known of a refusal.
     *
     * @param words of the server
     * @param bySmtp false if a program that is no SMTP server speaks (Diagnostic-Code of type X-UNIX and the like)
     * @param host that spoke, in lower case; empty if unknown
     * @param domain of the recipient, in lower case
     */
    record Refusal(
            String words,
            boolean bySmtp,
            boolean byProgram,
            String status,
            String reply,
            SmtpStep step,
            String action,
            String host,
            String domain) {
        Refusal withWords(String others) {
            return new Refusal(others, bySmtp, byProgram, status, reply, step, action, host, domain);
        }
    }

    BounceReason find(Refusal refusal) {
        String words = refusal.words().toLowerCase(Locale.ROOT);
        Meaning meaning = rules.meaning(words, refusal.host(), refusal.domain(), refusal.status(), refusal.reply());
        if (meaning.ofHost() != null) {
            return meaning.ofHost();
        }
        for (BounceReason reason : SURELY) {
            if (meaning.sure().contains(reason)) {
                return reason;
            }
        }
        BounceReason byStatus = StatusReasons.of(refusal.status());
        if (refusal.bySmtp()) {
            for (BounceReason reason : FIRST) {
                if (is(reason, refusal, meaning, byStatus)) {
                    return reason;
                }
            }
        }
        for (BounceReason reason : List.of(USER_UNKNOWN, HOST_UNKNOWN)) {
            if (meaning.sure().contains(reason)) {
                return reason;
            }
        }
        BounceReason other = otherwise(refusal, meaning, byStatus);
        if (other != null) {
            return other;
        }
        if (refusal.action().equals("delayed")) {
            return EXPIRED;
        }
        return words.isBlank() ? UNDEFINED : ON_HOLD;
    }

    private static boolean is(BounceReason reason, Refusal refusal, Meaning meaning, @Nullable BounceReason byStatus) {
        SmtpStep step = refusal.step();
        boolean beforeData = step != SmtpStep.DATA && step != SmtpStep.UNKNOWN;
        boolean coded = !refusal.status().isEmpty();
        return switch (reason) {
            case MAILBOX_FULL, EXCEED_LIMIT -> coded && (byStatus == reason || meaning.is(reason));
            case MESSAGE_TOO_BIG -> byStatus == reason || byStatus != EXCEED_LIMIT && meaning.is(reason);
            case SUSPEND -> coded && (refusal.reply().equals("525") || meaning.is(reason));
            case HAS_MOVED, NOT_COMPLIANT_RFC, BAD_REPUTATION -> meaning.is(reason);
            case NO_RELAYING -> step != SmtpStep.CONNECT && step != SmtpStep.HELO && meaning.is(reason);
            case AUTH_FAILURE, REQUIRE_PTR, TOO_MANY_CONNECTIONS, BLOCKED -> byStatus == reason || meaning.is(reason);
            case USER_UNKNOWN -> isUserUnknown(refusal, meaning, byStatus);
            case FILTERED ->
                byStatus != SUSPEND
                        && byStatus != HOST_UNKNOWN
                        && (byStatus == FILTERED || !beforeData)
                        && (meaning.is(USER_UNKNOWN) || meaning.is(FILTERED));
            case REJECTED -> isRejected(refusal, meaning, byStatus);
            case HOST_UNKNOWN ->
                meaning.sure().contains(HOST_UNKNOWN)
                        || (byStatus == HOST_UNKNOWN ? !meaning.is(NETWORK_ERROR) : meaning.is(HOST_UNKNOWN));
            case SPAM_DETECTED -> coded && (byStatus == SPAM_DETECTED || !beforeData && meaning.is(SPAM_DETECTED));
            case SPEEDING -> coded && meaning.is(reason);
            default -> false;
        };
    }

    private static boolean isUserUnknown(Refusal refusal, Meaning meaning, @Nullable BounceReason byStatus) {
        if (meaning.sure().contains(USER_UNKNOWN)) {
            return true;
        }
        if (byStatus == SUSPEND) {
            return false;
        }
        if (byStatus == USER_UNKNOWN) {
            return BEFORE_USER_UNKNOWN.stream().noneMatch(meaning::is);
        }
        return refusal.step() == SmtpStep.RCPT && meaning.is(USER_UNKNOWN);
    }

    private static boolean isRejected(Refusal refusal, Meaning meaning, @Nullable BounceReason byStatus) {
        if (byStatus == REJECTED) {
            return true;
        }
        boolean asked = switch (refusal.step()) {
            case MAIL -> true;
            case DATA -> byStatus != USER_UNKNOWN;
            default -> byStatus == null || byStatus == SECURITY_ERROR || byStatus == SYSTEM_ERROR;
        };
        return asked && meaning.is(REJECTED);
    }

    private static @Nullable BounceReason otherwise(Refusal refusal, Meaning meaning, @Nullable BounceReason byStatus) {
        if (byStatus != null && refusal.bySmtp() && !IN_DOUBT.contains(byStatus)) {
            return byStatus;
        }
        for (BounceReason reason : THEN) {
            if (meaning.is(reason)) {
                return reason;
            }
        }
        if (byStatus != null) {
            return byStatus;
        }
        String status = refusal.status();
        if (status.startsWith("5.6") || status.startsWith("4.6")) {
            return CONTENT_ERROR;
        }
        if (status.startsWith("5.7") || status.startsWith("4.7")) {
            return SECURITY_ERROR;
        }
        if (refusal.byProgram()) {
            return MAILER_ERROR;
        }
        if (refusal.reply().startsWith("50")) {
            return SYNTAX_ERROR;
        }
        if (refusal.action().equals("delayed")) {
            return EXPIRED;
        }
        return refusal.step() == SmtpStep.HELO ? BLOCKED : null;
    }

    /** A host that takes no mail at all is given up only if it said so for good. */
    BounceClass bounceClass(BounceReason reason, Refusal refusal) {
        if (reason != NOT_ACCEPT) {
            return reason.usualClass();
        }
        String words = refusal.words().toLowerCase(Locale.ROOT);
        boolean forNow = refusal.status().startsWith("4")
                || refusal.status().isEmpty() && (refusal.reply().startsWith("4") || words.contains(" temporar"));
        return forNow ? BounceClass.SOFT : BounceClass.HARD;
    }
}

package io.crmsdk.mail.bounce;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells by its header whether a mail in words for people comes from a server, and by its words whether something failed. */
final class BounceSigns {
    private static final Pattern DAEMON = Pattern.compile(
            "mailer[-_. ]?daemon|mail[-_. ]?daemon|postmaster|mail delivery (sub)?system|mail delivery service"
                    + "|delivery subsystem|system administrator|mail ?administrator|mail system|mailsystem|smtp_mail_service|bounce|no-?reply@.*mail|mailerdaemon|系统退信"
                    + "|microsoft outlook|post_master@|sysadmin@|ndr administrator|mdaemon@|root@|mail-server|mailserver|smtp ?server|internet mail|mail router|vmailmgr|mmdf|daemon@");

    private static final Pattern SUBJECT = Pattern.compile(
            "undeliver|undelivered|non-?deliver|not delivered|deliver\\w* (status|failure|failed|fail|error|problem|report|delay|notif)|failure (notice|notification|delivery)"
                    + "|fail\\w* (mail|delivery|message|notice)|mail (delivery|failed|failure|error|could not|not delivered|system error|status)|returned (mail|message|to sender|email)"
                    + "|returned$|bounce|delayed|delay |could not be delivered|unzustellbar|nicht zugestellt|delivery (status|has failed)|message (status|delayed|rejected|not delivered)"
                    + "|warning: (could not|message)|unable to deliver|user unknown|error (sending|during)|mail error|rejected|no such user|退信|无法(投递|送达)|投递失败|未送达|配信|エラー|недоставлен|발송실패|반송"
                    + "|delivery incomplete|cannot send|can't deliver|permanent|non remis|no se (ha )?(pudo )?entrega|message undeliverable|problem delivering|nondeliverable|error mail");

    private static final Pattern FAILURE = Pattern.compile(
            "undeliver|not (be |been )?(able to )?(be )?(deliver|sent|reach|accept|found|recogni|known|exist|complete)|deliver\\w* (\\w+ )?(fail|error|to the following|problem|attempt|permanent|time)"
                    + "|fail\\w* (to )?(deliver|permanent|recipient|address|mail)|unknown|no such|does(n't| not) (exist|have)|reject|refus|invalid|quota|mailbox (is )?full|full mailbox|over ?limit|exceed"
                    + "|unable to|could ?n[o']t|cannot|can't|can not|returned|bounce|denied|disabled|inactive|error|delay|gave up|given up|giving up|not yet|timed out|expired|discarded|blocked|unavailable"
                    + "|did not reach|not listed|no longer|退信|退回|失败|不存在|无法|拒|已满|エラー|nicht zugestellt|unzustellbar|n'a pas (été|ete|pu)|introuvable|no se (ha )?pud|не (был|удалось|доставлен)|недоставлен|できません|발송되지|발송실패|nessun|non (è|remis)|permanent|not a (valid|known|registered|member)");

    private static final Pattern DELAY = Pattern.compile(
            "will (continue|keep|be retried|be attempted|try|retry)|still (trying|be retried|in the queue)|delivery attempts will|has been delayed|been delayed|not yet (been )?(delivered|completed)"
                    + "|no action is required|do not need to (resend|re-?send)|have not been able to deliver|will be tried|warning message only|temporarily deferred|has not (yet )?been collected"
                    + "|delivery (is )?delayed|being queued|is a warning|this is only a warning|has been queued|going to (keep )?try|trying to deliver|will re-?send");

    private static final Pattern END = Pattern.compile(
            "(have|has|am|are|been|'ve) giv(en|ing) up|, giving up|gave up|not going to try|permanent (error|failure|fatal)|(has been|was|is) returned|returned to sender|no further (delivery )?attempt|delivery failed|failed permanently|permanently failed|has failed");

    private static final Pattern BEGINNING = Pattern.compile(
            "^(\\W*(your |this |the |a )?(message|mail|e-mail|votre message)( that you sent| below)? (could not be|was not|cannot be|n'a pas pu etre|n'a pas pu être) (delivered|delivre|délivré))"
                    + "|could not be delivered to:? ?\\W{0,3}<?[^ ]+@|^you are not a member of this mailing list|^delivery to the following recipient"
                    + "|^this is an automatically generated delivery status|^this is the mail (system|delivery)|^hi\\. this is the"
                    + "|^this message was created automatically by (a )?mail|^undeliverable (mail|message)|^unable to deliver message to"
                    + "|^sorry, we were unable to deliver your message");

    private static final List<String> CERTAIN = List.of(
            "could not be delivered",
            "not able to deliver",
            "was not delivered",
            "undeliverable",
            "delivery failed",
            "returned mail",
            "failed to deliver",
            "unable to deliver",
            "rejected and discarded");

    private final MailHeader header;
    private final String from;
    private final String subject;

    BounceSigns(MailHeader header) {
        this.header = header;
        this.from = header.text("from").toLowerCase(Locale.ROOT);
        this.subject = header.text("subject").toLowerCase(Locale.ROOT).strip();
    }

    boolean isFromDaemon() {
        return DAEMON.matcher(from).find();
    }

    private boolean hasNoReturnPath() {
        String path = header.first("return-path").strip().toLowerCase(Locale.ROOT);
        return path.equals("<>") || path.contains("mailer-daemon");
    }

    /** Answers and forwards of people carry the words of reports in their subjects. */
    private boolean isOfPerson() {
        return subject.startsWith("re:")
                || subject.startsWith("fwd:")
                || subject.startsWith("fw:")
                || subject.startsWith("aw:")
                || subject.startsWith("回复")
                || subject.startsWith("转发");
    }

    /** Tells whether a server wrote the mail, as its header or the way its text begins tells. */
    boolean isFromServer(String text) {
        return header.has("x-failed-recipients")
                || isFromDaemon() && !subject.contains("dmarc")
                || isStatusReport()
                || !isOfPerson() && SUBJECT.matcher(subject).find()
                || beginsAsReport(text);
    }

    private boolean isStatusReport() {
        String type = header.parameter("report-type");
        return type != null && type.equalsIgnoreCase("delivery-status");
    }

    /** Some servers hide behind a person's address and subject, but begin as no person does. */
    private static boolean beginsAsReport(String text) {
        String beginning = text.strip();
        beginning = beginning.substring(0, Math.min(beginning.length(), 400)).toLowerCase(Locale.ROOT);
        return !beginning.startsWith(">") && BEGINNING.matcher(beginning).find();
    }

    boolean isFailure(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!FAILURE.matcher(lower).find() && !SUBJECT.matcher(subject).find()) {
            return false;
        }
        // An answer of a program that stands in for a person says of itself that it is one, and a person's words can
        // say anything.
        return isFromDaemon()
                || header.has("x-failed-recipients")
                || isStatusReport()
                || beginsAsReport(text)
                || !AutoReplies.isOne(header)
                        && (hasNoReturnPath() || SUBJECT.matcher(subject).find());
    }

    boolean isCertain(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return isFromDaemon() && CERTAIN.stream().anyMatch(lower::contains);
    }

    boolean isDelay(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return (DELAY.matcher(lower).find() || subject.contains("delay"))
                && !END.matcher(lower).find();
    }
}

package io.crmsdk.mail.bounce;

import io.crmsdk.mail.bounce.ReasonFinder.Refusal;
import java.util.List;
import java.util.Locale;

/** Puts together what fields and words say of one recipient. */
final class RecipientJudge {
    private final ReasonFinder finder;

    RecipientJudge(ReasonFinder finder) {
        this.finder = finder;
    }

    /**
     * What is said of a recipient.
     *
     * @param action of the report's field; empty if none
     * @param status of the report's field; empty if none
     * @param diagnosticType of Diagnostic-Code in lower case; empty if none is told
     * @param words of the server, and if there are none, those around
     * @param around words for people that may tell at which step it was refused
     * @param host that spoke; empty if unknown
     */
    record Said(
            String address,
            List<String> aliases,
            String action,
            String status,
            String diagnosticType,
            String words,
            String around,
            String host) {}

    RecipientReport judge(Said said) {
        String words = said.words().strip();
        String wordsStatus = SmtpCodes.status(words);
        boolean program = said.diagnosticType().startsWith("x-unix");
        String reply = program ? "" : SmtpCodes.reply(words, wordsStatus.isEmpty() ? "" : wordsStatus);
        String status = SmtpCodes.better(said.status(), wordsStatus, reply);
        if (!status.isEmpty() && (reply.isEmpty() || reply.charAt(0) != status.charAt(0))) {
            reply = program ? "" : SmtpCodes.reply(words, status);
        }
        String action = said.action();
        boolean arrived = status.startsWith("2")
                || action.equals("delivered")
                || action.equals("relayed")
                || action.equals("expanded");
        if (arrived) {
            return new RecipientReport(
                    said.address(),
                    said.aliases(),
                    action.isEmpty() ? "delivered" : action,
                    status,
                    reply,
                    null,
                    BounceClass.DELIVERED,
                    words);
        }
        boolean bySmtp =
                said.diagnosticType().isEmpty() || said.diagnosticType().equals("smtp");
        SmtpStep step = SmtpStep.of(words);
        Refusal refusal = new Refusal(
                words,
                bySmtp,
                said.diagnosticType().startsWith("x-"),
                status,
                reply,
                step == SmtpStep.UNKNOWN ? SmtpStep.of(said.around()) : step,
                action,
                said.host().toLowerCase(Locale.ROOT),
                MailAddresses.domain(said.address()));
        BounceReason reason = finder.find(refusal);
        if ((reason == BounceReason.ON_HOLD || reason == BounceReason.UNDEFINED)
                && !said.around().isBlank()) {
            refusal = refusal.withWords(said.around());
            reason = finder.find(refusal);
        }
        return new RecipientReport(
                said.address(),
                said.aliases(),
                action.isEmpty() ? "failed" : action,
                status,
                reply,
                reason,
                finder.bounceClass(reason, refusal),
                words);
    }
}

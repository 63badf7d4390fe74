package io.crmsdk.mail.bounce;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a mail that came back says. Immutable.
 *
 * @param kind what it is
 * @param format in which form it came
 * @param recipients what it says of each recipient; empty if it names none
 * @param traces what may tell which mail it is about
 * @param feedbackType the type of a feedback report in lower case, {@code "abuse"}; null if it is none
 * @param cut true if the mail was larger, deeper or had more parts than is read, so that something may be missing here
 */
public record MailReport(
        ReportKind kind,
        ReportFormat format,
        List<RecipientReport> recipients,
        MailTraces traces,
        @Nullable String feedbackType,
        boolean cut) {
    /** Copies the list. */
    public MailReport {
        recipients = List.copyOf(recipients);
    }

    /** Returns the type of a feedback report, if it is one. */
    public Optional<String> feedback() {
        return Optional.ofNullable(feedbackType);
    }

    /** Shows the kind and the number of recipients, no address. */
    @Override
    public String toString() {
        return kind.word() + " (" + format.word() + ") of " + recipients.size() + " recipients";
    }
}

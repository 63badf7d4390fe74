package io.crmsdk.mail.bounce;

import java.util.Locale;

/** In which form a report came. */
public enum ReportFormat {
    /** Fields of a {@code message/delivery-status} part (RFC 3464, RFC 6533). */
    DSN,
    /** Words for people only. */
    TEXT,
    /** Fields of a {@code message/feedback-report} part (RFC 5965). */
    ARF,
    /** Fields of a {@code message/disposition-notification} part (RFC 8098, RFC 6533). */
    MDN,
    /** No report. */
    NONE;

    /** Returns the word of machine output, in lower case ({@code "dsn"}). */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

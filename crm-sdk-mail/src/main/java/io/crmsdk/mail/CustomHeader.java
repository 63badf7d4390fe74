package io.crmsdk.mail;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A header that the sender adds; never one that the mail, the server or the law owns. */
record CustomHeader(String name, String value) {
    private static final int MAX_VALUE = 8000;

    /** RFC 5322 §3.6.8: printable ASCII but the colon. */
    private static final Pattern NAME = Pattern.compile("[!-9;-~]{1,76}");

    private static final Set<String> RESERVED = Set.of(
            "from",
            "sender",
            "to",
            "cc",
            "bcc",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "mime-version",
            "received",
            "return-path",
            "delivered-to",
            "authentication-results",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "dkim-signature",
            "domainkey-signature",
            "apparently-to",
            "envelope-to",
            "x-envelope-from",
            "x-envelope-to",
            "x-original-to",
            "errors-to",
            "disposition-notification-to",
            "return-receipt-to",
            "list-unsubscribe-by");

    private static final Set<String> RESERVED_FAMILIES = Set.of("content-", "resent-", "arc-", "received-", "dkim-");

    CustomHeader {
        if (!NAME.matcher(name).matches()) {
            throw new MailException(
                    "HEADER_INJECTION",
                    "header name: expected 1 to 76 printable ASCII characters without a colon",
                    null);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(lower) || RESERVED_FAMILIES.stream().anyMatch(lower::startsWith)) {
            throw new MailException(
                    "RESERVED_HEADER", "header " + name + ": is set by the mail itself or by servers on its way", null);
        }
        HeaderText.check("header " + name, value, MAX_VALUE);
    }

    @Override
    public String toString() {
        return "CustomHeader[" + name + "]";
    }
}

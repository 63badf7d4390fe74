package io.crmsdk.mail.smtp;

import io.crmsdk.model.EmailAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of a message, as SMTP commands.
 *
 * @param sender where reports go, or null for nowhere ({@code <>})
 * @param reports what reports are asked for (RFC 3461 §4.1)
 */
record Envelope(@Nullable EmailAddress sender, String reports) {
    /** RFC 3461 §4.4. */
    private static final int MAX_ENVID = 100;

    String mail(Session session, String id, MailBytes mail, boolean international) {
        Extensions server = session.extensions();
        StringBuilder command = new StringBuilder("MAIL FROM:<")
                .append(sender == null ? "" : sender.wire())
                .append('>');
        if (server.has("SIZE")) {
            command.append(" SIZE=").append(mail.size());
        }
        if (mail.isEightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (international) {
            command.append(" SMTPUTF8");
        }
        if (asksForReports(session)) {
            command.append(" RET=HDRS");
            String envid = xtext(id);
            if (envid.length() <= MAX_ENVID) {
                command.append(" ENVID=").append(envid);
            }
        }
        return command.toString();
    }

    String rcpt(Session session, EmailAddress recipient) {
        StringBuilder command =
                new StringBuilder("RCPT TO:<").append(recipient.wire()).append('>');
        if (asksForReports(session)) {
            command.append(" NOTIFY=").append(reports).append(" ORCPT=");
            // RFC 6533 §3: a UTF-8 address goes as it is where SMTPUTF8 is spoken, which it is if we address it at all.
            command.append(recipient.needsSmtpUtf8() ? "utf-8;" : "rfc822;").append(xtext(recipient.wire()));
        }
        return command.toString();
    }

    private boolean asksForReports(Session session) {
        return session.settings().dsn() && session.extensions().has("DSN");
    }

    /** RFC 3461 §4; bytes beyond ASCII stay, for the form of RFC 6533. */
    static String xtext(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c > 0x7F || (c >= '!' && c <= '~' && c != '+' && c != '=')) {
                encoded.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append(String.format(Locale.ROOT, "+%02X", b & 0xFF));
                }
            }
        });
        return encoded.toString();
    }
}

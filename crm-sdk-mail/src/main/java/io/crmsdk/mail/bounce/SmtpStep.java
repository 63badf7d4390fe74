package io.crmsdk.mail.bounce;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** In answer to which command of a session a server said no; it tells a refused sender from a refused recipient. */
enum SmtpStep {
    CONNECT,
    HELO,
    MAIL,
    RCPT,
    DATA,
    UNKNOWN;

    private static final Pattern COMMAND = Pattern.compile(
            "\\b(ehlo|helo|starttls|mail\\s*from|mail f|rcpt\\s*to|rcpt|data\\b|end of data|initial connection|end of message)");

    static SmtpStep of(String words) {
        SmtpStep step = UNKNOWN;
        Matcher found = COMMAND.matcher(words.toLowerCase(Locale.ROOT));
        while (found.find()) {
            SmtpStep next = step(found.group(1));
            step = next.compareTo(step) > 0 || step == UNKNOWN ? next : step;
        }
        return step;
    }

    private static SmtpStep step(String command) {
        return switch (command.charAt(0)) {
            case 'i' -> CONNECT;
            case 'h', 's' -> HELO;
            case 'm' -> MAIL;
            case 'r' -> RCPT;
            case 'd' -> DATA;
            default -> command.startsWith("end") ? DATA : HELO;
        };
    }
}

package io.crmsdk.mail.smtp;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The id under which a server says that it has taken a message; there is no standard for it, only habits.
 *
 * <p>Known habits: Postfix, OpenSMTPD and many relays ("queued as X"), Exim ("OK id=X"), Sendmail ("X Message accepted for
 * delivery"), Exchange ("[InternalId=N, …] Queued mail for delivery"), qmail ("ok 123 qp 456"), Gmail ("OK 1699… X -
 * gsmtp"), Amazon SES ("Ok 0100…-000000").
 */
final class QueueId {
    private static final List<Pattern> HABITS = List.of(
            Pattern.compile(
                    "\\bqueued(?: mail)? as:? ?<?([^\\s<>;]{3,200}?)>?[.,;]?(?=\\s|$)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bInternalId=(\\d{1,30})", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bid=<?([^\\s<>,;]{3,200})>?", Pattern.CASE_INSENSITIVE),
            Pattern.compile("(?:^|\\s)(\\S{6,60}) Message accepted for delivery", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bok \\d{1,20} (qp \\d{1,20})\\b", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bOK\\s+\\d{9,11} (\\S{6,120}) - gsmtp", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bQueued \\(([^\\s()]{3,200})\\)", Pattern.CASE_INSENSITIVE),
            Pattern.compile("\\bOk:? ([0-9A-Za-z]+(?:-[0-9A-Za-z]+)+)$", Pattern.CASE_INSENSITIVE));

    private QueueId() {}

    /** The id, or null if the reply names none that is known. */
    static @Nullable String in(Reply reply) {
        String text = reply.text();
        for (Pattern habit : HABITS) {
            Matcher matcher = habit.matcher(text);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}

package io.crmsdk.mail.bounce;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Knows mails to the address of {@code List-Unsubscribe} (RFC 2369 section 3.2). */
final class Unsubscribing {
    private static final Pattern ADDRESS =
            Pattern.compile("(^|[.+_-])(unsub|unsubscribe|leave|list-unsubscribe|optout|opt-out)([.+_=-]|$)");
    private static final Pattern SUBJECT = Pattern.compile(
            "^\\W*(unsubscribe|unsub|opt[ -]?out|remove me|退订|取消订阅|abmelden|désabonner|désinscription|配信停止)\\b.*|^(退订|取消订阅|配信停止).*");

    private Unsubscribing() {}

    static boolean isWish(MailHeader header, List<MailPart> parts) {
        String submitted = header.first("auto-submitted").toLowerCase(Locale.ROOT);
        if (!submitted.isEmpty() && !submitted.startsWith("no")) {
            return false;
        }
        for (String to : MailAddresses.all(header.text("to"))) {
            String local = to.substring(0, to.lastIndexOf('@')).toLowerCase(Locale.ROOT);
            if (ADDRESS.matcher(local).find()) {
                return true;
            }
        }
        return SUBJECT.matcher(header.text("subject").strip().toLowerCase(Locale.ROOT))
                .matches();
    }
}

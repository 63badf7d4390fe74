package io.crmsdk.mail.provider;

import io.crmsdk.mail.provider.WebhookEvent.Bounce;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an enhanced status code (RFC 3463) says of a bounce. */
final class StatusCode {
    private static final Pattern ANYWHERE = Pattern.compile("(?<![\\d.])([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])");

    private StatusCode() {}

    /** The first code in a text; null if there is none. */
    static @Nullable String in(String text) {
        Matcher matcher = ANYWHERE.matcher(text);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** Hard only where the address itself is at fault for good. */
    static Bounce bounce(@Nullable String status) {
        if (status == null) {
            return Bounce.UNKNOWN;
        }
        if (status.startsWith("4.") || status.equals("5.2.2")) {
            return Bounce.SOFT;
        }
        if (status.startsWith("5.1.") && !status.equals("5.1.7") && !status.equals("5.1.8") || status.equals("5.2.1")) {
            return Bounce.HARD;
        }
        if (status.startsWith("5.7.")
                || status.startsWith("5.6.")
                || status.equals("5.2.3")
                || status.equals("5.3.4")) {
            return Bounce.POLICY;
        }
        return Bounce.UNKNOWN;
    }
}

package io.crmsdk.mail.smtp;

import io.crmsdk.mail.MailException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server to hand over to, as its URL says it: {@code smtp://[user:password@]host[:port][?tls=none]} or {@code
 * smtps://…}. User and password are percent-encoded. {@code toString} shows neither.
 */
record Target(
        boolean implicitTls,
        boolean plain,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    /** RFC 8314 and RFC 6409 name these for submission. */
    private static final int SMTP_PORT = 587;

    private static final int SMTPS_PORT = 465;

    private static final Pattern URL = Pattern.compile(
            "(smtps?)://(?:([^@/?#:]*):([^@/?#]*)@)?(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?/?(?:\\?(.*))?",
            Pattern.CASE_INSENSITIVE);

    /**
     * Reads the URL.
     *
     * @throws MailException {@code SMTP_URL}; the message never quotes it, since it may hold a password
     */
    static Target parse(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw invalid(
                    "expected smtp://[user:password@]host[:port][?tls=none] or smtps://…, with special characters of"
                            + " user and password percent-encoded");
        }
        boolean implicit = matcher.group(1).equalsIgnoreCase("smtps");
        String port = matcher.group(5);
        int number = port == null ? (implicit ? SMTPS_PORT : SMTP_PORT) : Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw invalid("the port must be 1 to 65535, got " + number);
        }
        String host = matcher.group(4);
        return new Target(
                implicit,
                isPlain(matcher.group(6), implicit),
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                number,
                decode(matcher.group(2)),
                decode(matcher.group(3)));
    }

    private static boolean isPlain(@Nullable String query, boolean implicit) {
        if (query == null || query.isEmpty() || query.equals("tls=required")) {
            return false;
        }
        if (!query.equals("tls=none")) {
            throw invalid("the only option is tls=none or tls=required");
        }
        if (implicit) {
            throw invalid("smtps:// and tls=none contradict each other");
        }
        return true;
    }

    private static @Nullable String decode(@Nullable String part) {
        if (part == null) {
            return null;
        }
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Without the cause: it quotes what may be a password.
            throw invalid("user or password is not percent-encoded correctly");
        }
    }

    private static MailException invalid(String what) {
        return new MailException("SMTP_URL", "mail server URL: " + what, null);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

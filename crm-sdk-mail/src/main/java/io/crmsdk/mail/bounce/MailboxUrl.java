package io.crmsdk.mail.bounce;

import io.crmsdk.mail.MailException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A mailbox as a URL: {@code imaps://user:password@host[:port][/folder]}, or {@code imap}, {@code pop3}, {@code pop3s}; without TLS only
 * with {@code ?tls=none}.
 *
 * @param plain true if no TLS is to be used
 */
record MailboxUrl(String protocol, String host, int port, String user, String password, String folder, boolean plain) {
    static MailboxUrl parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw problem("it is no URL");
        }
        String protocol = uri.getScheme() == null ? "" : uri.getScheme();
        int standard = switch (protocol) {
            case "imaps" -> 993;
            case "imap" -> 143;
            case "pop3s" -> 995;
            case "pop3" -> 110;
            default -> throw problem("the scheme is none of imaps, imap, pop3s and pop3");
        };
        String login = uri.getRawUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        if (login == null || colon < 1 || uri.getHost() == null) {
            throw problem("user, password or host is missing");
        }
        boolean plain = "tls=none".equals(uri.getQuery());
        if (uri.getQuery() != null && !plain) {
            throw problem("after the ? only tls=none is known");
        }
        if (plain && protocol.endsWith("s")) {
            throw problem(protocol + " and tls=none contradict each other");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        String folder = path.length() > 1 ? path.substring(1) : "INBOX";
        return new MailboxUrl(
                protocol,
                uri.getHost(),
                uri.getPort() < 0 ? standard : uri.getPort(),
                decode(login.substring(0, colon)),
                decode(login.substring(colon + 1)),
                folder,
                plain);
    }

    private static String decode(String text) {
        // A plus is no space outside of forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The URL holds a password, so it is not repeated. */
    private static MailException problem(String what) {
        return new MailException(
                "CONFIG",
                "mailbox URL: expected imaps://user:password@host[:port][/folder], but " + what,
                (@Nullable Throwable) null);
    }

    boolean isPop() {
        return protocol.startsWith("pop3");
    }

    boolean implicitTls() {
        return protocol.endsWith("s");
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return protocol + "://" + host + ":" + port + "/" + folder;
    }
}

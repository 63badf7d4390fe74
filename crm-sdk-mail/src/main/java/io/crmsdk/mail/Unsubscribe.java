package io.crmsdk.mail;

import io.crmsdk.model.EmailAddress;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one recipient leaves: what goes into {@code List-Unsubscribe} and {@code List-Unsubscribe-Post} (RFC 2369, RFC 8058)
 * and into the mail's footer.
 *
 * @param link this recipient's own HTTPS address, which changes nothing by GET and unsubscribes by POST
 * @param mailto an address that takes a mail to the same end, or null
 * @param mailtoSubject the subject of that mail, by which it is told whose it is, or null; ASCII
 */
public record Unsubscribe(
        URI link, @Nullable EmailAddress mailto, @Nullable String mailtoSubject) {
    /**
     * Refuses a link that a mail program would not call.
     *
     * @throws MailException {@code UNSAFE_URL} unless the link is absolute, HTTPS, ASCII and without user information
     */
    public Unsubscribe {
        Objects.requireNonNull(link, "link");
        String text = link.toASCIIString();
        boolean good = "https".equalsIgnoreCase(link.getScheme())
                && link.getHost() != null
                && link.getRawUserInfo() == null
                && text.equals(link.toString())
                && text.indexOf('>') < 0
                && text.indexOf(',') < 0
                && text.length() <= 900;
        if (!good) {
            throw new MailException(
                    "UNSAFE_URL",
                    "unsubscribe link: expected an absolute https address of ASCII characters without user, comma or '>',"
                            + " as RFC 8058 asks",
                    null);
        }
        if (mailtoSubject != null) {
            HeaderText.check("unsubscribe mail's subject", mailtoSubject, 500);
            if (!mailtoSubject.matches("[A-Za-z0-9 ._~-]+")) {
                throw new MailException(
                        "UNSAFE_URL", "unsubscribe mail's subject: expected letters, digits, space and ._~-", null);
            }
        }
    }

    /** Leaving by the link alone. */
    public static Unsubscribe by(URI link) {
        return new Unsubscribe(link, null, null);
    }

    String header() {
        StringBuilder header = new StringBuilder("<").append(link).append('>');
        if (mailto != null) {
            header.append(",\r\n <mailto:").append(mailto.wire());
            if (mailtoSubject != null) {
                header.append("?subject=").append(mailtoSubject.replace(" ", "%20"));
            }
            header.append('>');
        }
        return header.toString();
    }

    /** Without the link, which acts for whoever holds it. */
    @Override
    public String toString() {
        return "Unsubscribe[" + link.getHost() + "]";
    }
}

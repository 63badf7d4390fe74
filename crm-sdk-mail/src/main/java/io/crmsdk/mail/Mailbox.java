package io.crmsdk.mail;

import io.crmsdk.Redaction;
import io.crmsdk.model.EmailAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An address with the name that is shown beside it.
 *
 * @param address where the mail goes
 * @param name the name, or null for none; whatever it holds, a reader sees one mailbox of this address
 */
public record Mailbox(EmailAddress address, @Nullable String name) {
    private static final int MAX_NAME = 500;

    /**
     * Refuses a name that could change the header or how it reads.
     *
     * @throws MailException {@code HEADER_INJECTION} for a control character, {@code SUSPICIOUS_NAME} for characters that
     *     turn the direction of text or are invisible, {@code LIMIT_EXCEEDED} beyond {@value #MAX_NAME} characters
     */
    public Mailbox {
        Objects.requireNonNull(address, "address");
        if (name != null) {
            HeaderText.check("display name", name, MAX_NAME);
            if (name.codePoints().anyMatch(Mailbox::isDeceptive)) {
                throw new MailException(
                        "SUSPICIOUS_NAME",
                        "display name: holds characters that turn or hide text; clean it first",
                        null);
            }
            name = name.isBlank() ? null : name;
        }
    }

    /** An address without a name. */
    public static Mailbox of(String address) {
        return new Mailbox(EmailAddress.parse(address), null);
    }

    /** An address with a name. */
    public static Mailbox of(String address, String name) {
        return new Mailbox(EmailAddress.parse(address), Objects.requireNonNull(name, "name"));
    }

    /** Direction marks and overrides, and the tag characters that nothing shows. */
    private static boolean isDeceptive(int c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xE0000 && c <= 0xE007F);
    }

    /** As a header shows it: ASCII, unless the address itself is not. */
    String header() {
        if (name == null) {
            return address.wire();
        }
        return HeaderText.phrase(name) + " <" + address.wire() + ">";
    }

    /** Masked. */
    @Override
    public String toString() {
        return Redaction.email(address.raw());
    }
}

package io.crmsdk.model;

import io.crmsdk.Redaction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One plain mailbox: the address that was checked is, character for character, the address that is used.
 *
 * <p>{@link #raw()} is what was given; nothing is trimmed, unquoted, decoded or mapped. Accepted is a dot-atom (RFC 5322
 * §3.4.1) of at most 64 octets before the {@code @} and a mail domain after it, at most 254 octets in all (RFC 5321
 * §4.5.3.1). Refused are comments, display names, quoted local parts, address literals, source routes ({@code a!b},
 * {@code a%b.c}), encoded words, controls and invisible characters, text that is not NFKC (so full-width forms: repairing
 * them is the business of {@code io.crmsdk.quality}, where it is recorded), and labels or local parts that mix scripts
 * that look alike. A domain without a dot is accepted only if it has two letters, since only country codes ever took mail
 * there (RFC 7085).
 *
 * <p>Domains with characters beyond ASCII follow IDNA2008 without the transitional mappings, so that {@code faß.de} stays
 * itself and never becomes {@code fass.de}. Immutable; equality by {@link #raw()}; for matching compare
 * {@link #canonical()}. {@link #toString()} is masked.
 */
public final class EmailAddress {
    private static final String FIELD = "emails.address";
    private static final int MAX_OCTETS = 254;
    private static final int MAX_LOCAL_OCTETS = 64;
    private static final String ATOM_SPECIALS = "!#$%&'*+/=?^_`{|}~-";
    private static final Pattern SOURCE_ROUTE =
            Pattern.compile("[A-Za-z0-9.-]+!.*|.*[A-Za-z0-9]%[A-Za-z0-9-]+\\.[A-Za-z].*");

    private final String raw;
    private final String local;
    private final String asciiDomain;
    private final String canonical;

    private EmailAddress(String raw, String local, String asciiDomain) {
        this.raw = raw;
        this.local = local;
        this.asciiDomain = asciiDomain;
        this.canonical = fold(local) + "@" + asciiDomain;
    }

    /**
     * Reads an address, strictly.
     *
     * @throws ModelException {@code INVALID_ADDRESS} with the rule that was broken; {@code HEADER_INJECTION} if the text
     *     holds a line break, a NUL or another control character
     */
    public static EmailAddress parse(String text) {
        if (text.length() > MAX_OCTETS) {
            throw invalid("longer than " + MAX_OCTETS + " octets");
        }
        refuseControls(text);
        int at = text.indexOf('@');
        if (at < 0 || at != text.lastIndexOf('@')) {
            throw invalid(at < 0 ? "no @" : "more than one @");
        }
        String local = text.substring(0, at);
        checkLocal(local);
        String domain = MailDomain.toAscii(text.substring(at + 1));
        if (local.getBytes(StandardCharsets.UTF_8).length + 1 + domain.length() > MAX_OCTETS) {
            throw invalid("longer than " + MAX_OCTETS + " octets");
        }
        return new EmailAddress(text, local, domain);
    }

    /** As {@link #parse}, empty instead of an exception. */
    public static Optional<EmailAddress> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (ModelException e) {
            return Optional.empty();
        }
    }

    /** The address exactly as it was given. */
    public String raw() {
        return raw;
    }

    /**
     * The form for matching and suppression: NFKC, lower case as a whole, domain as A-labels. Idempotent: the canonical form
     * of a canonical form is itself. Never used for sending, since a local part may be case-sensitive.
     */
    public String canonical() {
        return canonical;
    }

    /** The part before the {@code @}, as given. */
    public String local() {
        return local;
    }

    /** The domain as lower-case A-labels, for example {@code xn--fsqu00a.xn--55qx5d}. */
    public String domain() {
        return asciiDomain;
    }

    /** What goes on the wire: local part as given, domain as A-labels. ASCII unless {@link #needsSmtpUtf8()}. */
    public String wire() {
        return local + "@" + asciiDomain;
    }

    /** Whether only a server that offers SMTPUTF8 (RFC 6531) can be given this address unaltered. */
    public boolean needsSmtpUtf8() {
        return !isAscii(local);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmailAddress that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    /** Masked: {@code l***@example.com}. */
    @Override
    public String toString() {
        return Redaction.email(raw);
    }

    static ModelException invalid(String rule) {
        return new ModelException("INVALID_ADDRESS", FIELD, rule);
    }

    private static void refuseControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                throw new ModelException(
                        "HEADER_INJECTION",
                        FIELD,
                        String.format(Locale.ROOT, "control character U+%04X at %d", (int) c, i));
            }
        }
    }

    private static void checkLocal(String local) {
        if (local.isEmpty()) {
            throw invalid("nothing before the @");
        }
        if (local.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_OCTETS) {
            throw invalid("more than " + MAX_LOCAL_OCTETS + " octets before the @");
        }
        if (local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            throw invalid("a dot at the start, at the end or doubled before the @");
        }
        local.codePoints().forEach(EmailAddress::checkAtext);
        if ((local.indexOf('!') >= 0 || local.indexOf('%') >= 0)
                && SOURCE_ROUTE.matcher(local).matches()) {
            throw invalid("a source route before the @");
        }
        if (local.contains("=?") && local.contains("?=")) {
            throw invalid("an encoded word before the @");
        }
        if (isAscii(local)) {
            return;
        }
        if (!Normalizer.isNormalized(local, Normalizer.Form.NFKC)) {
            throw invalid("compatibility characters, such as full-width letters, before the @");
        }
        if (Scripts.mixesLookAlikes(local)) {
            throw invalid("mixed scripts before the @");
        }
    }

    private static void checkAtext(int c) {
        if (c == '.') {
            return;
        }
        boolean legal = c < 0x80
                ? (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || ATOM_SPECIALS.indexOf(c) >= 0
                : Character.isLetterOrDigit(c) || isMark(c);
        if (!legal) {
            throw invalid(String.format(Locale.ROOT, "U+%04X is not allowed before the @", c));
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Lower-casing may leave NFKC and the other way round; twice is enough for every code point (tested). */
    private static String fold(String text) {
        if (isAscii(text)) {
            return text.toLowerCase(Locale.ROOT);
        }
        String once = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(once, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
}

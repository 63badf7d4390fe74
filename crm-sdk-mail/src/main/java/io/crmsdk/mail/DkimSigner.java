package io.crmsdk.mail;

import io.crmsdk.time.UtcClock;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Signs mails for a domain (DKIM, RFC 6376 and RFC 8463): {@code rsa-sha256} or {@code ed25519-sha256}, relaxed/relaxed.
 *
 * <p>Signed are the headers that people read or that act for them, the two of RFC 8058 among them, and each once more than
 * it occurs, so that nobody can add a second. Immutable and thread-safe; {@code toString} shows no key.
 */
public final class DkimSigner {
    private static final List<String> SIGNED = List.of(
            "From",
            "To",
            "Cc",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "In-Reply-To",
            "References",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "Feedback-ID");

    /** Signed once more than they occur even when they do not occur: adding one would change what is read or done. */
    private static final Set<String> OVERSIGNED = Set.of(
            "from",
            "to",
            "cc",
            "reply-to",
            "subject",
            "date",
            "message-id",
            "content-type",
            "list-unsubscribe",
            "list-unsubscribe-post");

    private static final int MIN_RSA_BITS = 1024;

    private final String domain;
    private final String selector;
    private final PrivateKey key;
    private final UtcClock clock;

    private DkimSigner(String domain, String selector, PrivateKey key, UtcClock clock) {
        this.domain = domain;
        this.selector = selector;
        this.key = key;
        this.clock = clock;
    }

    /**
     * A signer with a key.
     *
     * @param domain the signing domain, as A-labels; its DNS holds the public key at {@code selector._domainkey.domain}
     * @param selector names the key
     * @param key RSA of at least 1,024 bits (RFC 8301 wants 2,048), or Ed25519
     * @throws MailException {@code DKIM_KEY} or {@code DKIM_DOMAIN}
     */
    public static DkimSigner of(String domain, String selector, PrivateKey key) {
        return of(domain, selector, key, UtcClock.system());
    }

    /** As {@link #of(String, String, PrivateKey)}, with the clock for the signature's time. */
    public static DkimSigner of(String domain, String selector, PrivateKey key, UtcClock clock) {
        if (!isHost(domain) || !domain.contains(".") || !isHost(selector)) {
            throw new MailException("DKIM_DOMAIN", "expected a domain and a selector as in the DNS", null);
        }
        boolean rsa = key instanceof RSAPrivateKey r && r.getModulus().bitLength() >= MIN_RSA_BITS;
        if (!rsa && !isEd25519(key)) {
            throw new MailException("DKIM_KEY", "expected an RSA key of at least 1,024 bits or an Ed25519 key", null);
        }
        return new DkimSigner(domain.toLowerCase(Locale.ROOT), selector, key, Objects.requireNonNull(clock, "clock"));
    }

    /**
     * A signer with a key in PEM (PKCS #8, {@code BEGIN PRIVATE KEY}).
     *
     * @throws MailException {@code DKIM_KEY} if it is no such key; the message shows nothing of it
     */
    public static DkimSigner pem(String domain, String selector, String pem) {
        return of(domain, selector, key(pem));
    }

    private static PrivateKey key(String pem) {
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        } catch (IllegalArgumentException e) {
            throw noKey();
        }
        for (String algorithm : List.of("RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // Of the other kind; if of neither, the error below says so without quoting anything.
            }
        }
        throw noKey();
    }

    private static MailException noKey() {
        return new MailException("DKIM_KEY", "expected a private key in PKCS #8 PEM (BEGIN PRIVATE KEY)", null);
    }

    private static boolean isEd25519(PrivateKey key) {
        return key.getAlgorithm().equals("Ed25519") || key.getAlgorithm().equals("EdDSA");
    }

    private static boolean isHost(String name) {
        return name.length() <= 253 && name.matches("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?");
    }

    /**
     * The mail with a signature before its other headers.
     *
     * @param mail a complete mail whose lines end in CRLF
     * @throws MailException {@code DKIM_FAILED} if it has no From, or the key does not sign
     */
    public byte[] sign(byte[] mail) {
        int bodyStart = bodyStart(mail);
        List<String> headers = headers(new String(mail, 0, bodyStart, StandardCharsets.UTF_8));
        List<String> names = new ArrayList<>();
        StringBuilder signed = new StringBuilder();
        collect(headers, names, signed);
        String unsigned = "DKIM-Signature: v=1; a=" + (isEd25519(key) ? "ed25519-sha256" : "rsa-sha256")
                + "; c=relaxed/relaxed; d=" + domain + ";\r\n s=" + selector + "; t="
                + clock.instant().getEpochSecond() + ";\r\n h=" + String.join(":\r\n ", grouped(names)) + ";\r\n bh="
                + base64(sha256(relaxedBody(mail, bodyStart))) + ";\r\n b=";
        signed.append(relaxedHeader(unsigned));
        String signature = base64(signature(signed.toString().getBytes(StandardCharsets.UTF_8)));
        byte[] head = (unsigned + folded(signature) + "\r\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(head.length + mail.length);
        out.writeBytes(head);
        out.writeBytes(mail);
        return out.toByteArray();
    }

    /** RFC 6376 §5.4.2: of several headers of one name, the last is signed first. */
    private static void collect(List<String> headers, List<String> names, StringBuilder signed) {
        boolean from = false;
        for (String name : SIGNED) {
            int times = 0;
            for (int i = headers.size() - 1; i >= 0; i--) {
                String header = headers.get(i);
                if (nameOf(header).equalsIgnoreCase(name)) {
                    signed.append(relaxedHeader(header)).append("\r\n");
                    names.add(name);
                    times++;
                }
            }
            from |= times > 0 && name.equals("From");
            if (OVERSIGNED.contains(name.toLowerCase(Locale.ROOT))) {
                names.add(name);
            }
        }
        if (!from) {
            throw new MailException("DKIM_FAILED", "a mail without From cannot be signed", null);
        }
    }

    /** So many names a line that none is too long. */
    private static List<String> grouped(List<String> names) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < names.size(); i += 4) {
            lines.add(String.join(":", names.subList(i, Math.min(i + 4, names.size()))));
        }
        return lines;
    }

    private static String folded(String base64) {
        return base64.replaceAll("(.{72})(?=.)", "$1\r\n ");
    }

    private static int bodyStart(byte[] mail) {
        for (int i = 0; i + 3 < mail.length; i++) {
            if (mail[i] == '\r' && mail[i + 1] == '\n' && mail[i + 2] == '\r' && mail[i + 3] == '\n') {
                return i + 4;
            }
        }
        return mail.length;
    }

    private static List<String> headers(String block) {
        List<String> headers = new ArrayList<>();
        for (String line : block.split("\r\n", 0)) {
            if ((line.startsWith(" ") || line.startsWith("\t")) && !headers.isEmpty()) {
                headers.set(headers.size() - 1, headers.get(headers.size() - 1) + "\r\n" + line);
            } else if (!line.isEmpty()) {
                headers.add(line);
            }
        }
        return headers;
    }

    private static String nameOf(String header) {
        int colon = header.indexOf(':');
        return colon < 0 ? "" : header.substring(0, colon).stripTrailing();
    }

    /** RFC 6376 §3.4.2. */
    private static String relaxedHeader(String header) {
        String value = header.substring(header.indexOf(':') + 1)
                .replace("\r\n", "")
                .replaceAll("[ \t]+", " ")
                .replaceAll("^ | $", "");
        return nameOf(header).toLowerCase(Locale.ROOT) + ":" + value;
    }

    /** RFC 6376 §3.4.4: white space within a line becomes one space, at its end none; empty lines at the end go. */
    private static byte[] relaxedBody(byte[] mail, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(mail.length - start + 2);
        int emptyLines = 0;
        int lineStart = start;
        while (lineStart < mail.length) {
            int end = lineEnd(mail, lineStart);
            byte[] line = relaxedLine(mail, lineStart, end);
            if (line.length == 0) {
                emptyLines++;
            } else {
                out.writeBytes("\r\n".repeat(emptyLines).getBytes(StandardCharsets.US_ASCII));
                emptyLines = 0;
                out.writeBytes(line);
                out.write('\r');
                out.write('\n');
            }
            lineStart = end + 2;
        }
        return out.toByteArray();
    }

    private static int lineEnd(byte[] mail, int from) {
        for (int i = from; i + 1 < mail.length; i++) {
            if (mail[i] == '\r' && mail[i + 1] == '\n') {
                return i;
            }
        }
        return mail.length;
    }

    private static byte[] relaxedLine(byte[] mail, int from, int to) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(to - from);
        boolean space = false;
        for (int i = from; i < to; i++) {
            if (mail[i] == ' ' || mail[i] == '\t') {
                space = true;
                continue;
            }
            if (space) {
                line.write(' ');
                space = false;
            }
            line.write(mail[i]);
        }
        return line.toByteArray();
    }

    /** Ed25519 signs the digest of the text (RFC 8463 §3); RSA digests by itself. */
    private byte[] signature(byte[] text) {
        try {
            Signature signature = Signature.getInstance(isEd25519(key) ? "Ed25519" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(isEd25519(key) ? sha256(text) : text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new MailException("DKIM_FAILED", "the key of selector " + selector + " does not sign", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "DkimSigner[" + domain + ", " + selector + ", " + key.getAlgorithm() + "]";
    }
}

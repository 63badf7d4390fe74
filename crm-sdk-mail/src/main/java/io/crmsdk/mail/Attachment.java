package io.crmsdk.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that goes with a mail.
 *
 * <p>Its length and SHA-256 are taken when it is made and checked when the mail is written: a file that was changed, cut or
 * exchanged in between stops the mail. Immutable and thread-safe; {@code toString} shows no name.
 */
public final class Attachment {
    /** The most bytes of one attachment. */
    public static final long MAX_BYTES = 50_000_000;

    private static final Pattern MEDIA_TYPE = Pattern.compile(
            "[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}", Pattern.CASE_INSENSITIVE);

    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul");
    private static final Pattern PORTS = Pattern.compile("(?:com|lpt)[0-9]");

    private final String name;
    private final String mediaType;
    private final byte @Nullable [] bytes;
    private final @Nullable Path file;
    private final long length;
    private final String sha256;

    private Attachment(
            String name, String mediaType, byte @Nullable [] bytes, @Nullable Path file, long length, String sha256) {
        this.name = name;
        this.mediaType = mediaType;
        this.bytes = bytes;
        this.file = file;
        this.length = length;
        this.sha256 = sha256;
    }

    /**
     * From bytes, which are copied.
     *
     * @param name the file's name as the reader sees it; no path
     * @param mediaType for example {@code application/pdf}
     * @throws MailException {@code UNSAFE_PATH}, {@code HEADER_INJECTION}, {@code MALFORMED} or {@code LIMIT_EXCEEDED}
     */
    public static Attachment of(String name, String mediaType, byte[] bytes) {
        byte[] copy = bytes.clone();
        requireSize(copy.length);
        return new Attachment(safeName(name), mediaType(mediaType), copy, null, copy.length, digest(copy));
    }

    /**
     * From a file below a directory; read now for its digest, and again when the mail is written.
     *
     * @param base the directory that nothing may leave
     * @param name the file's name in it; no path
     * @param mediaType for example {@code application/pdf}
     * @throws MailException as {@link #of}; {@code UNSAFE_PATH} also for what is not a plain file in that directory (a link
     *     that leads out of it, a device); {@code ATTACHMENT_UNREADABLE}
     */
    public static Attachment file(Path base, String name, String mediaType) {
        String safe = safeName(name);
        Path file = inside(base, safe);
        byte[] bytes = read(file);
        return new Attachment(safe, mediaType(mediaType), null, file, bytes.length, digest(bytes));
    }

    private static Path inside(Path base, String name) {
        try {
            Path root = base.toRealPath();
            Path file = root.resolve(name).toRealPath();
            if (!file.startsWith(root) || !Files.isRegularFile(file)) {
                throw unsafe("is no plain file inside the given directory");
            }
            return file;
        } catch (IOException e) {
            throw new MailException("ATTACHMENT_UNREADABLE", "attachment: the file cannot be found", e);
        }
    }

    private static byte[] read(Path file) {
        try {
            requireSize(Files.size(file));
            byte[] bytes = Files.readAllBytes(file);
            requireSize(bytes.length);
            return bytes;
        } catch (IOException e) {
            throw new MailException("ATTACHMENT_UNREADABLE", "attachment: the file cannot be read", e);
        }
    }

    private static void requireSize(long length) {
        if (length > MAX_BYTES) {
            throw new MailException(
                    "LIMIT_EXCEEDED",
                    "attachment: " + length + " bytes, at most " + MAX_BYTES + "; send a link instead",
                    null);
        }
    }

    /** A plain name on every system that may save it, now and after decoding. */
    private static String safeName(String name) {
        HeaderText.check("attachment name", name, 255);
        String decoded = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .replaceAll("(?i)%2f", "/")
                .replaceAll("(?i)%5c", "\\\\")
                .replaceAll("(?i)%2e", ".");
        for (char c : "/\\:*?\"<>|".toCharArray()) {
            if (decoded.indexOf(c) >= 0) {
                throw unsafe("holds " + c + ", which is no part of a plain file name");
            }
        }
        if (decoded.isBlank()
                || !decoded.equals(decoded.strip())
                || ".-~".indexOf(decoded.charAt(0)) >= 0
                || decoded.endsWith(".")
                || decoded.contains("..")) {
            throw unsafe(
                    "begins or ends with a character that file systems read otherwise, or holds two dots in a row");
        }
        int dot = decoded.indexOf('.');
        String stem = (dot < 0 ? decoded : decoded.substring(0, dot)).toLowerCase(Locale.ROOT);
        if (DEVICES.contains(stem) || PORTS.matcher(stem).matches()) {
            throw unsafe("is the name of a device");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > 240) {
            throw new MailException(
                    "UNSAFE_PATH", "attachment name: more than 240 bytes, which file systems cut", null);
        }
        return name;
    }

    private static MailException unsafe(String why) {
        return new MailException("UNSAFE_PATH", "attachment name: " + why, null);
    }

    private static String mediaType(String mediaType) {
        if (!MEDIA_TYPE.matcher(mediaType).matches()
                || mediaType.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new MailException("MALFORMED", "attachment: expected a media type such as application/pdf", null);
        }
        return mediaType;
    }

    /** As the reader sees it. */
    public String name() {
        return name;
    }

    /** What it is, for example {@code application/pdf}. */
    public String mediaType() {
        return mediaType;
    }

    /** In bytes. */
    public long length() {
        return length;
    }

    /** In lower-case hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /**
     * The content, checked against length and digest.
     *
     * @throws MailException {@code ATTACHMENT_CHANGED} or {@code ATTACHMENT_UNREADABLE}
     */
    byte[] content() {
        byte[] now = bytes != null ? bytes : read(Objects.requireNonNull(file));
        String digest = digest(now);
        if (now.length != length || !digest.equals(sha256)) {
            throw new MailException(
                    "ATTACHMENT_CHANGED",
                    "attachment: had " + length + " bytes and SHA-256 " + sha256 + " when it was attached, now "
                            + now.length + " bytes and " + digest + "; attach it again",
                    null);
        }
        return now;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Attachment[" + mediaType + ", " + length + " bytes]";
    }
}

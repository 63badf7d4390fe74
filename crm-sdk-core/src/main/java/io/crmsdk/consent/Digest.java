package io.crmsdk.consent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over texts, as hexadecimal digits. */
final class Digest {
    private Digest() {}

    /** The digest of texts of which each but the last is known to hold no line break. */
    static String of(String... texts) {
        return HexFormat.of().formatHex(sha256(String.join("\n", texts)));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

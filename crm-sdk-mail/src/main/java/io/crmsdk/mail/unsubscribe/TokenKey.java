package io.crmsdk.mail.unsubscribe;

import io.crmsdk.mail.MailException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One secret of the links: makes tokens and reads its own.
 *
 * <p>A token is the HMAC-SHA-256 of what it says, cut to 16 bytes, and what it says, encrypted by AES in counter mode with
 * that HMAC as the first counter (the construction of RFC 5297 with HMAC in the place of CMAC). So it can neither be read
 * nor changed without the secret, and the same person and topic always give the same link. Thread-safe; shows no secret.
 */
final class TokenKey {
    static final int MIN_SECRET = 32;
    private static final int TAG = 16;
    private static final int BLOCK = 32;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

    private final String id;
    private final String context;
    private final SecretKeySpec tagKey;
    private final SecretKeySpec textKey;

    TokenKey(String id, byte[] secret, String purpose, String context) {
        if (!ID.matcher(id).matches()) {
            throw new MailException("CONFIG", "unsubscribe key: the id has 1 to 16 letters, digits, _ or -", null);
        }
        if (secret.length < MIN_SECRET) {
            throw new MailException(
                    "CONFIG",
                    "unsubscribe key " + id + ": expected at least " + MIN_SECRET + " random bytes, got "
                            + secret.length,
                    null);
        }
        this.id = id;
        this.context = context;
        // Two keys for each kind of link, derived from the one secret.
        SecretKeySpec master = new SecretKeySpec(secret, "HmacSHA256");
        this.tagKey = new SecretKeySpec(
                hmac(master, ("crm-sdk " + purpose + " tag").getBytes(StandardCharsets.UTF_8)), "HmacSHA256");
        this.textKey = new SecretKeySpec(
                Arrays.copyOf(hmac(master, ("crm-sdk " + purpose + " text").getBytes(StandardCharsets.UTF_8)), 16),
                "AES");
    }

    String id() {
        return id;
    }

    /** The token's last part. */
    String seal(String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        // Padded, so that the length of an address does not show.
        byte[] padded = Arrays.copyOf(plain, (plain.length / BLOCK + 1) * BLOCK);
        byte[] tag = tag(padded);
        byte[] sealed = crypt(tag, padded);
        byte[] all =
                ByteBuffer.allocate(TAG + sealed.length).put(tag).put(sealed).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /** What the token says, or null if this key did not make it exactly so. */
    @Nullable
    String open(String sealed) {
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(sealed);
        } catch (IllegalArgumentException e) {
            return null;
        }
        // Unused bits of the last character would let several texts stand for one token.
        boolean exact =
                Base64.getUrlEncoder().withoutPadding().encodeToString(all).equals(sealed);
        if (!exact || all.length <= TAG || (all.length - TAG) % BLOCK != 0) {
            return null;
        }
        byte[] tag = Arrays.copyOf(all, TAG);
        byte[] padded = crypt(tag, Arrays.copyOfRange(all, TAG, all.length));
        if (!MessageDigest.isEqual(tag, tag(padded))) {
            return null;
        }
        int end = padded.length;
        while (end > 0 && padded[end - 1] == 0) {
            end--;
        }
        return new String(padded, 0, end, StandardCharsets.UTF_8);
    }

    private byte[] tag(byte[] padded) {
        byte[] about = (id + "\n" + context + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer all =
                ByteBuffer.allocate(about.length + padded.length).put(about).put(padded);
        return Arrays.copyOf(hmac(tagKey, all.array()), TAG);
    }

    private static byte[] hmac(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private byte[] crypt(byte[] counter, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, textKey, new IvParameterSpec(counter));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has AES in counter mode", e);
        }
    }

    @Override
    public String toString() {
        return "TokenKey[" + id + "]";
    }
}

package io.crmsdk.mail;

import io.crmsdk.model.EmailAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * An envelope sender that is different for each message (VERP), so that whatever comes back tells by the address it comes to which
 * message it is about, also where a server sends no more than words: {@code bounce+<token>@shop.example}.
 *
 * <p>The token is the message's id with an HMAC-SHA-256 over it and the address, cut to ten bytes, in base 32, which servers that
 * change the case of addresses cannot spoil. Nobody without the secret can make one. All recipients of a message share its token.
 * Immutable; shows no secret.
 */
public final class ReturnPath {
    private static final int MIN_SECRET = 32;
    private static final int ID = 16;
    private static final int TAG = 10;
    private static final int LONGEST_LOCAL = 64;
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";

    private final String local;
    private final String domain;
    private final List<SecretKeySpec> keys;

    private ReturnPath(String local, String domain, List<SecretKeySpec> keys) {
        this.local = local;
        this.domain = domain;
        this.keys = keys;
    }

    /**
     * Returns the return paths at an address.
     *
     * @param address where reports go; a mailbox that also takes mail for {@code local+anything@domain}
     * @param secret at least 32 random bytes, the same for all processes and as long as mail may come back
     * @throws MailException {@code CONFIG} if the secret is too short, or the local part too long for a token behind it
     */
    public static ReturnPath at(EmailAddress address, byte[] secret) {
        String wire = address.wire();
        String local = wire.substring(0, wire.lastIndexOf('@'));
        if (local.length() + 1 + length() > LONGEST_LOCAL || local.startsWith("\"")) {
            throw new MailException(
                    "CONFIG",
                    "return path: expected an unquoted local part of at most " + (LONGEST_LOCAL - 1 - length())
                            + " characters, so that a token fits behind it (RFC 5321 section 4.5.3.1.1)",
                    null);
        }
        return new ReturnPath(local, wire.substring(wire.lastIndexOf('@') + 1), List.of(key(secret)));
    }

    /**
     * Returns the same with an earlier secret, whose tokens are still read while new ones are made with the present one.
     *
     * @throws MailException {@code CONFIG} if the secret is too short
     */
    public ReturnPath alsoReading(byte[] earlierSecret) {
        List<SecretKeySpec> both = new ArrayList<>(keys);
        both.add(key(earlierSecret));
        return new ReturnPath(local, domain, List.copyOf(both));
    }

    private static SecretKeySpec key(byte[] secret) {
        if (secret.length < MIN_SECRET) {
            throw new MailException(
                    "CONFIG",
                    "return path secret: expected at least " + MIN_SECRET + " random bytes, got " + secret.length,
                    null);
        }
        return new SecretKeySpec(secret, "HmacSHA256");
    }

    private static int length() {
        return ((ID + TAG) * 8 + 4) / 5;
    }

    /**
     * Returns the envelope sender of a message.
     *
     * @param messageId the outbox's id of the message
     * @throws IllegalArgumentException if that is no such id
     */
    public EmailAddress of(String messageId) {
        UUID id = UUID.fromString(messageId);
        byte[] bytes = ByteBuffer.allocate(ID)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        byte[] token = ByteBuffer.allocate(ID + TAG)
                .put(bytes)
                .put(tag(keys.get(0), bytes))
                .array();
        return EmailAddress.parse(local + "+" + encode(token) + "@" + domain);
    }

    /** Returns the id of the message that an address was made for; empty if this did not make it exactly so, in any case of letters. */
    public Optional<String> messageId(String address) {
        int at = address.lastIndexOf('@');
        String head = local + "+";
        if (at < 0
                || !address.substring(at + 1).equalsIgnoreCase(domain)
                || !address.regionMatches(true, 0, head, 0, head.length())
                || at - head.length() != length()) {
            return Optional.empty();
        }
        byte[] token = decode(address.substring(head.length(), at).toLowerCase(Locale.ROOT));
        if (token == null) {
            return Optional.empty();
        }
        byte[] id = Arrays.copyOf(token, ID);
        byte[] tag = Arrays.copyOfRange(token, ID, ID + TAG);
        boolean ours = false;
        for (SecretKeySpec key : keys) {
            ours |= MessageDigest.isEqual(tag, tag(key, id));
        }
        ByteBuffer bytes = ByteBuffer.wrap(id);
        return ours ? Optional.of(new UUID(bytes.getLong(), bytes.getLong()).toString()) : Optional.empty();
    }

    private byte[] tag(SecretKeySpec key, byte[] id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update("crm-sdk return path\n".getBytes(StandardCharsets.UTF_8));
            mac.update((local + "@" + domain + "\n").toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(id), TAG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : bytes) {
            buffer = buffer << 8 | b & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(DIGITS.charAt(buffer >> bits & 31));
            }
        }
        if (bits > 0) {
            text.append(DIGITS.charAt(buffer << (5 - bits) & 31));
        }
        return text.toString();
    }

    private static byte @Nullable [] decode(String text) {
        byte[] bytes = new byte[ID + TAG];
        int size = 0;
        int buffer = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            buffer = buffer << 5 | digit;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[size++] = (byte) (buffer >> bits);
            }
        }
        // Bits left over would let several texts stand for one token.
        return (buffer & (1 << bits) - 1) == 0 ? bytes : null;
    }

    /** Shows the address, no secret. */
    @Override
    public String toString() {
        return "ReturnPath[" + local + "+…@" + domain + "]";
    }
}

package io.crmsdk.consent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns keys and outside ids into keyed hashes: the same input always gives the same, and without the pepper nobody can try
 * addresses against them. Thread-safe.
 */
final class Pepper {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_BYTES = 16;
    private static final int HEX = 32;

    private final Mac prototype;

    Pepper(byte[] secret) {
        if (secret.length < LEAST_BYTES) {
            throw new IllegalArgumentException("the pepper needs at least " + LEAST_BYTES + " bytes");
        }
        try {
            prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(secret, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    HashedKey hash(ConsentKey key) {
        if (key instanceof HashedKey hashed) {
            return hashed;
        }
        if (key instanceof SubjectKey subject) {
            return hashed('s', "subject\n" + subject.customerId());
        }
        ContactKey contact = (ContactKey) key;
        char kind = switch (contact.channel()) {
            case "email" -> 'e';
            case "phone" -> 'p';
            default -> 'o';
        };
        return hashed(kind, contact.channel() + "\n" + contact.address());
    }

    private HashedKey hashed(char kind, String text) {
        return new HashedKey(kind + hex(text));
    }

    /** An event id from a source and whatever that source uses to tell its events apart, addresses included. */
    String eventId(String source, String... parts) {
        StringBuilder text = new StringBuilder("event\n");
        for (String part : parts) {
            text.append(part.length()).append(':').append(part);
        }
        return source + ":" + hex(text.toString());
    }

    /** 32 hexadecimal digits. */
    String hex(String text) {
        return HexFormat.of().formatHex(mac(text), 0, HEX / 2);
    }

    private byte[] mac(String text) {
        Mac mac;
        try {
            mac = (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's HMAC can be copied", e);
        }
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}

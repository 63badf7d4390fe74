package io.crmsdk.mail.smtp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One conversation of SCRAM-SHA-256 (RFC 5802, 7677) without channel binding: the password is proven and not sent, and the server proves
 * that it knows it too. Used once, by one thread.
 */
final class Scram {
    /** The least that RFC 7677 section 4 allows, and a bound on what a server may make us work. */
    private static final int FEWEST = 4_096;

    private static final int MOST = 1_000_000;
    private static final String HEADER = "n,,";

    private final String password;
    private final String nonce;
    private final String bare;
    private String serverFinal = "";

    /** @param nonce printable, without a comma, never used before */
    Scram(String user, String password, String nonce) {
        this.password = password;
        this.nonce = nonce;
        this.bare = "n=" + prepared(user).replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    /** The server said something that it must not. */
    static final class UnprovenException extends Exception {
        private static final long serialVersionUID = 1L;

        UnprovenException(String what) {
            super(what);
        }
    }

    String first() {
        return HEADER + bare;
    }

    /** The proof, in answer to the server's challenge. */
    String proof(String challenge) throws UnprovenException {
        Map<Character, String> said = attributes(challenge);
        String both = said.getOrDefault('r', "");
        if (said.containsKey('m') || !both.startsWith(nonce) || both.length() == nonce.length()) {
            throw new UnprovenException("the server's challenge does not answer ours");
        }
        int rounds = rounds(said.getOrDefault('i', ""));
        byte[] salt = bytes(said.getOrDefault('s', ""));
        String ours = "c=" + base64(utf8(HEADER)) + ",r=" + both;
        byte[] text = utf8(bare + "," + challenge + "," + ours);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(prepared(password).toCharArray(), salt, rounds, 256))
                    .getEncoded();
            byte[] key = hmac(salted, utf8("Client Key"));
            byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(key), text);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= key[i];
            }
            serverFinal = "v=" + base64(hmac(hmac(salted, utf8("Server Key")), text));
            return ours + ",p=" + base64(proof);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What a server that knows the password says at last. */
    String serverFinal() {
        return serverFinal;
    }

    /** Refuses a server that does not know the password. */
    void check(String said) throws UnprovenException {
        if (serverFinal.isEmpty() || !MessageDigest.isEqual(utf8(serverFinal), utf8(said))) {
            throw new UnprovenException("the server did not prove that it knows the password");
        }
    }

    private static int rounds(String text) throws UnprovenException {
        int rounds = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
        if (rounds < FEWEST || rounds > MOST) {
            throw new UnprovenException(
                    "the server asks for fewer than " + FEWEST + " or more than " + MOST + " rounds");
        }
        return rounds;
    }

    private static byte[] bytes(String base64) throws UnprovenException {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new UnprovenException("the server's salt is not Base64");
        }
        throw new UnprovenException("the server sent no salt");
    }

    private static Map<Character, String> attributes(String message) {
        Map<Character, String> attributes = new HashMap<>();
        for (String part : message.split(",", -1)) {
            if (part.length() >= 2 && part.charAt(1) == '=') {
                attributes.putIfAbsent(part.charAt(0), part.substring(2));
            }
        }
        return attributes;
    }

    /** The part of SASLprep (RFC 4013) that matters for what people type. */
    private static String prepared(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}

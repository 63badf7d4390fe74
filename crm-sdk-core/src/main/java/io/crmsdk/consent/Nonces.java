package io.crmsdk.consent;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Texts that nobody can guess. */
final class Nonces {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private Nonces() {}

    /** 32 hexadecimal digits. */
    static String fresh() {
        return HexFormat.of().formatHex(bytes(BYTES));
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}

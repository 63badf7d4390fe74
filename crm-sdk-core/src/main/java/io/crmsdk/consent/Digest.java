package io.crmsdk.consent;

import io.crmsdk.internal.Sha256;

/** SHA-256 over texts, as hexadecimal digits. */
final class Digest {
    private Digest() {}

    /** The digest of texts of which each but the last is known to hold no line break. */
    static String of(String... texts) {
        return Sha256.hex(String.join("\n", texts));
    }
}

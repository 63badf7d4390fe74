package io.crmsdk.identity;

/** 64-bit hashes of short texts (FNV-1a with a final mix): at a million values a collision is one in 37 million. */
final class Hash {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hash() {}

    static long of(CharSequence text) {
        long hash = OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return mix(hash);
    }

    static long mix(long hash) {
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        hash ^= hash >>> 32;
        hash *= 0xd6e8feb86659fd93L;
        return hash ^ hash >>> 32;
    }

    static long join(long a, long b) {
        return mix(a * PRIME ^ b);
    }

    /** 32 bits, never 0, which stands for absent. */
    static int small(CharSequence text) {
        int hash = (int) (of(text) >>> 32);
        return hash == 0 ? 1 : hash;
    }
}

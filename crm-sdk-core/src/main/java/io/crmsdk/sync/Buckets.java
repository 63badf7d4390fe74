package io.crmsdk.sync;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.BitSet;

/**
 * Both sides in 65,536 buckets, each the sum of the hashes of its records: the source's are added, the target's are taken away, so
 * that a bucket whose sum is zero holds the same on both. Sums do not depend on the order of reading, and unlike an exclusive or
 * they show a record that came twice. 1.5 MiB, however many records there are. Not thread-safe.
 */
final class Buckets {
    private static final int COUNT = 1 << 16;

    private final long[] first = new long[COUNT];
    private final long[] second = new long[COUNT];
    private final long[] links = new long[COUNT];
    private final BitSet suspects = new BitSet(COUNT);
    private final MessageDigest sha;

    Buckets() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static int bucket(String sourceId) {
        return (sourceId.hashCode() * 0x9E3779B9) >>> 16;
    }

    private ByteBuffer hash(String one, String other) {
        sha.update(one.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) '\n');
        return ByteBuffer.wrap(sha.digest(other.getBytes(StandardCharsets.UTF_8)));
    }

    void ours(String sourceId, Fields values) {
        ByteBuffer hash = hash(sourceId, values.json());
        first[bucket(sourceId)] += hash.getLong();
        second[bucket(sourceId)] += hash.getLong();
    }

    void theirs(String sourceId, Fields values) {
        ByteBuffer hash = hash(sourceId, values.json());
        first[bucket(sourceId)] -= hash.getLong();
        second[bucket(sourceId)] -= hash.getLong();
    }

    /** A link that the books know. */
    void known(String sourceId, String targetId) {
        links[bucket(sourceId)] += hash(sourceId, targetId).getLong();
    }

    /** A link whose source's record was met. */
    void met(String sourceId, String targetId) {
        links[bucket(sourceId)] -= hash(sourceId, targetId).getLong();
    }

    /** Has to be looked at whatever the sums say. */
    void suspect(String sourceId) {
        suspects.set(bucket(sourceId));
    }

    boolean differs(String sourceId) {
        return differs(bucket(sourceId));
    }

    private boolean differs(int bucket) {
        return first[bucket] != 0 || second[bucket] != 0 || links[bucket] != 0 || suspects.get(bucket);
    }

    int differing() {
        int count = 0;
        for (int bucket = 0; bucket < COUNT; bucket++) {
            count += differs(bucket) ? 1 : 0;
        }
        return count;
    }
}

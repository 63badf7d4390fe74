package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;

/** A sum over rows: the same for the same rows in any order. It tells copies, it proves nothing against a forger. */
final class Fingerprint {
    private final MessageDigest digest;
    private long high;
    private long low;
    private long rows;

    Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void header(List<String> names) {
        names.forEach(this::update);
        add();
    }

    void row(List<Cell> cells) {
        for (Cell cell : cells) {
            digest.update((byte) cell.kind().ordinal());
            update(cell.text());
        }
        add();
    }

    private void update(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    private void add() {
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        high += hash.getLong();
        low += hash.getLong();
        rows++;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "rows-%d-%016x%016x", rows - 1, high, low);
    }
}

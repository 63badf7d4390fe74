package io.crmsdk.identity;

import java.util.Arrays;

/** Records by the keys they share: two parallel arrays, sorted by key. */
final class Blocks {
    private static final int RADIX = 1 << 16;

    private long[] keys;
    private int[] records;
    private int size;

    Blocks(int expected) {
        keys = new long[Math.max(16, expected)];
        records = new int[keys.length];
    }

    void add(long key, int record) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size + (size >> 1));
            records = Arrays.copyOf(records, keys.length);
        }
        keys[size] = key;
        records[size++] = record;
    }

    /** One run of records with the same key. */
    @FunctionalInterface
    interface Visitor {
        void block(long key, int[] records, int from, int to);
    }

    /** Visits every key that at least two records have, records in ascending order, each once. */
    void visit(Visitor visitor) {
        sort();
        int from = 0;
        while (from < size) {
            int to = from + 1;
            int kept = from + 1;
            while (to < size && keys[to] == keys[from]) {
                if (records[to] != records[kept - 1]) {
                    records[kept++] = records[to];
                }
                to++;
            }
            if (kept - from > 1) {
                visitor.block(keys[from], records, from, kept);
            }
            from = to;
        }
    }

    /** Least significant digit first: stable, so records stay ascending within a key. */
    private void sort() {
        long[] fromKeys = keys;
        int[] fromRecords = records;
        long[] toKeys = new long[size];
        int[] toRecords = new int[size];
        int[] starts = new int[RADIX + 1];
        for (int shift = 0; shift < 64; shift += 16) {
            Arrays.fill(starts, 0);
            for (int i = 0; i < size; i++) {
                starts[(int) (fromKeys[i] >>> shift & RADIX - 1) + 1]++;
            }
            for (int i = 1; i <= RADIX; i++) {
                starts[i] += starts[i - 1];
            }
            for (int i = 0; i < size; i++) {
                int at = starts[(int) (fromKeys[i] >>> shift & RADIX - 1)]++;
                toKeys[at] = fromKeys[i];
                toRecords[at] = fromRecords[i];
            }
            long[] freeKeys = fromKeys;
            int[] freeRecords = fromRecords;
            fromKeys = toKeys;
            fromRecords = toRecords;
            toKeys = freeKeys;
            toRecords = freeRecords;
        }
        keys = fromKeys;
        records = fromRecords;
    }
}

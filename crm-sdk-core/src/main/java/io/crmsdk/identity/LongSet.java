package io.crmsdk.identity;

/** A set of longs in one array; 0 is kept apart. */
final class LongSet {
    private long[] table = new long[1024];
    private int size;
    private boolean zero;

    /** Whether it is new. */
    boolean add(long value) {
        if (value == 0) {
            boolean added = !zero;
            zero = true;
            return added;
        }
        if (size * 3L > table.length * 2L) {
            grow();
        }
        int at = slot(table, value);
        if (table[at] == value) {
            return false;
        }
        table[at] = value;
        size++;
        return true;
    }

    private static int slot(long[] table, long value) {
        int mask = table.length - 1;
        int at = (int) Hash.mix(value) & mask;
        while (table[at] != 0 && table[at] != value) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long value : table) {
            if (value != 0) {
                larger[slot(larger, value)] = value;
            }
        }
        table = larger;
    }
}

package io.crmsdk.identity;

/** How often names occur, in a table of small counters: collisions only make a name look more common than it is. */
final class Commonness {
    /** The rarest name says no more. */
    static final double MOST_BITS = 14;

    private final int[] counts;
    private final int mask;
    private long total;

    Commonness(int expected) {
        int size = Integer.highestOneBit(Math.max(1024, expected)) * 2;
        counts = new int[size];
        mask = size - 1;
    }

    void add(String name) {
        if (!name.isEmpty()) {
            counts[(int) Hash.of(name) & mask]++;
            total++;
        }
    }

    double bits(String name) {
        int seen = Math.max(2, counts[(int) Hash.of(name) & mask]);
        double bits = Math.log((double) Math.max(total, 1000) / seen) / Math.log(2);
        return Math.max(2, Math.min(MOST_BITS, bits));
    }
}

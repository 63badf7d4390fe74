package io.crmsdk.identity;

/**
 * How much it says that two records bear one name. Of so many bearers two are the same person the more seldom the more there
 * are, however many other records there be. So a new record changes the weight of its own name only, at three numbers of
 * bearers, and a name's weight never depends on what was loaded before.
 */
final class Commonness {
    /** The rarest name says no more. */
    static final double MOST_BITS = 12;

    /** Of a name whose bearers nobody has counted. */
    static final double UNCOUNTED_BITS = 8;

    /** So many bearers say as much as one. */
    static final int RARE = 4;

    /** More bearers than this need not be counted. */
    static final int COUNTED = 64;

    private Commonness() {}

    static double bits(int bearers) {
        return bearers <= RARE ? MOST_BITS : bearers <= 16 ? 10 : bearers <= COUNTED ? 8 : 6;
    }

    /** Whether one bearer more changes what the name says. */
    static boolean changesAfter(int bearers) {
        return bits(bearers) != bits(bearers + 1);
    }
}

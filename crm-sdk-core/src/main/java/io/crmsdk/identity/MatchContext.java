package io.crmsdk.identity;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;

/**
 * What is known of all records together while two of them are judged: which values have become generic, since too many
 * different people share them, and how common a name is. Immutable, serialisable.
 */
public final class MatchContext implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final MatchContext EMPTY = new MatchContext(new long[0], new long[0], new int[0], false);

    private final long[] generic;
    private final long[] names;
    private final int[] bearers;
    private final boolean counted;

    private MatchContext(long[] sortedGeneric, long[] sortedNames, int[] bearers, boolean counted) {
        this.generic = sortedGeneric;
        this.names = sortedNames;
        this.bearers = bearers;
        this.counted = counted;
    }

    /** Which values have become generic, in any order; no name is counted. */
    static MatchContext ofGeneric(long[] keys) {
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        return new MatchContext(sorted, new long[0], new int[0], false);
    }

    /**
     * What is known of all records.
     *
     * @param generic values that have become generic, in any order
     * @param bearers how many records bear a name, by {@link BlockKeys#written}; names that are not there are rare
     */
    static MatchContext of(long[] generic, SortedMap<Long, Integer> bearers) {
        long[] sorted = generic.clone();
        Arrays.sort(sorted);
        long[] names = new long[bearers.size()];
        int[] counts = new int[names.length];
        int at = 0;
        for (Map.Entry<Long, Integer> entry : bearers.entrySet()) {
            names[at] = entry.getKey();
            counts[at++] = entry.getValue();
        }
        return new MatchContext(sorted, names, counts, true);
    }

    /** Nothing is known but the two records. */
    public static MatchContext none() {
        return EMPTY;
    }

    boolean isGeneric(long key) {
        return generic.length > 0 && Arrays.binarySearch(generic, key) >= 0;
    }

    /** How many bits it says that two records have this one's name. */
    double nameBits(Evidence e) {
        if (!counted) {
            return Commonness.UNCOUNTED_BITS;
        }
        double least = Commonness.MOST_BITS;
        for (long name : BlockKeys.written(e)) {
            int at = Arrays.binarySearch(names, name);
            least = at < 0 ? least : Math.min(least, Commonness.bits(bearers[at]));
        }
        return least;
    }

    /** How many values are generic. */
    public int genericValues() {
        return generic.length;
    }
}

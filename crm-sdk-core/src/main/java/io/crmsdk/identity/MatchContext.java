package io.crmsdk.identity;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What is known of all records together while two of them are judged: which values have become generic, since too many
 * different people share them, and how common a name is. Immutable, serialisable.
 */
public final class MatchContext implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final MatchContext EMPTY = new MatchContext(new long[0], null);

    private final long[] generic;
    private final transient @org.jspecify.annotations.Nullable Commonness commonness;

    MatchContext(long[] sortedGeneric, @org.jspecify.annotations.Nullable Commonness commonness) {
        this.generic = sortedGeneric;
        this.commonness = commonness;
    }

    /** Nothing is known but the two records. */
    public static MatchContext none() {
        return EMPTY;
    }

    static MatchContext ofGeneric(long[] keys) {
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        return new MatchContext(sorted, null);
    }

    boolean isGeneric(long key) {
        return generic.length > 0 && Arrays.binarySearch(generic, key) >= 0;
    }

    /** How many bits it says that two records have this name; 8 if nothing is known of all records. */
    double nameBits(String name) {
        return commonness == null ? 8 : commonness.bits(name);
    }

    /** How many values are generic. */
    public int genericValues() {
        return generic.length;
    }
}

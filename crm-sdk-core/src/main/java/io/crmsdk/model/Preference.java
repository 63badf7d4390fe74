package io.crmsdk.model;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The order of contact points: 1 is the first choice, 100 the last, none comes after all. */
final class Preference {
    private Preference() {}

    static void check(String field, @Nullable Integer preference) {
        if (preference != null && (preference < 1 || preference > 100)) {
            throw new ModelException("MALFORMED", field, "expected 1 to 100, got " + preference);
        }
    }

    static <T> @Nullable T best(List<T> points, Function<T, @Nullable Integer> preference) {
        T best = null;
        int bestRank = Integer.MAX_VALUE;
        for (T point : points) {
            Integer stated = preference.apply(point);
            int rank = stated == null ? 101 : stated;
            if (rank < bestRank) {
                best = point;
                bestRank = rank;
            }
        }
        return best;
    }
}

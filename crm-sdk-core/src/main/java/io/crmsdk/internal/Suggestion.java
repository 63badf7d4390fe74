package io.crmsdk.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody who misspelt a word most likely meant. */
public final class Suggestion {
    private static final int LETTERS_A_SLIP = 3;

    private Suggestion() {}

    /**
     * To be put behind a message: {@code "; did you mean review.score?"}, or nothing if no known word is near.
     *
     * @param word as it was written
     * @param known the words that are known, in any order
     */
    public static String of(String word, Collection<String> known) {
        String written = word.toLowerCase(Locale.ROOT);
        int limit = Math.max(1, word.length() / LETTERS_A_SLIP);
        Optional<String> nearest = known.stream()
                .filter(one -> distance(written, one, limit) <= limit)
                .min(Comparator.<String>comparingInt(one -> distance(written, one, limit))
                        .thenComparing(Comparator.naturalOrder()));
        return nearest.map(one -> "; did you mean " + one + "?").orElse("");
    }

    private static int distance(String written, String known, int limit) {
        return Edits.distance(written, known.toLowerCase(Locale.ROOT), limit);
    }
}

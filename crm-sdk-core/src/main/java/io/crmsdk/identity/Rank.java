package io.crmsdk.identity;

/**
 * Where a question stands in the queue, and which of several about the same two customers is asked: the one that stands first.
 * Depends on nothing but the two records, so that everybody who knows the same records asks the same questions.
 *
 * @param score what speaks for one customer
 * @param tie orders equal scores
 */
record Rank(double score, long tie) implements Comparable<Rank> {
    /** By the names of the two records' origins, in either order. */
    static Rank of(double score, String a, String b) {
        return new Rank(score, Hash.of(a.compareTo(b) < 0 ? a + "\n" + b : b + "\n" + a));
    }

    /** The most telling first. */
    @Override
    public int compareTo(Rank other) {
        int byScore = Double.compare(other.score, score);
        return byScore != 0 ? byScore : Long.compare(tie, other.tie);
    }
}

package io.crmsdk.internal;

/** How many slips of the keyboard lie between two texts. */
public final class Edits {
    private Edits() {}

    /** Insertions, deletions, replacements and swaps of neighbours; {@code limit + 1} stands for more than the limit. */
    public static int distance(CharSequence a, CharSequence b, int limit) {
        int n = a.length();
        int m = b.length();
        if (Math.abs(n - m) > limit) {
            return limit + 1;
        }
        int[] twoAgo = new int[m + 1];
        int[] last = new int[m + 1];
        int[] row = new int[m + 1];
        for (int j = 0; j <= m; j++) {
            last[j] = j;
        }
        for (int i = 1; i <= n; i++) {
            row[0] = i;
            int best = i;
            for (int j = 1; j <= m; j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int d = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d = Math.min(d, twoAgo[j - 2] + 1);
                }
                row[j] = d;
                best = Math.min(best, d);
            }
            if (best > limit) {
                return limit + 1;
            }
            int[] free = twoAgo;
            twoAgo = last;
            last = row;
            row = free;
        }
        return Math.min(last[m], limit + 1);
    }
}

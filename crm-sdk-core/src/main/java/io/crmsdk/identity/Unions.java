package io.crmsdk.identity;

/** Connected components, each named by its lowest record. */
final class Unions {
    private Unions() {}

    static int[] of(int size, Pairs pairs) {
        int[] parent = new int[size];
        for (int i = 0; i < size; i++) {
            parent[i] = i;
        }
        for (int p = 0; p < pairs.size(); p++) {
            int x = root(parent, pairs.a(p));
            int y = root(parent, pairs.b(p));
            parent[Math.max(x, y)] = Math.min(x, y);
        }
        for (int i = 0; i < size; i++) {
            parent[i] = root(parent, i);
        }
        return parent;
    }

    private static int root(int[] parent, int i) {
        int at = i;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }
}

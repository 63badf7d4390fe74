package io.crmsdk.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides records that strong keys join, directly or through others, into customers: all at once, so that the order in which
 * they came does not matter.
 *
 * <p>Where no two of them must stay apart, they are one customer. Else a record whose keys join it to two that must stay
 * apart is taken out first (it was typed from two people's data, or the value is shared), all such records at the same time.
 * If that is not enough, links are cut from the weakest up, all of the same strength together. Neither step ever chooses
 * between equals, so equal evidence always has equal consequences; what was cut is asked instead.
 *
 * <p>What people decided comes before all evidence: records that somebody joined count as one from the start, and records
 * that somebody kept apart must stay apart.
 */
final class Component {
    /** A component of more records is no evidence of one customer any more: its records stay alone. */
    static final int LARGEST = 300;

    private final int size;
    private final int[] group;
    private final List<Edge> edges = new ArrayList<>();
    /** Only records that must stay apart from somebody have a row: people may join any number of records. */
    private final Map<Integer, BitSet> apart = new HashMap<>();

    private record Edge(int a, int b, double score) {}

    /** So many records, by number from 0. */
    Component(int size) {
        this.size = size;
        this.group = new int[size];
        for (int i = 0; i < size; i++) {
            group[i] = i;
        }
    }

    /** A person joined the two. To be said before anything else. */
    void join(int a, int b) {
        int x = root(group, a);
        int y = root(group, b);
        group[Math.max(x, y)] = Math.min(x, y);
    }

    /** Strong keys join the two. */
    void link(int a, int b, double score) {
        int x = root(group, a);
        int y = root(group, b);
        if (x != y) {
            edges.add(new Edge(x, y, score));
        }
    }

    /** The two must not be one customer, unless a person has joined them. */
    void keepApart(int a, int b) {
        int x = root(group, a);
        int y = root(group, b);
        if (x != y) {
            apart.computeIfAbsent(x, row -> new BitSet()).set(y);
            apart.computeIfAbsent(y, row -> new BitSet()).set(x);
        }
    }

    private boolean isApart(int x, int y) {
        BitSet row = apart.get(x);
        return row != null && row.get(y);
    }

    /** For each record the number of one record of its customer; equal for two records if they are one customer. */
    int[] solve() {
        List<Edge> kept = new ArrayList<>(edges);
        kept.removeIf(edge -> isApart(edge.a, edge.b));
        int[] label = labels(kept);
        if (torn(label)) {
            removeAmbiguous(kept);
            label = labels(kept);
            while (torn(label)) {
                cutWeakest(kept, label);
                label = labels(kept);
            }
        }
        int[] result = new int[size];
        for (int i = 0; i < size; i++) {
            result[i] = label[root(group, i)];
        }
        return result;
    }

    private int[] labels(List<Edge> kept) {
        int[] parent = new int[size];
        for (int i = 0; i < size; i++) {
            parent[i] = i;
        }
        for (Edge edge : kept) {
            int a = root(parent, edge.a);
            int b = root(parent, edge.b);
            parent[Math.max(a, b)] = Math.min(a, b);
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

    private boolean torn(int[] label) {
        for (int i : apart.keySet()) {
            if (torn(label, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean torn(int[] label, int i) {
        BitSet row = apart.get(i);
        return row != null && row.stream().anyMatch(j -> label[i] == label[j]);
    }

    private void removeAmbiguous(List<Edge> kept) {
        boolean[] ambiguous = new boolean[size];
        List<List<Integer>> neighbours = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            neighbours.add(new ArrayList<>());
        }
        for (Edge edge : kept) {
            neighbours.get(edge.a).add(edge.b);
            neighbours.get(edge.b).add(edge.a);
        }
        for (int i = 0; i < size; i++) {
            ambiguous[i] = joinsApart(neighbours.get(i));
        }
        kept.removeIf(edge -> ambiguous[edge.a] || ambiguous[edge.b]);
    }

    private boolean joinsApart(List<Integer> neighbours) {
        for (int x : neighbours) {
            for (int y : neighbours) {
                if (isApart(x, y)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** In each customer that is torn: the links of its lowest score. */
    private void cutWeakest(List<Edge> kept, int[] label) {
        boolean[] isTorn = new boolean[size];
        double[] weakest = new double[size];
        Arrays.fill(weakest, Double.POSITIVE_INFINITY);
        for (int i = 0; i < size; i++) {
            isTorn[label[i]] |= torn(label, i);
        }
        for (Edge edge : kept) {
            int at = label[edge.a];
            weakest[at] = Math.min(weakest[at], edge.score);
        }
        kept.removeIf(edge -> isTorn[label[edge.a]] && edge.score <= weakest[label[edge.a]]);
    }
}

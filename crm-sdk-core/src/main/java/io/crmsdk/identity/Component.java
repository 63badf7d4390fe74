package io.crmsdk.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private final boolean[] apart;
    private boolean anyApart;

    private record Edge(int a, int b, double score) {}

    /** So many records, by number from 0. */
    Component(int size) {
        this.size = size;
        this.group = new int[size];
        this.apart = new boolean[size * size];
        for (int i = 0; i < size; i++) {
            group[i] = i;
        }
    }

    /** A person joined the two. To be said before anything else. */
    void join(int a, int b) {
        int from = group[a];
        int to = group[b];
        for (int i = 0; i < size; i++) {
            group[i] = group[i] == from ? to : group[i];
        }
    }

    /** Strong keys join the two. */
    void link(int a, int b, double score) {
        if (group[a] != group[b]) {
            edges.add(new Edge(group[a], group[b], score));
        }
    }

    /** The two must not be one customer, unless a person has joined them. */
    void keepApart(int a, int b) {
        int x = group[a];
        int y = group[b];
        if (x != y) {
            apart[x * size + y] = true;
            apart[y * size + x] = true;
            anyApart = true;
        }
    }

    /** For each record the number of one record of its customer; equal for two records if they are one customer. */
    int[] solve() {
        List<Edge> kept = new ArrayList<>(edges);
        kept.removeIf(edge -> apart[edge.a * size + edge.b]);
        int[] label = labels(kept);
        if (anyApart && torn(label)) {
            removeAmbiguous(kept);
            label = labels(kept);
            while (torn(label)) {
                cutWeakest(kept, label);
                label = labels(kept);
            }
        }
        int[] result = new int[size];
        for (int i = 0; i < size; i++) {
            result[i] = label[group[i]];
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
        for (int i = 0; i < size; i++) {
            if (torn(label, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean torn(int[] label, int i) {
        for (int j = i + 1; j < size; j++) {
            if (apart[i * size + j] && label[i] == label[j]) {
                return true;
            }
        }
        return false;
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
                if (apart[x * size + y]) {
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

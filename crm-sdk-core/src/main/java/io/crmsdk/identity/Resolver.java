package io.crmsdk.identity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Resolves many records at once, in memory and without a store: the same decisions that a registry takes one by one.
 *
 * <p>Takes about 250 bytes a record. Not thread-safe.
 *
 * <pre>{@code
 * Resolver resolver = Resolver.of(MatchRules.defaults());
 * resolver.add("crm-1", "crm", evidence);
 * Resolution resolution = resolver.resolve();
 * }</pre>
 */
public final class Resolver {
    private final MatchRules rules;
    private final boolean acrossSourcesOnly;
    private final List<String> ids = new ArrayList<>();
    private final List<Evidence> records = new ArrayList<>();
    private final Map<String, Integer> sourceNumbers = new HashMap<>();
    private int[] sources = new int[1024];

    private Resolver(MatchRules rules, boolean acrossSourcesOnly) {
        this.rules = Objects.requireNonNull(rules, "rules");
        this.acrossSourcesOnly = acrossSourcesOnly;
    }

    /** With these rules; any two records may be the same customer. */
    public static Resolver of(MatchRules rules) {
        return new Resolver(rules, false);
    }

    /** With these rules; two records of one source are known to be different customers, so only pairs across sources count. */
    public static Resolver acrossSources(MatchRules rules) {
        return new Resolver(rules, true);
    }

    /**
     * Adds a record.
     *
     * @param id names it in the result; the caller's business to keep unique
     * @param source where it comes from; empty if that does not matter
     * @param evidence what it says
     */
    public void add(String id, String source, Evidence evidence) {
        int number = ids.size();
        ids.add(Objects.requireNonNull(id, "id"));
        records.add(Objects.requireNonNull(evidence, "evidence"));
        if (number == sources.length) {
            sources = Arrays.copyOf(sources, number * 2);
        }
        Integer known = sourceNumbers.putIfAbsent(source, sourceNumbers.size());
        sources[number] = known == null ? sourceNumbers.size() - 1 : known;
    }

    /**
     * Adds a record as a registry takes it: named {@code system/instance/type/value} after its origin, which is also what
     * decides between two questions that are equally telling, so that the review queue is the same as the registry's.
     */
    public void add(SourceRecord record) {
        add(record.name(), record.origin().system(), Evidence.of(record.customer()));
    }

    /** How many records were added. */
    public int size() {
        return ids.size();
    }

    /** Decides on all records added so far, whatever their order. */
    public Resolution resolve() {
        return new Run().resolve();
    }

    /** One resolving; gone when it is done. */
    private final class Run {
        private final int size = records.size();
        private final Judge judge = new Judge(rules);
        private final Pairs links = new Pairs();
        private final Pairs reviews = new Pairs();
        private MatchContext context = MatchContext.none();

        Resolution resolve() {
            strong();
            for (int kind = 0; kind < BlockKeys.WEAK_KINDS; kind++) {
                weak(kind);
            }
            int[] customer = customers();
            return new Resolution(rules, ids, records, customer, links, reviews, context);
        }

        private void strong() {
            Blocks blocks = new Blocks(size * 3);
            for (int i = 0; i < size; i++) {
                int record = i;
                BlockKeys.strong(records.get(i), key -> blocks.add(key, record));
            }
            long[] generic = generic(blocks);
            context = MatchContext.of(generic, bearers());
            blocks.visit((key, block, from, to) -> {
                if (Arrays.binarySearch(generic, key) < 0) {
                    pairs(block, from, to);
                }
            });
        }

        private long[] generic(Blocks blocks) {
            List<Long> found = new ArrayList<>();
            blocks.visit((key, block, from, to) -> {
                if (to - from > rules.genericNames() && isGeneric(key, block, from, to)) {
                    found.add(key);
                }
            });
            return found.stream().mapToLong(Long::longValue).sorted().toArray();
        }

        /** Of the names that are not rare. */
        private SortedMap<Long, Integer> bearers() {
            Blocks blocks = new Blocks(size);
            for (int i = 0; i < size; i++) {
                int record = i;
                BlockKeys.names(records.get(i), key -> blocks.add(key, record));
            }
            SortedMap<Long, Integer> bearers = new TreeMap<>();
            blocks.visit((key, block, from, to) -> {
                if (to - from > Commonness.RARE) {
                    bearers.put(key, to - from);
                }
            });
            return bearers;
        }

        private boolean isGeneric(long key, int[] block, int from, int to) {
            List<String> names = new ArrayList<>();
            for (int i = from; i < to && to - from <= Generic.most(rules, key); i++) {
                names.add(records.get(block[i]).name);
            }
            return Generic.isGeneric(rules, key, to - from, names);
        }

        private void weak(int kind) {
            Blocks blocks = new Blocks(size);
            for (int i = 0; i < size; i++) {
                int record = i;
                BlockKeys.weak(kind, records.get(i), key -> blocks.add(key, record));
            }
            blocks.visit((key, block, from, to) -> {
                if (to - from <= BlockKeys.MOST_IN_WEAK) {
                    pairs(block, from, to);
                }
            });
        }

        private void pairs(int[] block, int from, int to) {
            for (int i = from; i < to; i++) {
                for (int j = i + 1; j < to; j++) {
                    if (!acrossSourcesOnly || sources[block[i]] != sources[block[j]]) {
                        pair(block[i], block[j]);
                    }
                }
            }
        }

        private void pair(int a, int b) {
            Judge.Judged judged = judge.judge(records.get(a), records.get(b), context);
            switch (judged.code().verdict()) {
                case LINK -> links.add(a, b, judged.code(), judged.strength());
                case REVIEW -> reviews.add(a, b, judged.code(), judged.score());
                case DISTINCT -> {}
            }
        }

        /** For each record the lowest record of its customer. */
        private int[] customers() {
            int[] component = Unions.of(size, links);
            int[] customer = new int[size];
            Map<Integer, List<Integer>> members = new HashMap<>();
            for (int i = 0; i < size; i++) {
                customer[i] = i;
                if (component[i] != i) {
                    members.computeIfAbsent(component[i], first -> new ArrayList<>(List.of(first)))
                            .add(i);
                }
            }
            Map<Integer, List<Integer>> edges = new HashMap<>();
            for (int p = 0; p < links.size(); p++) {
                edges.computeIfAbsent(component[links.a(p)], first -> new ArrayList<>(4))
                        .add(p);
            }
            members.forEach((first, list) -> solve(list, Objects.requireNonNull(edges.get(first)), customer));
            return customer;
        }

        private void solve(List<Integer> members, List<Integer> edges, int[] customer) {
            if (members.size() > Component.LARGEST) {
                return;
            }
            Map<Integer, Integer> at = new HashMap<>();
            members.forEach(member -> at.put(member, at.size()));
            Component part = new Component(members.size());
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    if (apart(members.get(i), members.get(j))) {
                        part.keepApart(i, j);
                    }
                }
            }
            for (int p : edges) {
                part.link(number(at, links.a(p)), number(at, links.b(p)), links.score(p));
            }
            int[] label = part.solve();
            for (int i = 0; i < label.length; i++) {
                customer[members.get(i)] = members.get(label[i]);
            }
        }

        private static int number(Map<Integer, Integer> at, int record) {
            return Objects.requireNonNull(at.get(record));
        }

        private boolean apart(int a, int b) {
            boolean oneSource = acrossSourcesOnly && sources[a] == sources[b];
            Evidence x = records.get(a);
            Evidence y = records.get(b);
            return oneSource || !x.saysTheSameOfItsBearer(y) && judge.apart(new Facts(x, y, context));
        }
    }
}

package io.crmsdk.identity;

import io.crmsdk.identity.DecisionTable.Decided;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The records around some that changed, as far as strong keys and decisions of people reach. Solving it gives the same customers
 * as solving all records at once, since nothing outside is joined to anything inside.
 *
 * <p>It does not grow with what is stored. Whatever hangs together without the changed records was so before; where that is more
 * than {@link Component#LARGEST} records, evidence has joined none of them and joins none now, so nobody need look further.
 */
final class Neighbourhood {
    /** So many at a time, so that a bound is not passed by much. */
    private static final int STEP = 32;

    private final Connection connection;
    private final Known known;
    private final RecordTable records;
    private final DecisionTable decisions;
    private final MatchRules rules;
    private final Judge judge;
    private final boolean people;

    /** Everything that was looked at, by id. */
    final Map<String, StoredRecord> seen = new HashMap<>();
    /** What may belong to another customer than before, by id. */
    final Map<String, StoredRecord> inside = new TreeMap<>();

    /** Customers that people made of more records than evidence could join, and of whom not all are inside. */
    final Set<String> partial = new TreeSet<>();

    private final Set<Decided> decided = new HashSet<>();
    private final Map<Decided, Linked> links = new HashMap<>();
    private final Set<String> changed = new TreeSet<>();
    private final Set<String> waiting = new TreeSet<>();
    /** What hangs together without the changed records. */
    private final Map<String, String> pieces = new HashMap<>();

    private final Map<String, Integer> sizes = new HashMap<>();

    /** A pair that strong keys join. */
    record Linked(String a, String b, double strength) {}

    /**
     * Nothing yet.
     *
     * @param connection in whose transaction it looks
     * @param people whether people decided something: all that they ever joined is looked at then, however much it is
     */
    Neighbourhood(
            Connection connection,
            RecordTable records,
            KeyTable keys,
            DecisionTable decisions,
            MatchRules rules,
            boolean people) {
        this.connection = connection;
        this.known = new Known(connection, records, keys, rules, seen);
        this.records = records;
        this.decisions = decisions;
        this.rules = rules;
        this.judge = new Judge(rules);
        this.people = people;
    }

    /** Links of this record, in no order. */
    List<Linked> linksOf(String id) {
        return links.values().stream()
                .filter(link -> link.a().equals(id) || link.b().equals(id))
                .toList();
    }

    /** Follows everything from the records that changed. */
    void explore(Collection<String> seeds) throws SQLException {
        changed.addAll(seeds);
        waiting.addAll(seeds);
        while (!waiting.isEmpty()) {
            List<String> some = waiting.stream().limit(STEP).toList();
            some.forEach(waiting::remove);
            step(some.stream().filter(id -> people || !isTooLarge(id)).toList());
        }
        Set<String> joinedByPeople = new TreeSet<>();
        decided.stream().filter(Decided::same).forEach(pair -> {
            joinedByPeople.add(pair.a());
            joinedByPeople.add(pair.b());
        });
        known.records(joinedByPeople);
    }

    private boolean isTooLarge(String id) {
        return sizes.getOrDefault(root(pieces, id), 1) > Component.LARGEST;
    }

    private void step(List<String> some) throws SQLException {
        Map<String, StoredRecord> found = known.records(some);
        inside.putAll(found);
        Set<String> customers = new TreeSet<>();
        found.values().forEach(record -> customers.add(record.customerId));
        for (String customer : customers) {
            // Present mates are looked at as well, in case that they were joined under other rules.
            Map<String, StoredRecord> mates = records.ofCustomer(connection, customer, Component.LARGEST + 1);
            if (mates.size() <= Component.LARGEST) {
                mates.forEach(seen::putIfAbsent);
                mates.keySet().forEach(this::visit);
            }
        }
        for (Decided pair : decisions.about(connection, found.keySet())) {
            decided.add(pair);
            if (pair.same()) {
                joined(pair.a(), pair.b());
            }
        }
        Map<String, StoredRecord> open = new TreeMap<>(found);
        open.keySet().removeIf(this::isTooLarge);
        Map<String, Collection<String>> candidates = new TreeMap<>();
        Set<String> all = new TreeSet<>(open.keySet());
        for (StoredRecord record : open.values()) {
            Set<String> own = Double.isInfinite(rules.linkScore())
                    ? known.sharers(record.evidence())
                    : known.candidates(record.evidence());
            candidates.put(record.id, own);
            all.addAll(own);
        }
        Collection<StoredRecord> compared = known.records(all).values();
        MatchContext context = Double.isInfinite(rules.linkScore()) ? known.values(compared) : known.context(compared);
        candidates.forEach((id, others) -> others.forEach(other -> link(id, other, context)));
    }

    private void visit(String id) {
        if (!inside.containsKey(id)) {
            waiting.add(id);
        }
    }

    /** Evidence or people join the two. */
    private void joined(String a, String b) {
        if (!changed.contains(a) && !changed.contains(b)) {
            String x = root(pieces, a);
            String y = root(pieces, b);
            if (!x.equals(y)) {
                sizes.put(x, sizes.getOrDefault(x, 1) + sizes.getOrDefault(y, 1));
                pieces.put(y, x);
            }
        }
        visit(a);
        visit(b);
    }

    private void link(String id, String other, MatchContext context) {
        StoredRecord a = seen.get(id);
        StoredRecord b = seen.get(other);
        Decided pair = Decided.of(id, other, true);
        if (a == null || b == null || id.equals(other) || links.containsKey(pair)) {
            return;
        }
        Judge.Judged judged = judge.judge(a.evidence(), b.evidence(), context);
        if (judged.code().verdict() == Verdict.LINK) {
            links.put(pair, new Linked(id, other, judged.strength()));
            joined(id, other);
        }
    }

    /**
     * For everything inside the id of its customer: that of the oldest record, so it does not change when younger ones join.
     */
    Map<String, String> customers() throws SQLException {
        Map<String, String> parent = new HashMap<>();
        links.values().forEach(link -> union(parent, link.a(), link.b()));
        decided.stream().filter(Decided::same).forEach(pair -> union(parent, pair.a(), pair.b()));
        Set<String> all = new TreeSet<>(inside.keySet());
        all.addAll(parent.keySet());
        all.addAll(parent.values());
        Map<String, List<String>> components = new TreeMap<>();
        for (String id : all) {
            if (seen.containsKey(id)) {
                components
                        .computeIfAbsent(root(parent, id), r -> new ArrayList<>())
                        .add(id);
            }
        }
        Map<String, String> customers = new TreeMap<>();
        for (List<String> members : components.values()) {
            solve(members, customers);
        }
        customers.keySet().retainAll(inside.keySet());
        return customers;
    }

    private void solve(List<String> members, Map<String, String> customers) throws SQLException {
        Map<String, Integer> at = new HashMap<>();
        members.forEach(id -> at.put(id, at.size()));
        Component component = new Component(members.size());
        for (Decided pair : decided) {
            if (pair.same() && at.containsKey(pair.a()) && at.containsKey(pair.b())) {
                component.join(number(at, pair.a()), number(at, pair.b()));
            }
        }
        if (members.size() <= Component.LARGEST) {
            keepApart(members, component);
            for (Linked link : links.values()) {
                if (at.containsKey(link.a()) && at.containsKey(link.b())) {
                    component.link(number(at, link.a()), number(at, link.b()), link.strength());
                }
            }
        }
        int[] label = component.solve();
        Map<Integer, List<StoredRecord>> groups = new TreeMap<>();
        for (int i = 0; i < label.length; i++) {
            groups.computeIfAbsent(label[i], l -> new ArrayList<>()).add(seen(members.get(i)));
        }
        groups.values().forEach(group -> named(group, customers));
    }

    private void named(List<StoredRecord> group, Map<String, String> customers) {
        // A group that goes on outside is one that people made, of more records than evidence could join: it stays as
        // it is.
        boolean whole = group.stream().allMatch(record -> inside.containsKey(record.id));
        StoredRecord oldest = group.stream()
                .min(Comparator.<StoredRecord>comparingLong(record -> record.createdUs)
                        .thenComparing(record -> record.id))
                .orElseThrow();
        if (!whole) {
            group.forEach(record -> partial.add(record.customerId));
        }
        group.forEach(record -> customers.put(record.id, whole ? oldest.id : record.customerId));
    }

    private static int number(Map<String, Integer> at, String id) {
        return Objects.requireNonNull(at.get(id));
    }

    private void keepApart(List<String> members, Component component) throws SQLException {
        MatchContext context = known.values(known.records(members).values());
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                Evidence a = seen(members.get(i)).evidence();
                Evidence b = seen(members.get(j)).evidence();
                boolean said = decided.contains(Decided.of(members.get(i), members.get(j), false));
                if (said || !a.saysTheSameOfItsBearer(b) && judge.apart(new Facts(a, b, context))) {
                    component.keepApart(i, j);
                }
            }
        }
    }

    private StoredRecord seen(String id) {
        return Objects.requireNonNull(seen.get(id), id);
    }

    private static void union(Map<String, String> parent, String a, String b) {
        String x = root(parent, a);
        String y = root(parent, b);
        if (x.compareTo(y) < 0) {
            parent.put(y, x);
        } else if (!x.equals(y)) {
            parent.put(x, y);
        }
    }

    private static String root(Map<String, String> parent, String id) {
        String root = id;
        for (String up = parent.get(root); up != null; up = parent.get(root)) {
            root = up;
        }
        // Shortened as it is walked: thousands of records that people joined one after the other are one long way.
        String at = id;
        while (!at.equals(root)) {
            String up = parent.put(at, root);
            at = up == null ? root : up;
        }
        return root;
    }
}

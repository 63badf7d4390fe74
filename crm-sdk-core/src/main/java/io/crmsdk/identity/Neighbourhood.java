package io.crmsdk.identity;

import io.crmsdk.identity.DecisionTable.Decided;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The records around some that changed, as far as strong keys, present customers and decisions of people reach. Solving it
 * gives the same customers as solving all records at once, since nothing outside is joined to anything inside.
 */
final class Neighbourhood {
    private final RecordTable records;
    private final KeyTable keys;
    private final DecisionTable decisions;
    private final Judge judge;
    private final int largestBlock;

    /** Everything that was looked at, by id. */
    final Map<String, StoredRecord> seen = new HashMap<>();
    /** What belongs to the components, by id. */
    final Map<String, StoredRecord> inside = new TreeMap<>();

    final Set<Decided> decided = new HashSet<>();
    final Map<Decided, Linked> links = new HashMap<>();
    private final Set<Long> generic = new HashSet<>();
    private final Set<Long> asked = new HashSet<>();

    /** A pair that strong keys join. */
    record Linked(String a, String b, double score) {}

    Neighbourhood(RecordTable records, KeyTable keys, DecisionTable decisions, MatchRules rules) {
        this.records = records;
        this.keys = keys;
        this.decisions = decisions;
        this.judge = new Judge(rules);
        this.largestBlock = rules.genericRecords();
    }

    MatchContext context() {
        return MatchContext.ofGeneric(
                generic.stream().mapToLong(Long::longValue).toArray());
    }

    /** Follows everything from these records. */
    void explore(Connection connection, Collection<String> seeds) throws SQLException {
        Set<String> frontier = new TreeSet<>(seeds);
        while (!frontier.isEmpty()) {
            frontier = step(connection, frontier);
        }
    }

    private Set<String> step(Connection connection, Set<String> frontier) throws SQLException {
        load(connection, frontier);
        Set<String> customers = new HashSet<>();
        for (String id : frontier) {
            StoredRecord record = seen.get(id);
            if (record != null) {
                inside.put(id, record);
                customers.add(record.customerId);
            }
        }
        Set<String> next = new TreeSet<>();
        for (StoredRecord mate : records.ofCustomers(connection, customers).values()) {
            seen.putIfAbsent(mate.id, mate);
            next.add(mate.id);
        }
        for (Decided pair : decisions.about(connection, frontier)) {
            decided.add(pair);
            if (pair.same()) {
                next.add(pair.a());
                next.add(pair.b());
            }
        }
        links(connection, frontier, next);
        next.removeAll(inside.keySet());
        return next;
    }

    private void load(Connection connection, Collection<String> ids) throws SQLException {
        List<String> missing = ids.stream().filter(id -> !seen.containsKey(id)).toList();
        if (!missing.isEmpty()) {
            seen.putAll(records.byIds(connection, missing));
        }
    }

    private void links(Connection connection, Set<String> frontier, Set<String> next) throws SQLException {
        Map<String, List<Long>> keysOf = new HashMap<>();
        Set<Long> all = new TreeSet<>();
        for (String id : frontier) {
            StoredRecord record = seen.get(id);
            if (record != null) {
                List<Long> own = new ArrayList<>();
                BlockKeys.strong(record.evidence(), own::add);
                keysOf.put(id, own);
                all.addAll(own);
            }
        }
        all.removeAll(asked);
        generic.addAll(keys.generic(connection, all));
        asked.addAll(all);
        Map<Long, List<String>> sharers = new HashMap<>();
        for (List<Long> own : keysOf.values()) {
            List<Long> open = own.stream()
                    .filter(key -> !generic.contains(key) && !sharers.containsKey(key))
                    .toList();
            sharers.putAll(keys.sharers(connection, open, largestBlock + 1));
        }
        Set<String> others = new TreeSet<>();
        sharers.values().forEach(others::addAll);
        load(connection, others);
        keysOf.forEach((id, own) -> {
            for (long key : own) {
                for (String other : sharers.getOrDefault(key, List.of())) {
                    link(id, other, next);
                }
            }
        });
    }

    private void link(String id, String other, Set<String> next) {
        StoredRecord a = seen.get(id);
        StoredRecord b = seen.get(other);
        Decided pair = Decided.of(id, other, true);
        if (a == null || b == null || id.equals(other) || links.containsKey(pair)) {
            return;
        }
        Facts facts = new Facts(a.evidence(), b.evidence(), context());
        double score = judge.score(a.evidence(), b.evidence(), facts, MatchContext.none());
        if (judge.code(facts, score).verdict() == Verdict.LINK) {
            links.put(pair, new Linked(id, other, score));
            next.add(other);
        }
    }

    /** Record id to a record id of its group, for everything inside. */
    Map<String, String> solve() {
        Map<String, String> parent = new HashMap<>();
        links.values().forEach(link -> union(parent, link.a(), link.b()));
        decided.stream().filter(Decided::same).forEach(pair -> union(parent, pair.a(), pair.b()));
        Map<String, List<String>> components = new TreeMap<>();
        for (String id : inside.keySet()) {
            components.computeIfAbsent(root(parent, id), r -> new ArrayList<>()).add(id);
        }
        Map<String, String> group = new TreeMap<>();
        components.values().forEach(members -> solve(members, group));
        return group;
    }

    private void solve(List<String> members, Map<String, String> group) {
        Map<String, Integer> at = new HashMap<>();
        members.forEach(id -> at.put(id, at.size()));
        Component component = new Component(members.size());
        for (Decided pair : decided) {
            if (pair.same() && at.containsKey(pair.a()) && at.containsKey(pair.b())) {
                component.join(at.get(pair.a()), at.get(pair.b()));
            }
        }
        if (members.size() <= Component.LARGEST) {
            keepApart(members, component);
            for (Linked link : links.values()) {
                if (at.containsKey(link.a()) && at.containsKey(link.b())) {
                    component.link(at.get(link.a()), at.get(link.b()), link.score());
                }
            }
        }
        int[] label = component.solve();
        for (int i = 0; i < label.length; i++) {
            group.put(members.get(i), members.get(label[i]));
        }
    }

    private void keepApart(List<String> members, Component component) {
        MatchContext context = context();
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                Evidence a = inside(members.get(i)).evidence();
                Evidence b = inside(members.get(j)).evidence();
                boolean said = decided.contains(Decided.of(members.get(i), members.get(j), false));
                if (said || judge.apart(new Facts(a, b, context))) {
                    component.keepApart(i, j);
                }
            }
        }
    }

    private StoredRecord inside(String id) {
        StoredRecord record = inside.get(id);
        if (record == null) {
            throw new IllegalStateException("record " + id + " was not explored");
        }
        return record;
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

package io.crmsdk.identity;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the store knows of values, names and records, each looked up once within one change. */
final class Known {
    private final Connection connection;
    private final RecordTable records;
    private final KeyTable keys;
    private final MatchRules rules;
    private final Map<String, StoredRecord> seen;
    private final Map<Long, Boolean> generic = new HashMap<>();
    private final Map<Long, Integer> bearers = new HashMap<>();
    /** Nobody where too many share the key. */
    private final Map<Long, List<String>> blocks = new HashMap<>();

    /** Knows these records to begin with, by id, and adds to them. */
    Known(Connection connection, RecordTable records, KeyTable keys, MatchRules rules, Map<String, StoredRecord> seen) {
        this.connection = connection;
        this.records = records;
        this.keys = keys;
        this.rules = rules;
        this.seen = seen;
    }

    /** Those of the records that are there. */
    Map<String, StoredRecord> records(Collection<String> ids) throws SQLException {
        Set<String> missing = new TreeSet<>(ids);
        missing.removeAll(seen.keySet());
        seen.putAll(records.byIds(connection, missing));
        Map<String, StoredRecord> found = new TreeMap<>();
        for (String id : ids) {
            StoredRecord record = seen.get(id);
            if (record != null) {
                found.put(id, record);
            }
        }
        return found;
    }

    /** Which of their values are generic: all that decides whether two of them are linked. */
    MatchContext values(Collection<StoredRecord> of) throws SQLException {
        Set<Long> values = new TreeSet<>();
        of.forEach(record -> BlockKeys.strong(record.evidence(), values::add));
        return MatchContext.ofGeneric(generic(values));
    }

    /** What must be known to judge any two of them and to ask about them. */
    MatchContext context(Collection<StoredRecord> of) throws SQLException {
        Set<Long> values = new TreeSet<>();
        SortedMap<Long, Integer> names = new TreeMap<>();
        for (StoredRecord record : of) {
            BlockKeys.strong(record.evidence(), values::add);
            for (long name : BlockKeys.written(record.evidence())) {
                names.put(name, bearers(name));
            }
        }
        return MatchContext.of(generic(values), names);
    }

    private long[] generic(Set<Long> values) throws SQLException {
        Set<Long> missing = new TreeSet<>(values);
        missing.removeAll(generic.keySet());
        Set<Long> found = keys.generic(connection, missing);
        missing.forEach(key -> generic.put(key, found.contains(key)));
        return values.stream()
                .filter(key -> generic.getOrDefault(key, false))
                .mapToLong(Long::longValue)
                .toArray();
    }

    private int bearers(long name) throws SQLException {
        Integer known = bearers.get(name);
        if (known == null) {
            known = keys.count(connection, name, Commonness.COUNTED + 1);
            bearers.put(name, known);
        }
        return known;
    }

    /** All records that share a value with this one which is not generic, and perhaps itself. */
    Set<String> sharers(Evidence e) throws SQLException {
        Set<String> found = new TreeSet<>();
        Set<Long> values = values(e);
        generic(values);
        for (long key : values) {
            found.addAll(block(key));
        }
        return found;
    }

    /** All records that this one must be compared with, and perhaps itself. */
    Set<String> candidates(Evidence e) throws SQLException {
        Set<String> found = sharers(e);
        Set<Long> combinations = combinations(e);
        lookUp(combinations);
        for (long key : combinations) {
            found.addAll(block(key));
        }
        return found;
    }

    /** Whether each of the two is among the candidates of the other. */
    boolean meet(Evidence a, Evidence b) throws SQLException {
        Set<Long> shared = values(a);
        shared.addAll(combinations(a));
        Set<Long> others = values(b);
        others.addAll(combinations(b));
        shared.retainAll(others);
        lookUp(shared);
        for (long key : shared) {
            if (!block(key).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Set<Long> values(Evidence e) {
        Set<Long> values = new TreeSet<>();
        BlockKeys.strong(e, values::add);
        return values;
    }

    private static Set<Long> combinations(Evidence e) {
        Set<Long> combinations = new TreeSet<>();
        BlockKeys.weak(e, combinations::add);
        return combinations;
    }

    private List<String> block(long key) throws SQLException {
        List<String> known = blocks.get(key);
        if (known == null) {
            known = generic(Set.of(key)).length > 0
                    ? List.of()
                    : keys.sharers(connection, key, Generic.most(rules, key), true);
            blocks.put(key, known);
        }
        return known;
    }

    /** All combinations among the keys at once. */
    private void lookUp(Set<Long> among) throws SQLException {
        Map<Long, Integer> limits = new TreeMap<>();
        for (long key : among) {
            if (BlockKeys.isWeak(key) && !blocks.containsKey(key)) {
                limits.put(key, BlockKeys.MOST_IN_WEAK + 1);
            }
        }
        if (!limits.isEmpty()) {
            learn(keys.sharers(connection, limits));
        }
    }

    /** Who shares combinations, each with all of them or with more than {@link BlockKeys#MOST_IN_WEAK}. */
    void learn(Map<Long, List<String>> sharers) {
        sharers.forEach((key, all) -> blocks.put(key, all.size() > BlockKeys.MOST_IN_WEAK ? List.of() : all));
    }
}

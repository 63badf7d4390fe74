package io.crmsdk.identity;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files a record under its keys, and finds out whose decisions no longer hold because of that. */
final class Filing {
    private final RecordTable records;
    private final KeyTable keys;
    private final GenericTable generics;
    private final MatchRules rules;
    private final RecordIds ids;

    Filing(RecordTable records, KeyTable keys, GenericTable generics, MatchRules rules, RecordIds ids) {
        this.records = records;
        this.keys = keys;
        this.generics = generics;
        this.rules = rules;
        this.ids = ids;
    }

    /**
     * Whom a change concerns.
     *
     * @param links records whose links may have changed: this one, those that share what it said before, and all that share a
     *     value that became or ceased to be generic
     * @param asked records that may be asked about more than before, since a combination or a name became rarer
     * @param told records whose open questions may weigh less or fall away, since a combination or a name became more common
     * @param sharers who shares the combinations that the record did not have before
     */
    record Touched(Set<String> links, Set<String> asked, Set<String> told, Map<Long, List<String>> sharers) {}

    /** The keys under which a record is to be found; those that are values, not combinations, can link. */
    static Map<Long, Boolean> keysOf(Evidence evidence) {
        Map<Long, Boolean> found = new TreeMap<>();
        BlockKeys.weak(evidence, key -> found.put(key, false));
        BlockKeys.strong(evidence, key -> found.put(key, true));
        return found;
    }

    /**
     * Brings the keys of a record up to date.
     *
     * @param record as it is now
     * @param before the keys it had; empty if it is new
     */
    Touched file(Connection connection, StoredRecord record, Map<Long, Boolean> before, long nowUs)
            throws SQLException {
        Map<Long, Boolean> after = keysOf(record.evidence());
        Set<Long> values = new TreeSet<>();
        before.forEach((key, isValue) -> addIf(isValue, key, values));
        after.forEach((key, isValue) -> addIf(isValue, key, values));
        keys.hold(connection, values);
        Set<Long> gone = new TreeSet<>(before.keySet());
        gone.removeAll(after.keySet());
        keys.remove(connection, record.id, gone);
        Map<Long, Boolean> fresh = new TreeMap<>(after);
        fresh.keySet().removeAll(before.keySet());
        keys.add(connection, record.id, fresh);

        Touched touched =
                new Touched(new TreeSet<>(Set.of(record.id)), new TreeSet<>(), new TreeSet<>(), new HashMap<>());
        for (Map.Entry<Long, Boolean> entry : before.entrySet()) {
            // What the record said before may have kept others apart, or joined them, though it was never their
            // customer.
            if (entry.getValue()) {
                int most = Generic.most(rules, entry.getKey()) + 1;
                touched.links.addAll(keys.sharers(connection, entry.getKey(), most, true));
            }
        }
        Set<Long> generic = keys.generic(connection, values);
        for (long key : values) {
            gauge(connection, key, generic.contains(key), record, touched, nowUs);
        }
        grown(connection, fresh, record.evidence(), touched);
        shrunk(connection, gone, touched);
        if (!Double.isInfinite(rules.linkScore())) {
            // Here supporting evidence links, so links hang on combinations and names too.
            touched.links.addAll(touched.asked);
            touched.links.addAll(touched.told);
        }
        return touched;
    }

    private static void addIf(boolean wanted, long key, Set<Long> to) {
        if (wanted) {
            to.add(key);
        }
    }

    /** Marks a value that too many different people share by now, or clears one that has become rare again. */
    private void gauge(Connection connection, long key, boolean was, StoredRecord record, Touched touched, long nowUs)
            throws SQLException {
        List<String> sharers = keys.sharers(connection, key, Generic.most(rules, key) + 1, true);
        boolean is = isGeneric(connection, key, sharers);
        if (was != is) {
            keys.setGeneric(connection, key, is);
            generics.add(connection, ids.next(nowUs), key, is, sharers.size(), record.id, nowUs);
            touched.links.addAll(sharers);
        }
    }

    private boolean isGeneric(Connection connection, long key, List<String> sharers) throws SQLException {
        if (sharers.size() <= rules.genericNames()) {
            return false;
        }
        List<String> names = new ArrayList<>();
        if (sharers.size() <= Generic.most(rules, key)) {
            records.byIds(connection, sharers).values().forEach(one -> names.add(one.evidence().name));
        }
        return Generic.isGeneric(rules, key, sharers.size(), names);
    }

    private void grown(Connection connection, Map<Long, Boolean> fresh, Evidence evidence, Touched touched)
            throws SQLException {
        Set<Long> names = new HashSet<>();
        BlockKeys.names(evidence, names::add);
        Map<Long, Integer> limits = new TreeMap<>();
        fresh.keySet().stream()
                .filter(BlockKeys::isWeak)
                .forEach(key ->
                        limits.put(key, (names.contains(key) ? Commonness.COUNTED : BlockKeys.MOST_IN_WEAK) + 2));
        touched.sharers.putAll(keys.sharers(connection, limits));
        touched.sharers.forEach((key, sharers) -> {
            boolean tooMany = sharers.size() == BlockKeys.MOST_IN_WEAK + 1;
            if (tooMany || names.contains(key) && Commonness.changesAfter(sharers.size() - 1)) {
                touched.told.addAll(sharers);
            }
        });
    }

    private void shrunk(Connection connection, Set<Long> gone, Touched touched) throws SQLException {
        for (long key : gone) {
            if (BlockKeys.isWeak(key)) {
                List<String> sharers = keys.sharers(connection, key, Commonness.COUNTED + 1, false);
                // Whether it was a name is no longer known; to ask again is harmless.
                if (sharers.size() == BlockKeys.MOST_IN_WEAK || Commonness.changesAfter(sharers.size())) {
                    touched.asked.addAll(sharers);
                }
            }
        }
    }
}

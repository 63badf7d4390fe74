package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Whether a value says who somebody is, or is shared by too many different people. */
final class Generic {
    private Generic() {}

    /** More records than this with the value make it generic, whoever they are. */
    static int most(MatchRules rules, long key) {
        Key kind = Key.of(key);
        // One object of one system, or one company, in more records than can be one customer is a mistake of the
        // source.
        return kind == Key.EXTERNAL_ID || kind == Key.TAX_ID ? Component.LARGEST : rules.genericRecords();
    }

    /**
     * A pure function of all records that share the value, in any order.
     *
     * @param records how many share it
     * @param names their folded names; may be empty if there are more records than the rules allow
     */
    static boolean isGeneric(MatchRules rules, long key, int records, Collection<String> names) {
        if (records > most(rules, key)) {
            return true;
        }
        Key kind = Key.of(key);
        return kind != Key.EXTERNAL_ID
                && kind != Key.TAX_ID
                && records > rules.genericNames()
                && differentPeople(names, rules.genericNames()) > rules.genericNames();
    }

    /** How many of the names cannot be one another's, counted in the order of the alphabet; no further than one over the limit. */
    private static int differentPeople(Collection<String> names, int limit) {
        List<String> people = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            boolean another =
                    people.stream().allMatch(known -> PersonName.compare(known, name) == NameRelation.CONFLICT);
            if (another && !name.isEmpty()) {
                people.add(name);
            }
            if (people.size() > limit) {
                break;
            }
        }
        return people.size();
    }
}

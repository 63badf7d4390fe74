package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** Under which keys a record is looked for. Only keys that can be strong lead to links; the others lead to questions. */
final class BlockKeys {
    private BlockKeys() {}

    /** Keys of values that two records must share to be linked. */
    static void strong(Evidence e, LongConsumer to) {
        for (long key : e.keys) {
            Key kind = Key.of(key);
            // A tagged mailbox is looked for under the bare one too.
            to.accept(kind == Key.UNTAGGED_EMAIL ? key & ~15L | Key.EMAIL.ordinal() : key);
        }
        if (e.organization && e.taxId != 0) {
            to.accept(e.taxId);
        }
    }

    /** Combinations of values that make a pair worth a look. */
    static void weak(Evidence e, LongConsumer to) {
        if (e.organization) {
            organization(e, to);
        } else {
            person(e, to);
        }
    }

    /** The few of them that a store keeps: one lookup each for every new record. */
    static void asked(Evidence e, LongConsumer to) {
        if (e.organization) {
            if (!e.company.isEmpty()) {
                to.accept(key(1, Hash.of(e.company), 1));
            }
            return;
        }
        for (String name : names(e.name)) {
            long whole = Hash.of(name);
            for (long other :
                    new long[] {e.company.isEmpty() ? 0 : Hash.of(e.company), e.taxId, e.birth, e.postcode, e.street}) {
                if (other != 0) {
                    to.accept(key(20, whole, other));
                }
            }
        }
    }

    private static void organization(Evidence e, LongConsumer to) {
        if (e.company.isEmpty()) {
            return;
        }
        to.accept(key(1, Hash.of(e.company), 1));
        String[] words = e.company.split(" ");
        for (String word : words) {
            if (word.length() > 3) {
                to.accept(key(2, Hash.of(word), e.city));
            }
            to.accept(key(3, Hash.of(word.substring(0, Math.min(4, word.length()))), e.street));
        }
        if (words.length > 1) {
            to.accept(key(4, Hash.of(words[0]), Hash.of(words[1])));
        }
    }

    private static void person(Evidence e, LongConsumer to) {
        for (String name : names(e.name)) {
            long whole = Hash.of(name);
            to.accept(key(5, whole, e.company.isEmpty() ? 0 : Hash.of(e.company)));
            to.accept(key(6, whole, e.taxId));
            to.accept(key(7, whole, e.birth));
            to.accept(key(8, whole, e.city));
            to.accept(key(9, whole, e.postcode));
            to.accept(key(10, whole, e.street));
            to.accept(key(11, whole, 1));
            for (String token : name.split(" ")) {
                token(e, token, to);
            }
        }
        to.accept(key(12, e.birth, e.postcode));
        to.accept(key(13, e.birth, e.city));
        to.accept(key(14, e.street, e.postcode));
        to.accept(key(19, e.street, e.birth));
        to.accept(key(15, e.taxId, e.company.isEmpty() ? 1 : Hash.of(e.company)));
    }

    private static void token(Evidence e, String token, LongConsumer to) {
        if (token.length() < 2) {
            return;
        }
        long start = Hash.of(token.substring(0, Math.min(3, token.length())));
        to.accept(key(16, start, e.birth));
        to.accept(key(17, start, e.postcode));
        to.accept(key(18, start, e.street));
    }

    private static long key(int kind, long a, long b) {
        return a == 0 || b == 0 ? 0 : Hash.join(Hash.join(kind, a), b) | 8;
    }

    /** The name with its words in order, and as it may be romanised. */
    private static Set<String> names(String name) {
        if (name.isEmpty()) {
            return Set.of();
        }
        Set<String> result = new TreeSet<>();
        for (String one : name.split("\\|")) {
            if (PersonName.isHan(one)) {
                result.add(one);
                int split = Syllables.surnameLength(one);
                for (String surname : Syllables.readings(one.substring(0, split))) {
                    for (String given : Syllables.readings(one.substring(split))) {
                        result.add(ordered(surname + " " + given));
                    }
                }
            } else {
                result.add(ordered(one));
            }
        }
        return result;
    }

    private static String ordered(String name) {
        String[] tokens = name.split(" ");
        Arrays.sort(tokens);
        return String.join(" ", tokens);
    }
}

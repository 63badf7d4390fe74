package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.function.LongConsumer;

/** Under which keys a record is looked for. Only keys that can be strong lead to links; the others lead to questions. */
final class BlockKeys {
    /** Kinds of combinations for {@link #weak(int, Evidence, LongConsumer)}. */
    static final int WEAK_KINDS = 19;

    /** A combination that more records share says nothing. */
    static final int MOST_IN_WEAK = 25;

    private static final int NAME = 18;

    private BlockKeys() {}

    /** Whether it stands for a combination, which leads to questions, and not for a value. */
    static boolean isWeak(long key) {
        return (key & 8) != 0;
    }

    /** Keys of values that two records must share to be linked. */
    static void strong(Evidence e, LongConsumer to) {
        for (long key : e.keys) {
            Key kind = Key.of(key);
            // A tagged mailbox is looked for under the bare one too.
            to.accept(kind == Key.UNTAGGED_EMAIL ? key & ~15L | Key.EMAIL.number() : key);
        }
        if (e.organization && e.taxId != 0) {
            to.accept(e.taxId);
        }
    }

    /** Every combination of values that makes a pair worth a look; some may come twice. */
    static void weak(Evidence e, LongConsumer to) {
        for (int kind = 0; kind < WEAK_KINDS; kind++) {
            weak(kind, e, to);
        }
    }

    /** The weak keys that are a person's names, as they are written and as they may be romanised. */
    static void names(Evidence e, LongConsumer to) {
        weak(NAME, e, to);
    }

    /** The person's names as they are written, under which their bearers are counted; these are among {@link #names}. */
    static long[] written(Evidence e) {
        if (e.organization || e.name.isEmpty()) {
            return new long[0];
        }
        String[] names = e.name.split("\\|", 0);
        long[] found = new long[names.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = key(NAME, Hash.of(ordered(names[i])), 1);
        }
        return found;
    }

    /** Combinations of values that make a pair worth a look, one kind at a time. */
    static void weak(int kind, Evidence e, LongConsumer to) {
        if (e.organization) {
            organization(kind, e, to);
        } else {
            person(kind, e, to);
        }
    }

    private static void organization(int kind, Evidence e, LongConsumer to) {
        if (e.company.isEmpty() || kind > 4) {
            return;
        }
        switch (kind) {
            case 0 -> key(200, Hash.of(e.company), 1, to);
            case 1 -> {
                for (String word : e.company.split(" ", 0)) {
                    key(201, word.length() > 3 ? Hash.of(word) : 0, e.city, to);
                }
            }
            case 2 -> {
                for (String word : e.company.split(" ", 0)) {
                    key(202, start(word), e.street, to);
                }
            }
            case 3 -> {
                String[] words = e.company.split(" ", 0);
                key(203, Hash.of(words[0]), words.length > 1 ? Hash.of(words[1]) : 0, to);
            }
            default -> key(204, start(e.company), e.postcode, to);
        }
    }

    private static void person(int kind, Evidence e, LongConsumer to) {
        switch (kind) {
            case 0 -> named(kind, e, e.company.isEmpty() ? 0 : Hash.of(e.company), to);
            case 1 -> named(kind, e, e.taxId, to);
            case 2 -> named(kind, e, e.birth, to);
            case 3 -> named(kind, e, e.city, to);
            case 4 -> named(kind, e, e.postcode, to);
            case 5 -> named(kind, e, e.street, to);
            case 6 -> key(kind, e.birth, e.postcode, to);
            case 7 -> key(kind, e.birth, e.city, to);
            case 8 -> key(kind, e.street, e.postcode, to);
            case 9 -> key(kind, e.street, e.birth, to);
            case 10 -> key(kind, e.taxId, e.company.isEmpty() ? 1 : Hash.of(e.company), to);
            case 11 -> words(kind, e, e.birth, to);
            case 12 -> words(kind, e, e.postcode, to);
            case 13 -> words(kind, e, e.street, to);
            case 14 -> words(kind, e, e.mailbox, to);
            case 15 -> words(kind, e, e.city, to);
            case 16 -> words(kind, e, e.idDigits, to);
            case 17 -> key(kind, e.idDigits, e.postcode, to);
            default -> named(NAME, e, 1, to);
        }
    }

    private static void named(int kind, Evidence e, long other, LongConsumer to) {
        if (other != 0) {
            for (long name : names(e.name)) {
                key(kind, name, other, to);
            }
        }
    }

    private static void words(int kind, Evidence e, long other, LongConsumer to) {
        if (other == 0 || e.name.isEmpty()) {
            return;
        }
        for (String word : e.name.split("[ |]", 0)) {
            key(kind, start(word), other, to);
        }
    }

    private static long start(String word) {
        return word.length() < 2 ? 0 : Hash.of(word.substring(0, Math.min(3, word.length())));
    }

    private static void key(int kind, long a, long b, LongConsumer to) {
        if (a != 0 && b != 0) {
            to.accept(key(kind, a, b));
        }
    }

    /** Bit 3 keeps them apart from the keys of values. */
    private static long key(int kind, long a, long b) {
        return Hash.join(Hash.join(kind + 1, a), b) | 8;
    }

    /** Hashes of the name with its words in order, and as it may be romanised. */
    private static long[] names(String name) {
        if (name.isEmpty()) {
            return new long[0];
        }
        long[] found = new long[8];
        int size = 0;
        for (String one : name.split("\\|", 0)) {
            if (size < found.length) {
                found[size++] = Hash.of(ordered(one));
            }
            String romanised = PersonName.isHan(one) ? romanised(one) : "";
            if (!romanised.isEmpty() && size < found.length) {
                found[size++] = Hash.of(romanised);
            }
        }
        return Arrays.copyOf(found, size);
    }

    /** The first reading; empty if there is none. */
    private static String romanised(String name) {
        int split = Syllables.surnameLength(name);
        Iterator<String> surname = Syllables.readings(name.substring(0, split)).iterator();
        Set<String> given = Syllables.readings(name.substring(split));
        return surname.hasNext() && !given.isEmpty()
                ? ordered(surname.next() + " " + given.iterator().next())
                : "";
    }

    private static String ordered(String name) {
        if (name.indexOf(' ') < 0) {
            return name;
        }
        String[] words = name.split(" ");
        Arrays.sort(words);
        return String.join(" ", words);
    }
}

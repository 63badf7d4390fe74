package io.crmsdk.identity;

import java.util.HashMap;
import java.util.Map;

/** Given names and their short forms; each name knows the groups it may stand for. */
final class GivenNames {
    private static final Map<String, long[]> GROUPS = read();

    private GivenNames() {}

    private static Map<String, long[]> read() {
        Map<String, long[]> groups = new HashMap<>();
        int line = 0;
        for (String row : Table.lines("given-names.tsv")) {
            for (String name : row.split(" ", 0)) {
                groups.merge(name, new long[] {line}, GivenNames::join);
            }
            line++;
        }
        return groups;
    }

    private static long[] join(long[] some, long[] more) {
        long[] all = java.util.Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    static boolean known(String name) {
        return GROUPS.containsKey(name);
    }

    /** Whether both can be names of one person, as Dave and David. */
    static boolean sameGroup(String a, String b) {
        long[] left = GROUPS.get(a);
        long[] right = GROUPS.get(b);
        if (left == null || right == null) {
            return false;
        }
        for (long group : left) {
            for (long other : right) {
                if (group == other) {
                    return true;
                }
            }
        }
        return false;
    }
}

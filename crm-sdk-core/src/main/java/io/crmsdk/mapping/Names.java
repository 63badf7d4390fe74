package io.crmsdk.mapping;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of one object so far, to notice one that comes twice. Cheap for few names, and never slow for many. */
final class Names {
    private static final int FEW = 12;

    private @Nullable String[] few = new @Nullable String[4];
    private @Nullable Set<String> many;
    private int count;

    /** @throws PayloadException if the name was there before, or there are too many */
    void add(String name, String path) {
        if (count >= Limits.MAX_NAMES) {
            throw new PayloadException(
                    "LIMIT_EXCEEDED", path, "more than " + Limits.MAX_NAMES + " names in one object", null);
        }
        Set<String> set = many;
        boolean fresh = set != null ? set.add(name) : addToFew(name);
        if (!fresh) {
            throw twice(path);
        }
        count++;
    }

    static PayloadException twice(String path) {
        return new PayloadException("DUPLICATE_KEY", path, "a name twice in one object; neither value was taken", null);
    }

    private boolean addToFew(String name) {
        for (int i = 0; i < count; i++) {
            if (name.equals(few[i])) {
                return false;
            }
        }
        if (count == FEW) {
            Set<String> set = new HashSet<>(64);
            for (String each : few) {
                if (each != null) {
                    set.add(each);
                }
            }
            set.add(name);
            many = set;
            return true;
        }
        if (count == few.length) {
            few = Arrays.copyOf(few, FEW);
        }
        few[count] = name;
        return true;
    }
}

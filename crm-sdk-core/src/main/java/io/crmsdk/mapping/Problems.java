package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one mapping, so that it can be said all at once. */
final class Problems {
    private static final int MOST = 200;

    private final String file;
    private final List<MappingException.Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(int line, @Nullable String rule, String code, String message) {
        if (found.size() < MOST) {
            found.add(new MappingException.Problem(file, line, rule, code, message));
        }
    }

    boolean none() {
        return found.isEmpty();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            found.sort(Comparator.comparingInt(MappingException.Problem::line));
            throw new MappingException(found);
        }
    }
}

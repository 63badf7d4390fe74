package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the parts of a mapping stand in its file; all at line 0 if it has none. */
final class Places {
    private final Map<String, Integer> keys = new HashMap<>();
    private final List<Integer> rules = new ArrayList<>();

    void key(String key, int line) {
        keys.put(key, line);
    }

    void addRule(int line) {
        rules.add(line);
    }

    int key(String key) {
        return keys.getOrDefault(key, 0);
    }

    int rule(int index) {
        return index < rules.size() ? rules.get(index) : 0;
    }
}

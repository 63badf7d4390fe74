package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a value stands in a canonical record: names joined by dots; behind the name of a part {@code [key=value,…]} for the one
 * whose fields are these, and behind that of a list also {@code [primary]}, {@code [0]} or {@code [*]}. Immutable; equality by
 * value.
 */
record CanonicalPath(List<Step> steps) {
    /**
     * One name and which of its kind.
     *
     * @param index place from 0; -1 if not by place
     * @param keys fields that the part must have, sorted; empty for any
     */
    record Step(String name, boolean each, boolean primary, int index, Map<String, String> keys) {
        @Override
        public String toString() {
            String bare = PathText.quote(name);
            if (each) {
                return bare + "[*]";
            }
            if (primary) {
                return bare + "[primary]";
            }
            if (index >= 0) {
                return bare + "[" + index + "]";
            }
            if (keys.isEmpty()) {
                return bare;
            }
            List<String> pairs = new ArrayList<>();
            keys.forEach((key, value) -> pairs.add(key + "=" + PathText.quote(value)));
            return bare + "[" + String.join(",", pairs) + "]";
        }
    }

    /** @throws IllegalArgumentException with a message for people */
    static CanonicalPath parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (PathText.Segment segment : PathText.split(text)) {
            steps.add(step(segment));
        }
        return new CanonicalPath(List.copyOf(steps));
    }

    private static Step step(PathText.Segment segment) {
        String name = segment.name();
        String bracket = segment.bracket();
        if (bracket.equals("*")) {
            return new Step(name, true, false, -1, Map.of());
        }
        if (bracket.equals("primary")) {
            return new Step(name, false, true, -1, Map.of());
        }
        if (PathText.isPlace(bracket)) {
            return new Step(name, false, false, Integer.parseInt(bracket), Map.of());
        }
        Map<String, String> keys = new TreeMap<>();
        if (!bracket.isEmpty()) {
            for (String[] pair : PathText.pairs(bracket)) {
                if (keys.put(pair[0], pair[1]) != null) {
                    throw new IllegalArgumentException("the key " + pair[0] + " twice in [" + bracket + "]");
                }
            }
        }
        return new Step(name, false, false, -1, Collections.unmodifiableMap(keys));
    }

    boolean each() {
        return steps.stream().anyMatch(Step::each);
    }

    @Override
    public String toString() {
        return String.join(".", steps.stream().map(Step::toString).toList());
    }
}

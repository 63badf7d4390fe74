package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a vendor's record: names joined by dots; behind the name of a list {@code [*]} for each item,
 * {@code [0]} for one by its place, {@code [key=value]} for the first whose field has that text. Names that hold one of
 * {@code . [ ] ' , =} stand in single quotes. Immutable; equality by value.
 */
record VendorPath(List<Step> steps) {
    /**
     * One name and which item of its list.
     *
     * @param index place from 0; -1 if not by place
     * @param key field that picks the item; null if not by key
     * @param value text of that field
     */
    record Step(
            String name,
            boolean each,
            int index,
            @Nullable String key,
            @Nullable String value) {
        boolean plain() {
            return !each && index < 0 && key == null;
        }
    }

    /** @throws IllegalArgumentException with a message for people */
    static VendorPath parse(String text) {
        VendorPath path = parseDeclared(text);
        if (path.steps.stream().filter(Step::each).count() > 1) {
            throw new IllegalArgumentException("only one [*] in a path");
        }
        return path;
    }

    /** The same for a declaration, where a list may stand within a list. */
    static VendorPath parseDeclared(String text) {
        List<Step> steps = new ArrayList<>();
        for (PathText.Segment segment : PathText.split(text)) {
            steps.add(step(segment));
        }
        return new VendorPath(List.copyOf(steps));
    }

    private static Step step(PathText.Segment segment) {
        String bracket = segment.bracket();
        if (bracket.isEmpty()) {
            return new Step(segment.name(), false, -1, null, null);
        }
        if (bracket.equals("*")) {
            return new Step(segment.name(), true, -1, null, null);
        }
        if (PathText.isPlace(bracket)) {
            return new Step(segment.name(), false, Integer.parseInt(bracket), null, null);
        }
        List<String[]> pairs = PathText.pairs(bracket);
        if (pairs.size() != 1) {
            throw new IllegalArgumentException("an item of a vendor's list is picked by one field");
        }
        return new Step(segment.name(), false, -1, pairs.get(0)[0], pairs.get(0)[1]);
    }

    static String quote(String name) {
        return PathText.quote(name);
    }

    /** Whether it leads through names only. */
    boolean plain() {
        for (int i = 0; i < steps.size(); i++) {
            if (!steps.get(i).plain()) {
                return false;
            }
        }
        return true;
    }

    boolean each() {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).each()) {
                return true;
            }
        }
        return false;
    }

    /** The path as a schema declares it: whichever item of a list is picked, it is an item of that list. */
    String declared() {
        StringBuilder out = new StringBuilder();
        for (Step step : steps) {
            out.append(out.isEmpty() ? "" : ".").append(quote(step.name())).append(step.plain() ? "" : "[*]");
        }
        return out.toString();
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Step step : steps) {
            out.append(out.isEmpty() ? "" : ".").append(quote(step.name()));
            if (step.each()) {
                out.append("[*]");
            } else if (step.index() >= 0) {
                out.append('[').append(step.index()).append(']');
            } else if (step.key() != null) {
                out.append('[')
                        .append(step.key())
                        .append('=')
                        .append(quote(String.valueOf(step.value())))
                        .append(']');
            }
        }
        return out.toString();
    }
}

package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The vendor's names in the order in which they are written, with a place for each value. Immutable once made. */
final class WritePlan {
    private static final class Node {
        private static final Node[] NONE = {};

        final String name;
        final SerializedString encoded;
        Node[] children = NONE;
        int leaf = -1;

        Node(String name) {
            this.name = name;
            this.encoded = new SerializedString(name);
        }
    }

    /**
     * A rule that writes and where its values go.
     *
     * @param single whether all it writes is one field
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, read for each record
    record Step(
            CompiledRule rule,
            Target target,
            int[] leaves,
            Scalar.Kind[] kinds,
            boolean[] declared,
            boolean conditional,
            boolean single,
            boolean plain,
            boolean each) {}

    private final Node root = new Node("");
    private final Map<String, Integer> leaves = new LinkedHashMap<>();
    final Step[] steps;
    final List<String> paths;

    WritePlan(List<CompiledRule> rules) {
        List<Step> first = new ArrayList<>();
        List<Step> conditional = new ArrayList<>();
        for (CompiledRule rule : rules) {
            if (rule.direction().writes()) {
                (rule.conditions().isEmpty() ? first : conditional).add(step(rule));
            }
        }
        first.addAll(conditional);
        steps = first.toArray(new Step[0]);
        paths = List.copyOf(leaves.keySet());
    }

    private Step step(CompiledRule rule) {
        int size = rule.sources().size();
        int[] places = new int[size];
        Scalar.Kind[] kinds = new Scalar.Kind[size];
        boolean[] declared = new boolean[size];
        for (int i = 0; i < size; i++) {
            places[i] = leaf(rule.sources().get(i));
            VendorField field = rule.fields().get(i);
            VendorType type = field == null ? null : field.type();
            declared[i] = type != null && type != VendorType.TIME;
            kinds[i] = kind(declared[i] && type != null ? type : i == 0 ? rule.bound().writes : VendorType.TEXT);
        }
        boolean plain = rule.sources().stream().allMatch(VendorPath::plain);
        return new Step(
                rule,
                rule.field(),
                places,
                kinds,
                declared,
                !rule.conditions().isEmpty(),
                size == 1,
                plain,
                rule.sources().get(0).each());
    }

    private static Scalar.Kind kind(VendorType type) {
        return switch (type) {
            case INTEGER, DECIMAL, DOUBLE -> Scalar.Kind.NUMBER;
            case BOOLEAN -> Scalar.Kind.BOOLEAN;
            case TEXT, DATE, TIME -> Scalar.Kind.TEXT;
        };
    }

    /** The place of a value, or of the list in which it stands. */
    int leaf(VendorPath path) {
        VendorPath whole = plainPrefix(path);
        Integer known = leaves.get(whole.toString());
        if (known != null) {
            return known;
        }
        Node node = root;
        for (VendorPath.Step step : whole.steps()) {
            Node next = null;
            for (Node child : node.children) {
                next = child.name.equals(step.name()) ? child : next;
            }
            if (next == null) {
                next = new Node(step.name());
                node.children = Arrays.copyOf(node.children, node.children.length + 1);
                node.children[node.children.length - 1] = next;
            }
            node = next;
        }
        node.leaf = leaves.size();
        leaves.put(whole.toString(), node.leaf);
        return node.leaf;
    }

    /** The path up to the name of its first list. */
    static VendorPath plainPrefix(VendorPath path) {
        List<VendorPath.Step> steps = new ArrayList<>();
        for (VendorPath.Step step : path.steps()) {
            steps.add(new VendorPath.Step(step.name(), false, -1, null, null));
            if (!step.plain()) {
                break;
            }
        }
        return new VendorPath(List.copyOf(steps));
    }

    int size() {
        return leaves.size();
    }

    void write(@Nullable Object[] values, JsonGenerator json) throws IOException {
        json.writeStartObject();
        writeChildren(root, values, json);
        json.writeEndObject();
    }

    private static void writeChildren(Node node, @Nullable Object[] values, JsonGenerator json) throws IOException {
        for (Node child : node.children) {
            Object value = child.leaf >= 0 ? values[child.leaf] : null;
            if (value != null) {
                json.writeFieldName(child.encoded);
                writeValue(value, json);
            } else if (child.children.length > 0 && any(child, values)) {
                json.writeFieldName(child.encoded);
                json.writeStartObject();
                writeChildren(child, values, json);
                json.writeEndObject();
            }
        }
    }

    private static boolean any(Node node, @Nullable Object[] values) {
        for (Node child : node.children) {
            if (child.leaf >= 0 && values[child.leaf] != null || any(child, values)) {
                return true;
            }
        }
        return false;
    }

    /** A text is a text; all else is a scalar or a tree. */
    static void writeValue(Object value, JsonGenerator json) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Scalar scalar) {
            writeScalar(scalar, json);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                Object inner = entry.getValue();
                writeValue(inner == null ? Scalar.NULL : inner, json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                writeValue(item == null ? Scalar.NULL : item, json);
            }
            json.writeEndArray();
        } else {
            writeScalar(Scalar.of(value), json);
        }
    }

    private static void writeScalar(Scalar scalar, JsonGenerator json) throws IOException {
        switch (scalar.kind()) {
            case NULL -> json.writeNull();
            case TEXT -> json.writeString(scalar.text());
            case BOOLEAN -> json.writeBoolean(scalar.text().equals("true"));
            case NUMBER -> json.writeNumber(scalar.text());
        }
    }

    /** The values as nested maps, into those that are there. */
    void into(@Nullable Object[] values, Map<String, Object> fields) {
        into(root, values, fields);
    }

    @SuppressWarnings("unchecked")
    private static void into(Node node, @Nullable Object[] values, Map<String, Object> fields) {
        for (Node child : node.children) {
            Object value = child.leaf >= 0 ? values[child.leaf] : null;
            if (value != null) {
                fields.put(child.name, value instanceof String text ? new Scalar(text, Scalar.Kind.TEXT) : value);
            } else if (child.children.length > 0 && any(child, values)) {
                Object there = fields.get(child.name);
                Map<String, Object> inner = there instanceof Map ? (Map<String, Object>) there : new LinkedHashMap<>();
                fields.put(child.name, inner);
                into(child, values, inner);
            }
        }
    }
}

package io.crmsdk.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The values of one record under their paths, each as a piece of canonical JSON, so that two records are equal exactly if they
 * say the same.
 *
 * <p>Nested objects become paths with dots ({@code address.city}), lists stay one value. A path that is absent says nothing; a
 * path whose value is {@code null} says that it is empty. Numbers are decimals without trailing zeros, so 1.0 is 1; texts stay
 * what they are. Immutable; equality by value; the text form has the names only.
 */
public final class Fields {
    /** The value that says "empty". */
    public static final String EMPTY = "null";

    private static final int DEEPEST = 100;
    private static final int MOST_DIGITS = 1000;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(MOST_DIGITS)
                    .build())
            .build();
    private static final Fields NONE = new Fields(new TreeMap<>());

    private final TreeMap<String, String> values;

    private Fields(TreeMap<String, String> values) {
        this.values = values;
    }

    /** Without any. */
    public static Fields none() {
        return NONE;
    }

    /** Starts from nothing. */
    public static Builder builder() {
        return new Builder(new TreeMap<>());
    }

    /** Starts from these. */
    public Builder toBuilder() {
        return new Builder(new TreeMap<>(values));
    }

    /**
     * The fields of a JSON object in UTF-8.
     *
     * @throws SyncException {@code SYNC_RECORD_MALFORMED} if it is not one whole object, nests deeper than 100, or has a key
     *     twice
     */
    public static Fields parse(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return whole(parser);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** As {@link #parse(byte[])}, from text. */
    public static Fields parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Fields whole(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed(null);
        }
        TreeMap<String, String> values = new TreeMap<>();
        readObject(parser, "", values);
        if (parser.nextToken() != null) {
            throw malformed(null);
        }
        return new Fields(values);
    }

    private static SyncException malformed(@Nullable Exception cause) {
        return new SyncException(
                "SYNC_RECORD_MALFORMED", "expected one JSON object without repeated keys; nothing was taken", cause);
    }

    private static void readObject(JsonParser parser, String prefix, TreeMap<String, String> into) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = prefix + escape(parser.currentName());
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                readObject(parser, path + ".", into);
            } else if (into.put(path, canonical(parser, value)) != null) {
                throw malformed(null);
            }
        }
    }

    private static String escape(String name) {
        return name.indexOf('.') < 0 && name.indexOf('\\') < 0
                ? name
                : name.replace("\\", "\\\\").replace(".", "\\.");
    }

    private static String canonical(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> quoted(parser.getText());
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> EMPTY;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText());
            case START_ARRAY -> list(parser);
            case START_OBJECT -> object(parser);
            default -> throw malformed(null);
        };
    }

    private static String list(JsonParser parser) throws IOException {
        StringBuilder text = new StringBuilder("[");
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            text.append(text.length() > 1 ? "," : "").append(canonical(parser, token));
        }
        return text.append(']').toString();
    }

    private static String object(JsonParser parser) throws IOException {
        TreeMap<String, String> members = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            members.put(name, canonical(parser, parser.nextToken()));
        }
        StringBuilder text = new StringBuilder("{");
        members.forEach((name, value) -> text.append(text.length() > 1 ? "," : "")
                .append(quoted(name))
                .append(':')
                .append(value));
        return text.append('}').toString();
    }

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    private static String number(String text) {
        BigDecimal value = new BigDecimal(text);
        if (Math.abs((long) value.scale()) + value.precision() > MOST_DIGITS) {
            return value.stripTrailingZeros().toString();
        }
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    /** The value at a path as JSON, or null if the record says nothing of it. */
    public @Nullable String get(String path) {
        return values.get(path);
    }

    /** The text at a path; null if it is absent, empty or no text. */
    public @Nullable String text(String path) {
        String value = values.get(path);
        if (value == null || !value.startsWith("\"")) {
            return null;
        }
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            return parser.getText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The objects of a list, for example the records of a page; empty if there is no list.
     *
     * @throws SyncException {@code SYNC_RECORD_MALFORMED} if the list has anything but objects
     */
    public List<Fields> objects(String path) {
        String value = values.get(path);
        List<Fields> objects = new ArrayList<>();
        if (value == null || !value.startsWith("[")) {
            return objects;
        }
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    throw malformed(null);
                }
                TreeMap<String, String> members = new TreeMap<>();
                readObject(parser, "", members);
                objects.add(new Fields(members));
            }
        } catch (IOException e) {
            throw malformed(e);
        }
        return objects;
    }

    /** What lies below a path, as fields of its own; none if nothing does. */
    public Fields object(String path) {
        String prefix = path + ".";
        TreeMap<String, String> below = new TreeMap<>();
        for (Map.Entry<String, String> entry : values.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            below.put(entry.getKey().substring(prefix.length()), entry.getValue());
        }
        return new Fields(below);
    }

    /** Whether the record says that this path is empty: null, an empty text or an empty list. */
    public boolean isEmptyAt(String path) {
        return isEmptyValue(values.get(path));
    }

    static boolean isEmptyValue(@Nullable String value) {
        return EMPTY.equals(value) || "\"\"".equals(value) || "[]".equals(value);
    }

    /** All paths, sorted. */
    public Set<String> paths() {
        return Collections.unmodifiableSet(values.keySet());
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** How many paths it has. */
    public int size() {
        return values.size();
    }

    /** Only the paths that pass. */
    public Fields only(Predicate<String> wanted) {
        TreeMap<String, String> kept = new TreeMap<>(values);
        kept.keySet().removeIf(wanted.negate());
        return new Fields(kept);
    }

    /** These, with the values of others in their place. */
    public Fields with(Fields others) {
        TreeMap<String, String> all = new TreeMap<>(values);
        all.putAll(others.values);
        return new Fields(all);
    }

    /** The paths at which this one differs from another; a path that one of them lacks differs. */
    public Set<String> differences(Fields other) {
        Set<String> all = new TreeSet<>(values.keySet());
        all.addAll(other.values.keySet());
        all.removeIf(path -> {
            String mine = values.get(path);
            return mine != null && mine.equals(other.values.get(path));
        });
        return all;
    }

    /** One JSON object with sorted keys and nested as it was; the same fields always give the same text. */
    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            write(out, tree());
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** {@link #json()} in UTF-8. */
    public byte[] jsonBytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> tree() {
        Map<String, Object> root = new TreeMap<>();
        values.forEach((path, value) -> {
            Map<String, Object> at = root;
            String rest = path;
            for (int dot = nextDot(rest); dot >= 0; dot = nextDot(rest)) {
                at = child(at, unescape(rest.substring(0, dot)));
                rest = rest.substring(dot + 1);
            }
            at.put(unescape(rest), value);
        });
        return root;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> child(Map<String, Object> parent, String name) {
        Object child = parent.computeIfAbsent(name, n -> new TreeMap<String, Object>());
        if (child instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new SyncException("SYNC_RECORD_MALFORMED", "field " + name + " is a value and an object at once", null);
    }

    private static int nextDot(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '\\') {
                i++;
            } else if (path.charAt(i) == '.') {
                return i;
            }
        }
        return -1;
    }

    private static String unescape(String name) {
        return name.indexOf('\\') < 0 ? name : name.replace("\\.", ".").replace("\\\\", "\\");
    }

    @SuppressWarnings("unchecked")
    private static void write(JsonGenerator out, Map<String, Object> members) throws IOException {
        for (Map.Entry<String, Object> member : members.entrySet()) {
            out.writeFieldName(member.getKey());
            if (member.getValue() instanceof Map<?, ?> nested) {
                out.writeStartObject();
                write(out, (Map<String, Object>) nested);
                out.writeEndObject();
            } else {
                out.writeRawValue((String) member.getValue());
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fields fields && values.equals(fields.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Fields" + values.keySet();
    }

    /** Collects fields; not thread-safe. A dot in a path nests. */
    public static final class Builder {
        private final TreeMap<String, String> values;

        private Builder(TreeMap<String, String> values) {
            this.values = values;
        }

        /** A text, or empty for null. */
        public Builder text(String path, @Nullable String value) {
            return put(path, value == null ? EMPTY : quoted(value));
        }

        /** A decimal, or empty for null. */
        public Builder number(String path, @Nullable BigDecimal value) {
            return put(path, value == null ? EMPTY : Fields.number(value.toString()));
        }

        /** A yes or no. */
        public Builder flag(String path, boolean value) {
            return put(path, String.valueOf(value));
        }

        /** Says that a path is empty. */
        public Builder empty(String path) {
            return put(path, EMPTY);
        }

        /** A list of objects. */
        public Builder objects(String path, List<Fields> items) {
            StringBuilder list = new StringBuilder("[");
            items.forEach(item -> list.append(list.length() > 1 ? "," : "").append(item.json()));
            return put(path, list.append(']').toString());
        }

        /** Fields below a path. */
        public Builder object(String path, Fields below) {
            below.values.forEach((name, value) -> put(path + "." + name, value));
            return this;
        }

        /** A value taken from other fields; nothing if they say nothing. */
        public Builder copy(String path, Fields from, String fromPath) {
            String value = from.get(fromPath);
            return value == null ? this : put(path, value);
        }

        /** Says nothing of a path any more. */
        public Builder remove(String path) {
            values.remove(path);
            return this;
        }

        Builder put(String path, String canonical) {
            values.put(path, canonical);
            return this;
        }

        /** The fields. */
        public Fields build() {
            return new Fields(new TreeMap<>(values));
        }
    }
}

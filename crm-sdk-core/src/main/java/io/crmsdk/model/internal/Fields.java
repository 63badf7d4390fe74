package io.crmsdk.model.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.crmsdk.model.Coded;
import io.crmsdk.model.ModelException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, asked for by name; what nobody asks for is passed over. Numbers are kept as their text.
 * A field of another form than the one asked for is refused, never converted.
 */
final class Fields {
    private static final int MAX_DEPTH = 12;

    private final Map<String, Object> values;

    private Fields(Map<String, Object> values) {
        this.values = values;
    }

    /** Reads the object whose {@code START_OBJECT} is the current token. */
    static Fields read(JsonParser in) throws IOException {
        return new Fields(object(in, 0));
    }

    private static Map<String, Object> object(JsonParser in, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new ModelException("CUSTOMER_JSON", "customer", "nested deeper than " + MAX_DEPTH);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            in.nextToken();
            Object value = value(in, depth);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    private static @Nullable Object value(JsonParser in, int depth) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> new Fields(object(in, depth + 1));
            case START_ARRAY -> array(in, depth + 1);
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> in.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static List<Object> array(JsonParser in, int depth) throws IOException {
        List<Object> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(in, depth);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    Iterator<String> names() {
        return values.keySet().iterator();
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String text(String name) {
        return as(String.class, name);
    }

    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new ModelException("CUSTOMER_JSON", name, "a value is required");
        }
        return text;
    }

    @Nullable
    Instant instant(String name) {
        String text = text(name);
        return text == null ? null : Instant.parse(text);
    }

    @Nullable
    Integer integer(String name) {
        String text = text(name);
        return text == null ? null : Integer.valueOf(text);
    }

    boolean flag(String name, boolean ifAbsent) {
        Boolean flag = as(Boolean.class, name);
        return flag == null ? ifAbsent : flag;
    }

    /** One of our words; null if it is absent or none of them. */
    <E extends Enum<E>> @Nullable E word(Class<E> words, String name) {
        String text = text(name);
        return text == null ? null : word(text, words);
    }

    static <E extends Enum<E>> @Nullable E word(String text, Class<E> words) {
        for (E word : words.getEnumConstants()) {
            if (word.name().equals(text)) {
                return word;
            }
        }
        return null;
    }

    /** A word of ours, or a foreign one beside ours if there is one. A word of a newer release is kept as a foreign one. */
    <E extends Enum<E>> @Nullable Coded<E> coded(Class<E> words, String name) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            E known = word(text, words);
            return known == null ? Coded.other(text) : Coded.of(known);
        }
        Fields parts = cast(Fields.class, name, value);
        return new Coded<>(parts.word(words, "known"), parts.text("raw"));
    }

    <T extends @Nullable Object> @Nullable T object(String name, Function<Fields, T> part) {
        Fields fields = as(Fields.class, name);
        return fields == null ? null : part.apply(fields);
    }

    <T extends @Nullable Object> List<T> list(String name, Function<Fields, T> part) {
        List<T> result = new ArrayList<>();
        for (Object element : elements(name)) {
            result.add(part.apply(cast(Fields.class, name, element)));
        }
        return result;
    }

    List<String> texts(String name) {
        List<String> result = new ArrayList<>();
        for (Object element : elements(name)) {
            result.add(cast(String.class, name, element));
        }
        return result;
    }

    private List<?> elements(String name) {
        List<?> list = as(List.class, name);
        return list == null ? List.of() : list;
    }

    private <T> @Nullable T as(Class<T> type, String name) {
        Object value = values.get(name);
        return value == null ? null : cast(type, name, value);
    }

    private static <T> T cast(Class<T> type, String name, Object value) {
        if (!type.isInstance(value)) {
            throw new ModelException("CUSTOMER_JSON", name, "a value of another form than expected");
        }
        return type.cast(value);
    }
}

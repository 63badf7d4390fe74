package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Vendor values as trees: {@code Map}, {@code List} and {@link Scalar}, in the order of the payload, every number by its digits. */
final class JsonTree {
    private JsonTree() {}

    /** The value at which the parser stands. */
    static Object read(JsonParser parser, JsonToken token, String path) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    if (items.size() >= 100_000) {
                        throw new PayloadException("LIMIT_EXCEEDED", path, "more than 100000 items in one list", null);
                    }
                    items.add(read(parser, next, path));
                }
                yield items;
            }
            default -> scalar(parser, token, path);
        };
    }

    private static Map<String, Object> object(JsonParser parser, String path) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            Object value = read(parser, parser.nextToken(), path);
            if (fields.put(name, value) != null) {
                throw new PayloadException(
                        "DUPLICATE_KEY", path, "a name twice in one object; neither value was taken", null);
            }
            if (fields.size() > Limits.MAX_NAMES) {
                throw new PayloadException(
                        "LIMIT_EXCEEDED", path, "more than " + Limits.MAX_NAMES + " names in one object", null);
            }
        }
        return fields;
    }

    static Scalar scalar(JsonParser parser, JsonToken token, String path) throws IOException {
        return switch (token) {
            case VALUE_NULL -> Scalar.NULL;
            case VALUE_TRUE -> Scalar.TRUE;
            case VALUE_FALSE -> Scalar.FALSE;
            case VALUE_NUMBER_INT -> new Scalar(parser.getText(), Scalar.Kind.NUMBER);
            case VALUE_NUMBER_FLOAT -> new Scalar(number(parser.getText(), path), Scalar.Kind.NUMBER);
            case VALUE_STRING -> new Scalar(parser.getText(), Scalar.Kind.TEXT);
            default -> throw new PayloadException("MALFORMED", path, "unexpected " + token, null);
        };
    }

    /** The digits of a number, unless its exponent would make it absurdly long. */
    static String number(String digits, String path) {
        for (int i = digits.length() - 1; i > 0; i--) {
            char c = digits.charAt(i);
            if (c == 'e' || c == 'E') {
                String exponent = digits.substring(i + 1).replace("+", "").replace("-", "");
                if (exponent.length() > 5 || Integer.parseInt(exponent) > Limits.MAX_EXPONENT) {
                    throw new PayloadException(
                            "LIMIT_EXCEEDED", path, "a number with an exponent beyond " + Limits.MAX_EXPONENT, null);
                }
                return digits;
            }
            if (c == '.') {
                return digits;
            }
        }
        return digits;
    }

    /** Follows a path from a value; null if it leads nowhere. */
    static @Nullable Object follow(@Nullable Object from, List<VendorPath.Step> steps) {
        Object at = from;
        for (VendorPath.Step step : steps) {
            if (!step.name().isEmpty()) {
                at = at instanceof Map<?, ?> map ? map.get(step.name()) : null;
            }
            if (!step.plain() && !step.each()) {
                at = pick(at, step);
            }
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private static @Nullable Object pick(@Nullable Object list, VendorPath.Step step) {
        if (!(list instanceof List<?> items)) {
            return null;
        }
        if (step.index() >= 0) {
            return step.index() < items.size() ? items.get(step.index()) : null;
        }
        for (Object item : items) {
            if (item instanceof Map<?, ?> map && step.key() != null && map.containsKey(step.key())) {
                Object key = map.get(step.key());
                if (isScalar(key) && Scalar.of(key).text().equals(step.value())) {
                    return item;
                }
            }
        }
        return null;
    }

    static boolean isScalar(@Nullable Object value) {
        return !(value instanceof Map) && !(value instanceof List);
    }

    /** The Java value of a tree: maps, lists, texts, {@code BigDecimal}, booleans, null. */
    static @Nullable Object java(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> out = new LinkedHashMap<>();
            map.forEach((name, inner) -> out.put((String) name, java(inner)));
            return out;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> out = new ArrayList<>(list.size());
            list.forEach(inner -> out.add(java(inner)));
            return out;
        }
        return value instanceof Scalar scalar ? scalar.java() : value;
    }
}

package io.crmsdk.internal;

import java.util.Map;
import java.util.TreeMap;

/** Attributes as one stored text: each name and value preceded by its length, so that nothing needs escaping. */
public final class TextMap {
    private TextMap() {}

    /** Writes a map in the order of its entries. */
    public static String write(Map<String, String> attributes) {
        StringBuilder text = new StringBuilder();
        attributes.forEach((name, value) -> append(append(text, name), value));
        return text.toString();
    }

    private static StringBuilder append(StringBuilder text, String part) {
        return text.append(part.length()).append(':').append(part);
    }

    /** Reads what {@link #write} wrote. */
    public static Map<String, String> read(String text) {
        Map<String, String> attributes = new TreeMap<>();
        int at = 0;
        while (at < text.length()) {
            int nameFrom = text.indexOf(':', at) + 1;
            int nameTo = nameFrom + Integer.parseInt(text, at, nameFrom - 1, 10);
            int valueFrom = text.indexOf(':', nameTo) + 1;
            int valueTo = valueFrom + Integer.parseInt(text, nameTo, valueFrom - 1, 10);
            attributes.put(text.substring(nameFrom, nameTo), text.substring(valueFrom, valueTo));
            at = valueTo;
        }
        return attributes;
    }
}

package io.crmsdk.mapping;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which converter a rule uses and with what arguments; the converters are listed in docs/mapping.md. Immutable; equality by
 * value.
 */
public final class Conversion {
    private final String converter;
    private final @Nullable Object argument;
    private final Map<String, Object> options;

    private Conversion(String converter, @Nullable Object argument, Map<String, Object> options) {
        this.converter = Objects.requireNonNull(converter, "converter");
        this.argument = argument;
        this.options = options;
    }

    /** A converter without arguments, for example {@code email}. */
    public static Conversion of(String converter) {
        return new Conversion(converter, null, Map.of());
    }

    /** A converter with its main argument, for example {@code time} and {@code rfc3339}. */
    public static Conversion of(String converter, String argument) {
        return new Conversion(converter, Objects.requireNonNull(argument, "argument"), Map.of());
    }

    /**
     * A converter of words, for example {@code enum}.
     *
     * @param words the vendor's words, each with ours; of several words for one of ours the first is written. Their order is
     *     kept
     */
    public static Conversion of(String converter, Map<String, String> words) {
        return new Conversion(converter, Collections.unmodifiableMap(new LinkedHashMap<>(words)), Map.of());
    }

    static Conversion of(String converter, @Nullable Object argument, Map<String, Object> options) {
        return new Conversion(converter, argument, Collections.unmodifiableMap(new TreeMap<>(options)));
    }

    /** The same with one more option, for example {@code index} of {@code part}. */
    public Conversion with(String option, String value) {
        return withAny(option, value);
    }

    /** The same with one more option that is a list. */
    public Conversion with(String option, List<String> values) {
        return withAny(option, List.copyOf(values));
    }

    /** The same with one more option that is a table; the order of its entries is kept. */
    public Conversion with(String option, Map<String, String> table) {
        return withAny(option, Collections.unmodifiableMap(new LinkedHashMap<>(table)));
    }

    private Conversion withAny(String option, Object value) {
        Map<String, Object> more = new TreeMap<>(options);
        more.put(option, value);
        return of(converter, argument, more);
    }

    /** Name of the converter. */
    public String converter() {
        return converter;
    }

    /** The main argument: a {@code String}, a {@code List<String>}, a {@code Map<String, String>}, or null. */
    @Nullable
    Object argument() {
        return argument;
    }

    Map<String, Object> options() {
        return options;
    }

    /** Compares tables in order, since the first word for a value is the one that is written. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Conversion that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** For example {@code part(,; index=0)}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(converter);
        if (argument == null && options.isEmpty()) {
            return out.toString();
        }
        out.append('(').append(argument == null ? "" : shown(argument));
        options.forEach((key, value) -> out.append("; ").append(key).append('=').append(shown(value)));
        return out.append(')').toString();
    }

    private static String shown(Object value) {
        if (value instanceof Map<?, ?> table) {
            StringBuilder out = new StringBuilder();
            table.forEach((from, to) -> out.append(out.isEmpty() ? "" : ", ")
                    .append(from)
                    .append(" → ")
                    .append(to));
            return out.toString();
        }
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : (String) value;
    }
}

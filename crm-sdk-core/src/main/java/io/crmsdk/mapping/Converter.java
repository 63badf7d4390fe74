package io.crmsdk.mapping;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A named, typed way from a vendor's text to a value and, if it can, back: registered in code, named in files.
 *
 * <p>The vendor's side is always text: a JSON number by its exact digits, a boolean as {@code true} or {@code false}. Functions
 * must be pure and thread-safe; for a text outside their domain they throw a {@link io.crmsdk.CrmException} or an
 * {@link IllegalArgumentException}, which becomes a finding that keeps the text. The three kinds differ in what they promise:
 *
 * <ul>
 *   <li>{@link Iso}: {@code put(get(text))} is {@code text} and {@code get(put(value))} is {@code value};
 *   <li>{@link Lens}: several texts mean the same, so going back needs the old text: {@code put(old, get(old))} is {@code old}
 *       and {@code get(put(old, value))} is {@code value};
 *   <li>{@link OneWay}: there is no way back; a rule that writes with it does not load.
 * </ul>
 *
 * @param <T> class of the values; {@code Double} and {@code Float} are refused, since they are not exact
 */
public sealed interface Converter<T> {
    /** The name by which files call it: lower-case words joined by hyphens. */
    String name();

    /** Class of the values. */
    Class<T> type();

    /**
     * The value of a text.
     *
     * @throws RuntimeException if the text is outside the domain
     */
    T get(String text);

    /** A converter that can be undone. */
    static <T> Converter<T> iso(String name, Class<T> type, Function<String, T> get, Function<T, String> put) {
        return new Iso<>(name, type, get, put);
    }

    /** A converter that goes back with the help of the old text, which is null if there is none. */
    static <T> Converter<T> lens(
            String name, Class<T> type, Function<String, T> get, BiFunction<@Nullable String, T, String> put) {
        return new Lens<>(name, type, get, put);
    }

    /** A converter that cannot go back. */
    static <T> Converter<T> oneWay(String name, Class<T> type, Function<String, T> get) {
        return new OneWay<>(name, type, get);
    }

    /**
     * Can be undone.
     *
     * @param name name in files
     * @param type class of the values
     * @param reading from text to value
     * @param writing from value to text
     */
    record Iso<T>(String name, Class<T> type, Function<String, T> reading, Function<T, String> writing)
            implements Converter<T> {
        /** Checks name and class. */
        public Iso {
            checked(name, type);
            Objects.requireNonNull(reading, "reading");
            Objects.requireNonNull(writing, "writing");
        }

        @Override
        public T get(String text) {
            return reading.apply(text);
        }
    }

    /**
     * Goes back with the help of the old text.
     *
     * @param name name in files
     * @param type class of the values
     * @param reading from text to value
     * @param writing from old text and value to new text
     */
    record Lens<T>(
            String name, Class<T> type, Function<String, T> reading, BiFunction<@Nullable String, T, String> writing)
            implements Converter<T> {
        /** Checks name and class. */
        public Lens {
            checked(name, type);
            Objects.requireNonNull(reading, "reading");
            Objects.requireNonNull(writing, "writing");
        }

        @Override
        public T get(String text) {
            return reading.apply(text);
        }
    }

    /**
     * Cannot go back.
     *
     * @param name name in files
     * @param type class of the values
     * @param reading from text to value
     */
    record OneWay<T>(String name, Class<T> type, Function<String, T> reading) implements Converter<T> {
        /** Checks name and class. */
        public OneWay {
            checked(name, type);
            Objects.requireNonNull(reading, "reading");
        }

        @Override
        public T get(String text) {
            return reading.apply(text);
        }
    }

    private static void checked(String name, Class<?> type) {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("a converter's name is lower-case words joined by hyphens, got " + name);
        }
        if (type == Double.class || type == Float.class) {
            throw new IllegalArgumentException(name + ": double and float are not exact; use BigDecimal");
        }
    }
}

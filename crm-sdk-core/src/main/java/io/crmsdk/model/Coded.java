package io.crmsdk.model;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A word from an open set: one that this version knows, or a foreign word kept exactly as it came.
 *
 * <p>What a vendor sends can grow. An unknown word is neither mapped to some constant nor refused; it is carried and can
 * be written back unchanged. Immutable; equality by value.
 *
 * @param known the constant, or null if the word is foreign
 * @param raw the word as the source spelt it, or null if it came from our own code
 * @param <E> the words this version knows
 */
public record Coded<E extends Enum<E>>(
        @Nullable E known, @Nullable String raw) {
    /**
     * Checks that there is a word at all.
     *
     * @throws ModelException {@code MALFORMED} if both parts are absent
     */
    public Coded {
        raw = Text.line("coded", raw, 255);
        if (known == null && raw == null) {
            throw new ModelException("MALFORMED", "coded", "a known word or a foreign one is required");
        }
    }

    /** A word that this version knows. */
    public static <E extends Enum<E>> Coded<E> of(E known) {
        return new Coded<>(Objects.requireNonNull(known, "known"), null);
    }

    /** A foreign word, kept as it came. */
    public static <E extends Enum<E>> Coded<E> other(String raw) {
        return new Coded<>(null, raw);
    }

    /**
     * The constant whose name equals {@code text} without regard to case, else the text as a foreign word.
     *
     * @throws ModelException {@code MALFORMED} if the text is blank
     */
    public static <E extends Enum<E>> Coded<E> parse(Class<E> words, String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        for (E word : words.getEnumConstants()) {
            if (word.name().equals(name)) {
                return of(word);
            }
        }
        return other(text);
    }

    /** Whether the word is known and is this one. */
    public boolean is(E word) {
        return known == word;
    }

    /** The word as text: the source's spelling if there is one, else the constant's name. */
    public String text() {
        return raw != null ? raw : Objects.requireNonNull(known).name();
    }

    /** {@code WORK}, or {@code OTHER(reception)} for a foreign word. */
    @Override
    public String toString() {
        return known != null ? known.name() : "OTHER(" + raw + ")";
    }
}

package io.crmsdk.quality;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a judge noticed about a value. Immutable; equality by value.
 *
 * <p>It holds the raw text, so that nothing refused is lost; {@link #message()} and {@link #toString()} never repeat it.
 *
 * @param column where the value stood, in the words of the source; null until its reader says so
 * @param field the canonical field or the judge's name, for example {@code mobile}
 * @param code stable code, see {@link FindingCode}
 * @param certainty how sure this is
 * @param action what was done
 * @param raw what the source held
 * @param value what was made of it; null if nothing was
 * @param message for people: what is wrong and what to do, without the value
 */
public record Finding(
        @Nullable String column,
        String field,
        String code,
        Certainty certainty,
        Action action,
        String raw,
        @Nullable String value,
        String message) {
    /** Checks that all but column and value are there. */
    public Finding {
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(certainty, "certainty");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(raw, "raw");
        Objects.requireNonNull(message, "message");
    }

    /** The same finding in a named column, about a named field. */
    public Finding at(@Nullable String newColumn, String newField) {
        return new Finding(newColumn, newField, code, certainty, action, raw, value, message);
    }

    /** Field, code, certainty and action. */
    @Override
    public String toString() {
        return (column == null ? field : column + " -> " + field) + ": " + code + " " + certainty + " " + action;
    }
}

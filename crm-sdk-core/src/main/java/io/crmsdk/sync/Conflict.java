package io.crmsdk.sync;

import io.crmsdk.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * A field that both sides changed and no policy decides. The text form masks the values.
 *
 * @param item which record, as in {@link DeadLetter#item()}
 * @param field the path in the target's words
 * @param base what the sides last agreed on, as JSON; null if they never did
 * @param source what the source says now
 * @param target what the target says now; null if nothing
 */
public record Conflict(
        String item,
        String field,
        @Nullable String base,
        @Nullable String source,
        @Nullable String target) {
    @Override
    public String toString() {
        return "Conflict[" + item + " " + field + ": base " + masked(base) + ", source " + masked(source) + ", target "
                + masked(target) + "]";
    }

    private static String masked(@Nullable String value) {
        return value == null ? "absent" : Redaction.text(value);
    }
}

package io.crmsdk.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One remark about a customer; remarks are added, not overwritten. Immutable; equality by value.
 *
 * @param id id at its source; null if it has none
 * @param text the remark, may have several lines
 * @param author who wrote it; null if not known
 * @param at when; null if not known
 * @param pinned whether it is kept on top
 */
public record Note(
        @Nullable String id,
        String text,
        @Nullable String author,
        @Nullable Instant at,
        boolean pinned) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Note {
        id = Text.exactOrNull("notes.id", id, 255);
        text = Objects.requireNonNull(Text.block("notes.text", text, 65536), "text");
        author = Text.line("notes.author", author, 255);
    }

    /** A remark of which nothing else is known. */
    public static Note of(String text) {
        return new Note(null, text, null, null, false);
    }

    /** Its length and time; not its text. */
    @Override
    public String toString() {
        return "Note[" + text.length() + " characters" + (at == null ? "" : ", " + at) + "]";
    }
}

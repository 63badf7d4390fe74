package io.crmsdk.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of one field came from. Immutable; equality by value.
 *
 * @param system which system or file
 * @param at when it was read; null if not known
 * @param detail row, event or rule; null if absent
 */
public record Provenance(
        String system, @Nullable Instant at, @Nullable String detail) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Provenance {
        system = Text.required("meta.provenance.system", system, 255);
        detail = Text.line("meta.provenance.detail", detail, 255);
    }
}

package io.crmsdk.model;

import org.jspecify.annotations.Nullable;

/**
 * A sales region or territory. Immutable; equality by value.
 *
 * @param code code in the scheme; null if only a name is known
 * @param name in words; null if only a code is known
 * @param scheme whose codes these are, for example {@code GB/T 2260}; null if not stated
 */
public record Region(
        @Nullable String code,
        @Nullable String name,
        @Nullable String scheme) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code MALFORMED} if both code and name are absent
     */
    public Region {
        code = Text.line("region.code", code, 64);
        name = Text.line("region.name", name, 255);
        scheme = Text.line("region.scheme", scheme, 64);
        if (code == null && name == null) {
            throw new ModelException("MALFORMED", "region", "a code or a name is required");
        }
    }
}

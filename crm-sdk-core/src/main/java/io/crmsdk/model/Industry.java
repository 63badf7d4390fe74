package io.crmsdk.model;

import org.jspecify.annotations.Nullable;

/**
 * A branch of trade by some classification. Immutable; equality by value.
 *
 * @param scheme for example {@code ISIC}, {@code NACE}, {@code NAICS}, {@code GB/T 4754}, {@code raw}
 * @param code code in that scheme; null if only a label is known
 * @param label in words; null if only a code is known
 */
public record Industry(
        String scheme, @Nullable String code, @Nullable String label) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Industry {
        scheme = Text.required("organization.industry.scheme", scheme, 40);
        code = Text.line("organization.industry.code", code, 40);
        label = Text.line("organization.industry.label", label, 255);
    }
}

package io.crmsdk.model;

import io.crmsdk.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * A number from a tax or commercial register, told apart by scheme and country. Immutable; equality by value.
 *
 * @param scheme for example {@code USCC}, {@code VAT}, {@code DUNS}, {@code LEI}
 * @param country ISO 3166-1 alpha-2; null if the scheme is international
 * @param value exact
 */
public record TaxId(String scheme, @Nullable String country, String value) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public TaxId {
        scheme = Text.required("organization.taxIds.scheme", scheme, 40);
        country = Text.line("organization.taxIds.country", country, 2);
        value = Text.exact("organization.taxIds.value", value, 64);
    }

    /** Scheme and country; the value is masked, since a sole trader has one too. */
    @Override
    public String toString() {
        return scheme + (country == null ? "" : "/" + country) + ":" + Redaction.text(value);
    }
}

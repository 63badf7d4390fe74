package io.crmsdk.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A postal address, in parts as far as the source has parts, and always as it was written if it came as one text.
 * Immutable; equality by value.
 *
 * @param use what it is for; null if not stated
 * @param lines at most four lines as they go on a label
 * @param street street and house number; null if absent
 * @param district district or county; null if absent
 * @param locality town or city; null if absent
 * @param region province or state, in words; null if absent
 * @param regionCode ISO 3166-2, for example {@code CN-31}; null if absent
 * @param postalCode text, leading zeros kept; null if absent
 * @param country ISO 3166-1 alpha-2, upper case; null if absent
 * @param full the whole address in one text; null if absent
 * @param raw as the source wrote it; null if it came in parts
 */
public record PostalAddress(
        @Nullable Coded<AddressUse> use,
        List<String> lines,
        @Nullable String street,
        @Nullable String district,
        @Nullable String locality,
        @Nullable String region,
        @Nullable String regionCode,
        @Nullable String postalCode,
        @Nullable String country,
        @Nullable String full,
        @Nullable String raw) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public PostalAddress {
        lines = List.copyOf(lines);
        street = Text.block("addresses.street", street, 255);
        district = Text.line("addresses.district", district, 100);
        locality = Text.line("addresses.locality", locality, 100);
        region = Text.line("addresses.region", region, 100);
        regionCode = Text.line("addresses.regionCode", regionCode, 10);
        postalCode = Text.line("addresses.postalCode", postalCode, 20);
        country = Text.line("addresses.country", country, 2);
        full = Text.block("addresses.full", full, 1000);
        raw = Text.block("addresses.raw", raw, 2000);
        if (lines.size() > 4) {
            throw new ModelException("LIMIT_EXCEEDED", "addresses.lines", "at most 4 lines, got " + lines.size());
        }
        if (country != null && !isCountryCode(country)) {
            throw new ModelException("MALFORMED", "addresses.country", "expected two upper-case letters (ISO 3166-1)");
        }
    }

    private static boolean isCountryCode(String text) {
        return text.length() == 2 && isUpperCase(text.charAt(0)) && isUpperCase(text.charAt(1));
    }

    private static boolean isUpperCase(char c) {
        return c >= 'A' && c <= 'Z';
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.use = use;
        builder.lines = lines;
        builder.street = street;
        builder.district = district;
        builder.locality = locality;
        builder.region = region;
        builder.regionCode = regionCode;
        builder.postalCode = postalCode;
        builder.country = country;
        builder.full = full;
        builder.raw = raw;
        return builder;
    }

    /** Use and country only. */
    @Override
    public String toString() {
        return "PostalAddress[" + (use == null ? "" : use + " ") + (country == null ? "--" : country) + "]";
    }

    /** Collects the parts of a {@link PostalAddress}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable Coded<AddressUse> use;
        private List<String> lines = List.of();
        private @Nullable String street;
        private @Nullable String district;
        private @Nullable String locality;
        private @Nullable String region;
        private @Nullable String regionCode;
        private @Nullable String postalCode;
        private @Nullable String country;
        private @Nullable String full;
        private @Nullable String raw;

        private Builder() {}

        /** Sets {@link PostalAddress#use()}: what it is for. */
        public Builder use(@Nullable Coded<AddressUse> use) {
            this.use = use;
            return this;
        }

        /** Sets {@link PostalAddress#lines()}: at most four lines as they go on a label. */
        public Builder lines(List<String> lines) {
            this.lines = lines;
            return this;
        }

        /** Adds one to {@link PostalAddress#lines()}. */
        public Builder addLine(String line) {
            List<String> more = new ArrayList<>(lines);
            more.add(line);
            lines = more;
            return this;
        }

        /** Sets {@link PostalAddress#street()}: street and house number. */
        public Builder street(@Nullable String street) {
            this.street = street;
            return this;
        }

        /** Sets {@link PostalAddress#district()}: district or county. */
        public Builder district(@Nullable String district) {
            this.district = district;
            return this;
        }

        /** Sets {@link PostalAddress#locality()}: town or city. */
        public Builder locality(@Nullable String locality) {
            this.locality = locality;
            return this;
        }

        /** Sets {@link PostalAddress#region()}: province or state, in words. */
        public Builder region(@Nullable String region) {
            this.region = region;
            return this;
        }

        /** Sets {@link PostalAddress#regionCode()}: ISO 3166-2, for example {@code CN-31}. */
        public Builder regionCode(@Nullable String regionCode) {
            this.regionCode = regionCode;
            return this;
        }

        /** Sets {@link PostalAddress#postalCode()}: text, leading zeros kept. */
        public Builder postalCode(@Nullable String postalCode) {
            this.postalCode = postalCode;
            return this;
        }

        /** Sets {@link PostalAddress#country()}: ISO 3166-1 alpha-2, upper case. */
        public Builder country(@Nullable String country) {
            this.country = country;
            return this;
        }

        /** Sets {@link PostalAddress#full()}: the whole address in one text. */
        public Builder full(@Nullable String full) {
            this.full = full;
            return this;
        }

        /** Sets {@link PostalAddress#raw()}: as the source wrote it. */
        public Builder raw(@Nullable String raw) {
            this.raw = raw;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a text is malformed or too long
         */
        public PostalAddress build() {
            return new PostalAddress(
                    use, lines, street, district, locality, region, regionCode, postalCode, country, full, raw);
        }
    }
}

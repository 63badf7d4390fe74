package io.crmsdk.model;

import io.crmsdk.Redaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only an organization has. Immutable; equality by value.
 *
 * @param legalName name in the register, at most 255; null if absent
 * @param shortName name in everyday use, at most 200; null if absent
 * @param registrationNumber number in the commercial register (in China the unified social credit code); null if absent
 * @param taxIds tax numbers, in the order of the source
 * @param industry branch of trade; null if absent
 * @param employees number of people, 0 or more; null if absent
 * @param annualRevenue revenue a year; null if absent
 */
public record Organization(
        @Nullable String legalName,
        @Nullable String shortName,
        @Nullable TaxId registrationNumber,
        List<TaxId> taxIds,
        @Nullable Industry industry,
        @Nullable Integer employees,
        @Nullable Money annualRevenue) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Organization {
        legalName = Text.line("organization.legalName", legalName, 255);
        shortName = Text.line("organization.shortName", shortName, 200);
        taxIds = List.copyOf(taxIds);
        if (employees != null && employees < 0) {
            throw new ModelException("MALFORMED", "organization.employees", "must not be negative");
        }
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.legalName = legalName;
        builder.shortName = shortName;
        builder.registrationNumber = registrationNumber;
        builder.taxIds = taxIds;
        builder.industry = industry;
        builder.employees = employees;
        builder.annualRevenue = annualRevenue;
        return builder;
    }

    /** Which parts are there; the names are masked, since a sole trader bears his own. */
    @Override
    public String toString() {
        return "Organization[legalName=" + (legalName == null ? "" : Redaction.text(legalName)) + ", taxIds="
                + taxIds.size() + "]";
    }

    /** Collects the parts of a {@link Organization}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String legalName;
        private @Nullable String shortName;
        private @Nullable TaxId registrationNumber;
        private List<TaxId> taxIds = List.of();
        private @Nullable Industry industry;
        private @Nullable Integer employees;
        private @Nullable Money annualRevenue;

        private Builder() {}

        /** Sets {@link Organization#legalName()}: name in the register, at most 255. */
        public Builder legalName(@Nullable String legalName) {
            this.legalName = legalName;
            return this;
        }

        /** Sets {@link Organization#shortName()}: name in everyday use, at most 200. */
        public Builder shortName(@Nullable String shortName) {
            this.shortName = shortName;
            return this;
        }

        /** Sets {@link Organization#registrationNumber()}: number in the commercial register (in China the unified social credit code). */
        public Builder registrationNumber(@Nullable TaxId registrationNumber) {
            this.registrationNumber = registrationNumber;
            return this;
        }

        /** Sets {@link Organization#taxIds()}: tax numbers, in the order of the source. */
        public Builder taxIds(List<TaxId> taxIds) {
            this.taxIds = taxIds;
            return this;
        }

        /** Adds one to {@link Organization#taxIds()}. */
        public Builder addTaxId(TaxId taxId) {
            List<TaxId> more = new ArrayList<>(taxIds);
            more.add(taxId);
            taxIds = more;
            return this;
        }

        /** Sets {@link Organization#industry()}: branch of trade. */
        public Builder industry(@Nullable Industry industry) {
            this.industry = industry;
            return this;
        }

        /** Sets {@link Organization#employees()}: number of people, 0 or more. */
        public Builder employees(@Nullable Integer employees) {
            this.employees = employees;
            return this;
        }

        /** Sets {@link Organization#annualRevenue()}: revenue a year. */
        public Builder annualRevenue(@Nullable Money annualRevenue) {
            this.annualRevenue = annualRevenue;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a text is malformed or too long
         */
        public Organization build() {
            return new Organization(
                    legalName, shortName, registrationNumber, taxIds, industry, employees, annualRevenue);
        }
    }
}

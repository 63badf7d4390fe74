package io.crmsdk.model;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One phone number of a customer. Immutable; equality by value.
 *
 * @param number the number: international form if it could be read, always as written
 * @param features what it can do; empty if not stated
 * @param use what it is for; null if not stated
 * @param preference 1 (first choice) to 100; null if not stated
 */
public record CustomerPhone(
        PhoneNumber number,
        Set<PhoneFeature> features,
        @Nullable Coded<ContactUse> use,
        @Nullable Integer preference) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if the preference is not 1 to 100
     */
    public CustomerPhone {
        Objects.requireNonNull(number, "number");
        features = features.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(features));
        Preference.check("phones.preference", preference);
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(PhoneNumber number) {
        Builder builder = new Builder();
        builder.number = number;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.number = number;
        builder.features = features;
        builder.use = use;
        builder.preference = preference;
        return builder;
    }

    /** A number of which nothing else is known. */
    public static CustomerPhone of(PhoneNumber number) {
        return builder(number).build();
    }

    /** Short for {@code number().e164()}: {@code +} and at most 15 digits, or null if the number could not be read. */
    public @Nullable String e164() {
        return number.e164();
    }

    /** Short for {@code number().raw()}. */
    public String raw() {
        return number.raw();
    }

    /** Short for {@code number().extension()}. */
    public @Nullable String extension() {
        return number.extension();
    }

    /** Collects the parts of a {@link CustomerPhone}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable PhoneNumber number;
        private Set<PhoneFeature> features = Set.of();
        private @Nullable Coded<ContactUse> use;
        private @Nullable Integer preference;

        private Builder() {}

        /** Sets {@link CustomerPhone#number()}: the number: international form if it could be read, always as written. */
        public Builder number(PhoneNumber number) {
            this.number = number;
            return this;
        }

        /** Sets {@link CustomerPhone#features()}: what it can do; empty if not stated. */
        public Builder features(Set<PhoneFeature> features) {
            this.features = features;
            return this;
        }

        /** Sets {@link CustomerPhone#use()}: what it is for. */
        public Builder use(@Nullable Coded<ContactUse> use) {
            this.use = use;
            return this;
        }

        /** Sets {@link CustomerPhone#preference()}: 1 (first choice) to 100. */
        public Builder preference(@Nullable Integer preference) {
            this.preference = preference;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if the preference is not 1 to 100
         */
        public CustomerPhone build() {
            return new CustomerPhone(required("phones.number", number), features, use, preference);
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

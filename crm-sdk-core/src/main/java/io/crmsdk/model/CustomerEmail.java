package io.crmsdk.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One e-mail address of a customer. Immutable; equality by value.
 *
 * @param address the address
 * @param use what it is for; null if not stated
 * @param preference 1 (first choice) to 100; null if not stated
 * @param deliverability what is known about mail to it
 * @param verifiedAt when its holder proved to read it; null if never
 * @param verificationMethod how, for example {@code double-opt-in}; null if never
 */
public record CustomerEmail(
        EmailAddress address,
        @Nullable Coded<ContactUse> use,
        @Nullable Integer preference,
        Deliverability deliverability,
        @Nullable Instant verifiedAt,
        @Nullable String verificationMethod) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if the preference is not 1 to 100
     */
    public CustomerEmail {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(deliverability, "deliverability");
        verificationMethod = Text.line("emails.verificationMethod", verificationMethod, 100);
        Preference.check("emails.preference", preference);
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(EmailAddress address) {
        Builder builder = new Builder();
        builder.address = address;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.address = address;
        builder.use = use;
        builder.preference = preference;
        builder.deliverability = deliverability;
        builder.verifiedAt = verifiedAt;
        builder.verificationMethod = verificationMethod;
        return builder;
    }

    /** An address of which nothing else is known. */
    public static CustomerEmail of(EmailAddress address) {
        return builder(address).build();
    }

    /** Collects the parts of a {@link CustomerEmail}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable EmailAddress address;
        private @Nullable Coded<ContactUse> use;
        private @Nullable Integer preference;
        private Deliverability deliverability = Deliverability.unknown();
        private @Nullable Instant verifiedAt;
        private @Nullable String verificationMethod;

        private Builder() {}

        /** Sets {@link CustomerEmail#address()}: the address. */
        public Builder address(EmailAddress address) {
            this.address = address;
            return this;
        }

        /** Sets {@link CustomerEmail#use()}: what it is for. */
        public Builder use(@Nullable Coded<ContactUse> use) {
            this.use = use;
            return this;
        }

        /** Sets {@link CustomerEmail#preference()}: 1 (first choice) to 100. */
        public Builder preference(@Nullable Integer preference) {
            this.preference = preference;
            return this;
        }

        /** Sets {@link CustomerEmail#deliverability()}: what is known about mail to it. */
        public Builder deliverability(Deliverability deliverability) {
            this.deliverability = deliverability;
            return this;
        }

        /** Sets {@link CustomerEmail#verifiedAt()}: when its holder proved to read it. */
        public Builder verifiedAt(@Nullable Instant verifiedAt) {
            this.verifiedAt = verifiedAt;
            return this;
        }

        /** Sets {@link CustomerEmail#verificationMethod()}: how, for example {@code double-opt-in}. */
        public Builder verificationMethod(@Nullable String verificationMethod) {
            this.verificationMethod = verificationMethod;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if the preference is not 1 to 100
         */
        public CustomerEmail build() {
            return new CustomerEmail(
                    required("emails.address", address),
                    use,
                    preference,
                    deliverability,
                    verifiedAt,
                    verificationMethod);
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

package io.crmsdk.model;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What settles claims: money, a credit note that is set off, or a write-off. Immutable; equality by value.
 *
 * @param id our id; null until issued
 * @param externalIds names of this payment in other systems
 * @param customer who paid
 * @param number business number; null if absent
 * @param kind money unless stated otherwise
 * @param receivedOn the date of receipt; null if absent
 * @param amount the whole amount, in the currency of the payment
 * @param method how, in the words of the source; null if absent
 * @param reference what the payer wrote; null if absent
 * @param status where it stands; only cleared ones count
 * @param allocations what it settles
 */
public record Payment(
        @Nullable String id,
        List<ExternalId> externalIds,
        RecordRef customer,
        @Nullable String number,
        SettlementKind kind,
        @Nullable LocalDate receivedOn,
        Money amount,
        @Nullable String method,
        @Nullable String reference,
        Coded<PaymentStatus> status,
        List<Allocation> allocations) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code CURRENCY_MISMATCH} if an amount of an allocation that should be in the currency of the payment is not
     */
    public Payment {
        id = Text.exactOrNull("payments.id", id, 64);
        externalIds = List.copyOf(externalIds);
        Objects.requireNonNull(customer, "customer");
        number = Text.exactOrNull("payments.number", number, 40);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(amount, "amount");
        method = Text.line("payments.method", method, 100);
        reference = Text.block("payments.reference", reference, 1000);
        Objects.requireNonNull(status, "status");
        allocations = List.copyOf(allocations);
        for (Allocation allocation : allocations) {
            Ledger.sameCurrency("payments.allocations.paymentAmount", amount.currency(), allocation.paymentAmount());
        }
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(RecordRef customer, Money amount, Coded<PaymentStatus> status) {
        Builder builder = new Builder();
        builder.customer = customer;
        builder.amount = amount;
        builder.status = status;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.id = id;
        builder.externalIds = externalIds;
        builder.customer = customer;
        builder.number = number;
        builder.kind = kind;
        builder.receivedOn = receivedOn;
        builder.amount = amount;
        builder.method = method;
        builder.reference = reference;
        builder.status = status;
        builder.allocations = allocations;
        return builder;
    }

    /** The currency of the payment. */
    public Currency currency() {
        return amount.currency();
    }

    /**
     * What is left of the amount after all allocations; negative if more was allocated than paid.
     *
     * @return empty if an allocation in another currency does not state its amount in the currency of the payment
     */
    public Optional<Money> unallocated() {
        return Ledger.unallocated(this);
    }

    /** Number, kind and status; no amounts, no reference. */
    @Override
    public String toString() {
        return "Payment[" + number + ", " + kind + ", " + status + "]";
    }

    /** Collects the parts of a {@link Payment}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String id;
        private List<ExternalId> externalIds = List.of();
        private @Nullable RecordRef customer;
        private @Nullable String number;
        private SettlementKind kind = SettlementKind.PAYMENT;
        private @Nullable LocalDate receivedOn;
        private @Nullable Money amount;
        private @Nullable String method;
        private @Nullable String reference;
        private @Nullable Coded<PaymentStatus> status;
        private List<Allocation> allocations = List.of();

        private Builder() {}

        /** Sets {@link Payment#id()}: our id. */
        public Builder id(@Nullable String id) {
            this.id = id;
            return this;
        }

        /** Sets {@link Payment#externalIds()}: names of this payment in other systems. */
        public Builder externalIds(List<ExternalId> externalIds) {
            this.externalIds = externalIds;
            return this;
        }

        /** Adds one to {@link Payment#externalIds()}. */
        public Builder addExternalId(ExternalId externalId) {
            List<ExternalId> more = new ArrayList<>(externalIds);
            more.add(externalId);
            externalIds = more;
            return this;
        }

        /** Sets {@link Payment#customer()}: who paid. */
        public Builder customer(RecordRef customer) {
            this.customer = customer;
            return this;
        }

        /** Sets {@link Payment#number()}: business number. */
        public Builder number(@Nullable String number) {
            this.number = number;
            return this;
        }

        /** Sets {@link Payment#kind()}: money unless stated otherwise. */
        public Builder kind(SettlementKind kind) {
            this.kind = kind;
            return this;
        }

        /** Sets {@link Payment#receivedOn()}: the date of receipt. */
        public Builder receivedOn(@Nullable LocalDate receivedOn) {
            this.receivedOn = receivedOn;
            return this;
        }

        /** Sets {@link Payment#amount()}: the whole amount, in the currency of the payment. */
        public Builder amount(Money amount) {
            this.amount = amount;
            return this;
        }

        /** Sets {@link Payment#method()}: how, in the words of the source. */
        public Builder method(@Nullable String method) {
            this.method = method;
            return this;
        }

        /** Sets {@link Payment#reference()}: what the payer wrote. */
        public Builder reference(@Nullable String reference) {
            this.reference = reference;
            return this;
        }

        /** Sets {@link Payment#status()}: where it stands; only cleared ones count. */
        public Builder status(Coded<PaymentStatus> status) {
            this.status = status;
            return this;
        }

        /** Sets {@link Payment#allocations()}: what it settles. */
        public Builder allocations(List<Allocation> allocations) {
            this.allocations = allocations;
            return this;
        }

        /** Adds one to {@link Payment#allocations()}. */
        public Builder addAllocation(Allocation allocation) {
            List<Allocation> more = new ArrayList<>(allocations);
            more.add(allocation);
            allocations = more;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException {@code CURRENCY_MISMATCH} if an amount of an allocation that should be in the currency of the payment is not
         */
        public Payment build() {
            return new Payment(
                    id,
                    externalIds,
                    required("payments.customer", customer),
                    number,
                    kind,
                    receivedOn,
                    required("payments.amount", amount),
                    method,
                    reference,
                    required("payments.status", status),
                    allocations);
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

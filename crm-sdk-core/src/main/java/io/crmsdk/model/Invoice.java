package io.crmsdk.model;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A claim against a customer, or a credit note for one. Immutable; equality by value.
 *
 * <p>{@link #balance()} is what the source states; {@link #applied}, {@link #openAmount} and {@link #state} derive the same from the
 * payments, exactly. Where both are known they must agree: see {@link #reconciles}.
 *
 * @param id our id; null until issued
 * @param externalIds names of this invoice in other systems
 * @param customer who owes
 * @param orders orders it bills, by their ids
 * @param number business number; null if absent
 * @param type kind of document
 * @param issueDate the date on the document; null if absent
 * @param dueDate when it is to be paid; null if absent
 * @param currency ISO 4217; all amounts are in it
 * @param net sum without tax; null if not stated
 * @param tax tax; null if not stated
 * @param gross sum with tax; may be negative
 * @param balance open amount as the source states it; null if it does not
 * @param status where the document stands
 */
public record Invoice(
        @Nullable String id,
        List<ExternalId> externalIds,
        RecordRef customer,
        List<RecordRef> orders,
        @Nullable String number,
        Coded<InvoiceType> type,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate dueDate,
        Currency currency,
        @Nullable Money net,
        @Nullable Money tax,
        Money gross,
        @Nullable Money balance,
        Coded<InvoiceStatus> status) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code MALFORMED} if an amount is in another currency
     */
    public Invoice {
        id = Text.exactOrNull("invoices.id", id, 64);
        externalIds = List.copyOf(externalIds);
        Objects.requireNonNull(customer, "customer");
        orders = List.copyOf(orders);
        number = Text.exactOrNull("invoices.number", number, 40);
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(gross, "gross");
        Objects.requireNonNull(status, "status");
        Ledger.sameCurrency("invoices", currency, net, tax, gross, balance);
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(
            RecordRef customer, Coded<InvoiceType> type, Currency currency, Money gross, Coded<InvoiceStatus> status) {
        Builder builder = new Builder();
        builder.customer = customer;
        builder.type = type;
        builder.currency = currency;
        builder.gross = gross;
        builder.status = status;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.id = id;
        builder.externalIds = externalIds;
        builder.customer = customer;
        builder.orders = orders;
        builder.number = number;
        builder.type = type;
        builder.issueDate = issueDate;
        builder.dueDate = dueDate;
        builder.currency = currency;
        builder.net = net;
        builder.tax = tax;
        builder.gross = gross;
        builder.balance = balance;
        builder.status = status;
        return builder;
    }

    /**
     * What was applied to this invoice: allocations of cleared payments, credit notes and write-offs.
     *
     * <p>Pending, failed and reversed payments count nothing; a source that books a reversal as a document of its own gives
     * it negative allocations.
     *
     * @param payments all payments that may touch this invoice; allocations to others are ignored
     * @throws ModelException {@code CURRENCY_MISMATCH} if an allocation to this invoice is in another currency
     */
    public Money applied(List<Payment> payments) {
        return Ledger.applied(this, payments);
    }

    /**
     * The gross amount less what was applied; negative if too much was.
     *
     * @throws ModelException as {@link #applied}
     */
    public Money openAmount(List<Payment> payments) {
        return gross.minus(applied(payments));
    }

    /**
     * How far this invoice is paid, derived from the payments alone.
     *
     * <p>An invoice of nothing is {@code PAID}. For a negative gross amount the comparisons are mirrored.
     *
     * @throws ModelException as {@link #applied}
     */
    public PaymentState state(List<Payment> payments) {
        return Ledger.state(this, payments);
    }

    /**
     * Whether the open amount that the source states equals the derived one to the last digit; true if it states none.
     *
     * @throws ModelException as {@link #applied}
     */
    public boolean reconciles(List<Payment> payments) {
        return balance == null || balance.equals(openAmount(payments));
    }

    /** Number, type and status; no amounts. */
    @Override
    public String toString() {
        return "Invoice[" + number + ", " + type + ", " + status + "]";
    }

    /** Collects the parts of a {@link Invoice}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String id;
        private List<ExternalId> externalIds = List.of();
        private @Nullable RecordRef customer;
        private List<RecordRef> orders = List.of();
        private @Nullable String number;
        private @Nullable Coded<InvoiceType> type;
        private @Nullable LocalDate issueDate;
        private @Nullable LocalDate dueDate;
        private @Nullable Currency currency;
        private @Nullable Money net;
        private @Nullable Money tax;
        private @Nullable Money gross;
        private @Nullable Money balance;
        private @Nullable Coded<InvoiceStatus> status;

        private Builder() {}

        /** Sets {@link Invoice#id()}: our id. */
        public Builder id(@Nullable String id) {
            this.id = id;
            return this;
        }

        /** Sets {@link Invoice#externalIds()}: names of this invoice in other systems. */
        public Builder externalIds(List<ExternalId> externalIds) {
            this.externalIds = externalIds;
            return this;
        }

        /** Adds one to {@link Invoice#externalIds()}. */
        public Builder addExternalId(ExternalId externalId) {
            List<ExternalId> more = new ArrayList<>(externalIds);
            more.add(externalId);
            externalIds = more;
            return this;
        }

        /** Sets {@link Invoice#customer()}: who owes. */
        public Builder customer(RecordRef customer) {
            this.customer = customer;
            return this;
        }

        /** Sets {@link Invoice#orders()}: orders it bills, by their ids. */
        public Builder orders(List<RecordRef> orders) {
            this.orders = orders;
            return this;
        }

        /** Adds one to {@link Invoice#orders()}. */
        public Builder addOrder(RecordRef order) {
            List<RecordRef> more = new ArrayList<>(orders);
            more.add(order);
            orders = more;
            return this;
        }

        /** Sets {@link Invoice#number()}: business number. */
        public Builder number(@Nullable String number) {
            this.number = number;
            return this;
        }

        /** Sets {@link Invoice#type()}: kind of document. */
        public Builder type(Coded<InvoiceType> type) {
            this.type = type;
            return this;
        }

        /** Sets {@link Invoice#issueDate()}: the date on the document. */
        public Builder issueDate(@Nullable LocalDate issueDate) {
            this.issueDate = issueDate;
            return this;
        }

        /** Sets {@link Invoice#dueDate()}: when it is to be paid. */
        public Builder dueDate(@Nullable LocalDate dueDate) {
            this.dueDate = dueDate;
            return this;
        }

        /** Sets {@link Invoice#currency()}: ISO 4217; all amounts are in it. */
        public Builder currency(Currency currency) {
            this.currency = currency;
            return this;
        }

        /** Sets {@link Invoice#net()}: sum without tax. */
        public Builder net(@Nullable Money net) {
            this.net = net;
            return this;
        }

        /** Sets {@link Invoice#tax()}: tax. */
        public Builder tax(@Nullable Money tax) {
            this.tax = tax;
            return this;
        }

        /** Sets {@link Invoice#gross()}: sum with tax; may be negative. */
        public Builder gross(Money gross) {
            this.gross = gross;
            return this;
        }

        /** Sets {@link Invoice#balance()}: open amount as the source states it. */
        public Builder balance(@Nullable Money balance) {
            this.balance = balance;
            return this;
        }

        /** Sets {@link Invoice#status()}: where the document stands. */
        public Builder status(Coded<InvoiceStatus> status) {
            this.status = status;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException {@code MALFORMED} if an amount is in another currency
         */
        public Invoice build() {
            return new Invoice(
                    id,
                    externalIds,
                    required("invoices.customer", customer),
                    orders,
                    number,
                    required("invoices.type", type),
                    issueDate,
                    dueDate,
                    required("invoices.currency", currency),
                    net,
                    tax,
                    required("invoices.gross", gross),
                    balance,
                    required("invoices.status", status));
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

package io.crmsdk.model;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a customer ordered. Immutable; equality by value. Whether it is paid is derived by {@link #state}, never stored.
 *
 * @param id our id; null until issued
 * @param externalIds names of this order in other systems
 * @param customer who ordered
 * @param number business number; null if absent
 * @param orderDate the date on the document; null if absent
 * @param placedAt the moment of the order; null if only the date is known
 * @param currency ISO 4217; all amounts are in it
 * @param lines what was ordered
 * @param net sum without tax; null if not stated
 * @param tax tax; null if not stated
 * @param gross sum with tax; null if not stated
 * @param status where the order stands
 */
public record SalesOrder(
        @Nullable String id,
        List<ExternalId> externalIds,
        RecordRef customer,
        @Nullable String number,
        @Nullable LocalDate orderDate,
        @Nullable Instant placedAt,
        Currency currency,
        List<OrderLine> lines,
        @Nullable Money net,
        @Nullable Money tax,
        @Nullable Money gross,
        Coded<OrderStatus> status) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code MALFORMED} if an amount is in another currency
     */
    public SalesOrder {
        id = Text.exactOrNull("orders.id", id, 64);
        externalIds = List.copyOf(externalIds);
        Objects.requireNonNull(customer, "customer");
        number = Text.exactOrNull("orders.number", number, 40);
        Objects.requireNonNull(currency, "currency");
        lines = List.copyOf(lines);
        Objects.requireNonNull(status, "status");
        Ledger.sameCurrency("orders", currency, net, tax, gross);
        for (OrderLine line : lines) {
            Ledger.sameCurrency(
                    "orders.lines", currency, line.unitPrice(), line.discount(), line.tax(), line.net(), line.gross());
        }
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(RecordRef customer, Currency currency, Coded<OrderStatus> status) {
        Builder builder = new Builder();
        builder.customer = customer;
        builder.currency = currency;
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
        builder.orderDate = orderDate;
        builder.placedAt = placedAt;
        builder.currency = currency;
        builder.lines = lines;
        builder.net = net;
        builder.tax = tax;
        builder.gross = gross;
        builder.status = status;
        return builder;
    }

    /**
     * How far this order is paid: the same rule as {@link Invoice#state} over the sums of its posted invoices.
     *
     * @param invoices all invoices that may belong to it; others are ignored
     * @param payments all payments that may touch them; others are ignored
     * @return {@link PaymentState#NOT_INVOICED} if there is no posted invoice, never {@code UNPAID}
     */
    public PaymentState state(List<Invoice> invoices, List<Payment> payments) {
        return Ledger.state(this, invoices, payments);
    }

    /** Number, status and how many lines. */
    @Override
    public String toString() {
        return "SalesOrder[" + number + ", " + status + ", lines=" + lines.size() + "]";
    }

    /** Collects the parts of a {@link SalesOrder}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String id;
        private List<ExternalId> externalIds = List.of();
        private @Nullable RecordRef customer;
        private @Nullable String number;
        private @Nullable LocalDate orderDate;
        private @Nullable Instant placedAt;
        private @Nullable Currency currency;
        private List<OrderLine> lines = List.of();
        private @Nullable Money net;
        private @Nullable Money tax;
        private @Nullable Money gross;
        private @Nullable Coded<OrderStatus> status;

        private Builder() {}

        /** Sets {@link SalesOrder#id()}: our id. */
        public Builder id(@Nullable String id) {
            this.id = id;
            return this;
        }

        /** Sets {@link SalesOrder#externalIds()}: names of this order in other systems. */
        public Builder externalIds(List<ExternalId> externalIds) {
            this.externalIds = externalIds;
            return this;
        }

        /** Adds one to {@link SalesOrder#externalIds()}. */
        public Builder addExternalId(ExternalId externalId) {
            List<ExternalId> more = new ArrayList<>(externalIds);
            more.add(externalId);
            externalIds = more;
            return this;
        }

        /** Sets {@link SalesOrder#customer()}: who ordered. */
        public Builder customer(RecordRef customer) {
            this.customer = customer;
            return this;
        }

        /** Sets {@link SalesOrder#number()}: business number. */
        public Builder number(@Nullable String number) {
            this.number = number;
            return this;
        }

        /** Sets {@link SalesOrder#orderDate()}: the date on the document. */
        public Builder orderDate(@Nullable LocalDate orderDate) {
            this.orderDate = orderDate;
            return this;
        }

        /** Sets {@link SalesOrder#placedAt()}: the moment of the order. */
        public Builder placedAt(@Nullable Instant placedAt) {
            this.placedAt = placedAt;
            return this;
        }

        /** Sets {@link SalesOrder#currency()}: ISO 4217; all amounts are in it. */
        public Builder currency(Currency currency) {
            this.currency = currency;
            return this;
        }

        /** Sets {@link SalesOrder#lines()}: what was ordered. */
        public Builder lines(List<OrderLine> lines) {
            this.lines = lines;
            return this;
        }

        /** Adds one to {@link SalesOrder#lines()}. */
        public Builder addLine(OrderLine line) {
            List<OrderLine> more = new ArrayList<>(lines);
            more.add(line);
            lines = more;
            return this;
        }

        /** Sets {@link SalesOrder#net()}: sum without tax. */
        public Builder net(@Nullable Money net) {
            this.net = net;
            return this;
        }

        /** Sets {@link SalesOrder#tax()}: tax. */
        public Builder tax(@Nullable Money tax) {
            this.tax = tax;
            return this;
        }

        /** Sets {@link SalesOrder#gross()}: sum with tax. */
        public Builder gross(@Nullable Money gross) {
            this.gross = gross;
            return this;
        }

        /** Sets {@link SalesOrder#status()}: where the order stands. */
        public Builder status(Coded<OrderStatus> status) {
            this.status = status;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException {@code MALFORMED} if an amount is in another currency
         */
        public SalesOrder build() {
            return new SalesOrder(
                    id,
                    externalIds,
                    required("orders.customer", customer),
                    number,
                    orderDate,
                    placedAt,
                    required("orders.currency", currency),
                    lines,
                    net,
                    tax,
                    gross,
                    required("orders.status", status));
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

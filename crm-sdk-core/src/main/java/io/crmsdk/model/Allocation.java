package io.crmsdk.model;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a payment that settles one invoice or one order. Immutable; equality by value.
 *
 * @param invoice which invoice; null if an order
 * @param order which order; null if an invoice
 * @param amount in the currency of the invoice or order
 * @param paymentAmount the same in the currency of the payment; null if both currencies are equal or it is not stated
 * @param rate units of the invoice currency for one unit of the payment currency, as stated; null if not stated
 * @param on when it was allocated; null if not stated
 */
public record Allocation(
        @Nullable RecordRef invoice,
        @Nullable RecordRef order,
        Money amount,
        @Nullable Money paymentAmount,
        @Nullable BigDecimal rate,
        @Nullable LocalDate on) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code MALFORMED} unless exactly one of invoice and order is given, or if the rate is not positive
     */
    public Allocation {
        Objects.requireNonNull(amount, "amount");
        if ((invoice == null) == (order == null)) {
            throw new ModelException(
                    "MALFORMED", "payments.allocations", "exactly one of invoice and order is required");
        }
        if (rate != null && rate.signum() <= 0) {
            throw new ModelException("MALFORMED", "payments.allocations.rate", "must be positive");
        }
    }

    /** To an invoice, in the currency of the payment. */
    public static Allocation toInvoice(RecordRef invoice, Money amount) {
        return new Allocation(invoice, null, amount, null, null, null);
    }

    /** To an order, in the currency of the payment. */
    public static Allocation toOrder(RecordRef order, Money amount) {
        return new Allocation(null, order, amount, null, null, null);
    }

    /** What it settles and when; no amount. */
    @Override
    public String toString() {
        return "Allocation[" + (invoice != null ? "invoice " + invoice : "order " + order) + ", on=" + on + "]";
    }
}

package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import java.util.Objects;

/**
 * How many documents of a kind there are in one currency and what they come to, as the source's own books say. Immutable.
 *
 * @param figure what is counted
 * @param count how many documents
 * @param sum what they come to, exact
 */
public record ControlTotal(Figure figure, long count, Money sum) {
    /** What a control total is about. */
    public enum Figure {
        /** Orders that are neither drafts nor cancelled, by gross amount. */
        ORDERS,
        /** Posted invoices and credit notes, by gross amount. */
        INVOICES,
        /** Posted invoices and credit notes that are not settled exactly, by open amount. */
        OPEN,
        /** Cleared payments, by their whole amount. */
        PAYMENTS
    }

    /** Refuses nulls. */
    public ControlTotal {
        Objects.requireNonNull(figure, "figure");
        Objects.requireNonNull(sum, "sum");
    }

    ControlTotal plus(ControlTotal other) {
        return new ControlTotal(figure, count + other.count, sum.plus(other.sum));
    }
}

package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.model.PaymentState;
import org.jspecify.annotations.Nullable;

/**
 * How far an order is paid, derived from the entries of its invoices and its own. Immutable.
 *
 * @param document its id in its own system
 * @param number its number; null if it has none yet
 * @param customer id of the customer in the order's system
 * @param status the source's word for where it stands
 * @param state how far it is paid; {@link PaymentState#NOT_INVOICED} without a posted invoice, never {@code UNPAID}
 * @param amount what was ordered; null if the source does not say
 * @param invoiced sum of its posted invoices without credit notes
 * @param applied sum of the entries that count
 * @param open invoiced less applied
 */
public record OrderStanding(
        String document,
        @Nullable String number,
        String customer,
        String status,
        PaymentState state,
        @Nullable Money amount,
        Money invoiced,
        Money applied,
        Money open) {
    /** Id, number and state; no amounts. */
    @Override
    public String toString() {
        return "OrderStanding[" + document + ", " + number + ", " + state + "]";
    }
}

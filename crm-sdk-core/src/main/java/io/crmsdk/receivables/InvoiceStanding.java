package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import io.crmsdk.model.PaymentState;
import org.jspecify.annotations.Nullable;

/**
 * How far an invoice is paid, derived from the ledger's entries. Immutable.
 *
 * @param document its id in its own system
 * @param number its number; null if it has none yet
 * @param state how far it is paid
 * @param gross what was claimed
 * @param applied sum of the entries that count
 * @param open what is left; negative if too much was paid
 * @param stated what the source says is left; null if it does not say
 */
public record InvoiceStanding(
        String document,
        @Nullable String number,
        PaymentState state,
        Money gross,
        Money applied,
        Money open,
        @Nullable Money stated) {
    /** Id, number and state; no amounts. */
    @Override
    public String toString() {
        return "InvoiceStanding[" + document + ", " + number + ", " + state + "]";
    }
}

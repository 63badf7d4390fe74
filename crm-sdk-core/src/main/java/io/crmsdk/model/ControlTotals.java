package io.crmsdk.model;

import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums that both sides of a sync must agree on to the minor unit, for one currency.
 *
 * <p>Void and draft invoices are left out: they are no claims. Immutable; equality by value.
 *
 * @param invoices how many invoices were summed
 * @param gross sum of gross amounts
 * @param applied sum of what was applied
 * @param balance sum of open amounts, always gross less applied
 */
public record ControlTotals(int invoices, Money gross, Money applied, Money balance) {
    /**
     * The totals of these invoices by currency, in the order in which currencies first appear.
     *
     * @param invoices the invoices of one period
     * @param payments all payments that may touch them
     * @throws ModelException {@code CURRENCY_MISMATCH} if an allocation is not in the currency of its invoice
     */
    public static Map<Currency, ControlTotals> of(List<Invoice> invoices, List<Payment> payments) {
        Map<Currency, ControlTotals> totals = new LinkedHashMap<>();
        for (Invoice invoice : invoices) {
            if (invoice.status().is(InvoiceStatus.VOID) || invoice.status().is(InvoiceStatus.DRAFT)) {
                continue;
            }
            Money applied = invoice.applied(payments);
            ControlTotals one = new ControlTotals(
                    1, invoice.gross(), applied, invoice.gross().minus(applied));
            totals.merge(invoice.currency(), one, ControlTotals::plus);
        }
        return totals;
    }

    private ControlTotals plus(ControlTotals other) {
        return new ControlTotals(
                invoices + other.invoices,
                gross.plus(other.gross),
                applied.plus(other.applied),
                balance.plus(other.balance));
    }
}

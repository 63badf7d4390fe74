package io.crmsdk.receivables;

import io.crmsdk.model.Money;
import java.util.Currency;

/**
 * A figure on which the source's books and the ledger do not agree. Immutable.
 *
 * @param figure which figure
 * @param currency in which currency
 * @param declaredCount how many documents the source has
 * @param takenCount how many the ledger has
 * @param declared what the source says
 * @param taken what the ledger says
 */
public record TotalsDifference(
        ControlTotal.Figure figure,
        Currency currency,
        long declaredCount,
        long takenCount,
        Money declared,
        Money taken) {

    /** One sentence with both figures. */
    public String sentence() {
        return figure + ": the source has " + declaredCount + " with " + declared + ", the ledger has " + takenCount
                + " with " + taken;
    }
}

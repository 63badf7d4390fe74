package io.crmsdk.sync;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sums of the money of each side by field and currency, exact. Not thread-safe. */
final class MoneyTotals {
    /** What has no currency, an amount that is no number, or a currency beyond the first {@link #MOST}. */
    static final String OTHER = "?";

    private static final int MOST = 500;
    private final Map<String, String> money;
    private final Map<String, Map<String, BigDecimal[]>> sums = new TreeMap<>();

    /**
     * @param money the field of the currency under that of the amount
     */
    MoneyTotals(Map<String, String> money) {
        this.money = money;
        money.keySet().forEach(field -> sums.put(field, new TreeMap<>()));
    }

    void add(Side side, Fields record) {
        money.forEach((amountField, currencyField) -> {
            BigDecimal amount = amount(record, amountField);
            if (amount != null) {
                Map<String, BigDecimal[]> ofField = sums.get(amountField);
                if (ofField != null) {
                    add(ofField, side, currency(record, currencyField), amount);
                }
            }
        });
    }

    private static void add(Map<String, BigDecimal[]> sums, Side side, String currency, BigDecimal amount) {
        String known = sums.size() < MOST || sums.containsKey(currency) ? currency : OTHER;
        BigDecimal[] both = sums.computeIfAbsent(known, c -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
        both[side.ordinal()] = both[side.ordinal()].add(amount);
    }

    private static String currency(Fields record, String field) {
        String text = record.text(field);
        return text == null || text.isBlank() || text.length() > 8 ? OTHER : text;
    }

    /** A number, also one that is written as text; what is neither differs as a field and is not summed. */
    private static @Nullable BigDecimal amount(Fields record, String field) {
        String text = record.text(field);
        String value = text == null ? record.get(field) : text;
        if (value == null || value.length() > 40) {
            return null;
        }
        try {
            BigDecimal amount = new BigDecimal(value);
            return Math.abs(amount.scale()) > 40 ? null : amount;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    List<ReconcileReport.Total> totals() {
        List<ReconcileReport.Total> totals = new ArrayList<>();
        sums.forEach((field, byCurrency) -> byCurrency.forEach(
                (currency, both) -> totals.add(new ReconcileReport.Total(field, currency, both[0], both[1]))));
        return totals;
    }
}

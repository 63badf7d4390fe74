package io.crmsdk.receivables;

import io.crmsdk.model.InvoiceStatus;
import io.crmsdk.model.Money;
import io.crmsdk.model.OrderStatus;
import io.crmsdk.model.PaymentStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums up what the ledger has in the figures of {@link ControlTotal}, and compares them with what a source declares. */
final class TotalsCheck {
    private static final Set<String> NO_ORDER =
            Set.of(OrderStatus.DRAFT.name(), OrderStatus.CANCELLED.name(), Withdrawal.GONE);
    private static final Set<String> NO_CLAIM =
            Set.of(InvoiceStatus.DRAFT.name(), InvoiceStatus.VOID.name(), Withdrawal.GONE);

    private final Map<String, ControlTotal> taken = new TreeMap<>();

    /** Counts a document by its own amount. */
    void add(Document document) {
        boolean counts = switch (document.kind()) {
            case ORDER -> !NO_ORDER.contains(document.status());
            case INVOICE -> !NO_CLAIM.contains(document.status());
            case PAYMENT -> document.status().equals(PaymentStatus.CLEARED.name());
        };
        if (counts) {
            Money amount = document.amount() == null
                    ? Money.zero(Money.currency(document.currency()))
                    : Money.of(document.amount(), document.currency());
            ControlTotal.Figure figure = switch (document.kind()) {
                case ORDER -> ControlTotal.Figure.ORDERS;
                case INVOICE -> ControlTotal.Figure.INVOICES;
                case PAYMENT -> ControlTotal.Figure.PAYMENTS;
            };
            add(new ControlTotal(figure, 1, amount));
        }
    }

    /** Counts what an invoice leaves open. */
    void open(Standings.Claim claim) {
        Money open = claim.invoice().openAmount(claim.payments());
        if (claim.isPosted() && open.signum() != 0) {
            add(new ControlTotal(ControlTotal.Figure.OPEN, 1, open));
        }
    }

    private void add(ControlTotal one) {
        taken.merge(key(one), one, ControlTotal::plus);
    }

    private static String key(ControlTotal total) {
        return total.figure() + " " + total.sum().currency();
    }

    List<ControlTotal> totals() {
        return List.copyOf(taken.values());
    }

    /**
     * Where both differ; of figures that the source does not declare at all nothing is said.
     *
     * @param figures which figures to compare
     */
    List<TotalsDifference> against(List<ControlTotal> declared, Set<ControlTotal.Figure> figures) {
        Map<String, ControlTotal> theirs = new TreeMap<>();
        Set<ControlTotal.Figure> spoken = EnumSet.noneOf(ControlTotal.Figure.class);
        for (ControlTotal total : declared) {
            theirs.merge(key(total), total, ControlTotal::plus);
            spoken.add(total.figure());
        }
        Map<String, ControlTotal> all = new TreeMap<>(taken);
        all.putAll(theirs);
        List<TotalsDifference> differences = new ArrayList<>();
        for (Map.Entry<String, ControlTotal> entry : all.entrySet()) {
            ControlTotal.Figure figure = entry.getValue().figure();
            if (spoken.contains(figure) && figures.contains(figure)) {
                Money zero = Money.zero(entry.getValue().sum().currency());
                ControlTotal nothing = new ControlTotal(figure, 0, zero);
                ControlTotal ours = taken.getOrDefault(entry.getKey(), nothing);
                ControlTotal said = theirs.getOrDefault(entry.getKey(), nothing);
                if (ours.count() != said.count() || !ours.sum().equals(said.sum())) {
                    differences.add(new TotalsDifference(
                            figure, zero.currency(), said.count(), ours.count(), said.sum(), ours.sum()));
                }
            }
        }
        return differences;
    }
}

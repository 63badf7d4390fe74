package io.crmsdk.erp.tryton;

import io.crmsdk.model.Money;
import io.crmsdk.receivables.ControlTotal;
import io.crmsdk.receivables.ControlTotal.Figure;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What Tryton's books come to, asked for with questions of their own: the server counts, and the amounts are its own figures. A payment
 * that the pages took for something else, or an invoice that they left out, makes a difference here.
 */
final class BookFigures {
    /** Invoices to customers. */
    static final Object OURS = List.<Object>of("type", "=", "out");
    /** States in which an invoice is a claim. */
    static final Set<String> CLAIMS = Set.of("posted", "paid");

    private static final int PAGE = 1000;
    private static final List<Object> NO_ORDER = List.<Object>of("draft", "quotation", "cancelled");

    private final TrytonServer server;
    private final Map<String, ControlTotal> totals = new TreeMap<>();

    BookFigures(TrytonServer server) {
        this.server = server;
    }

    /** Whether a line that is no invoice's is a payment; the counterpart of a cancelled invoice is none. */
    static boolean pays(Money balance, boolean undoes) {
        return balance.signum() != 0 && !undoes;
    }

    /** Whether an invoice's own line is that of a credit note that was set off or paid out. */
    static boolean setsOff(Money balance, long reconciliation) {
        return balance.signum() < 0 && reconciliation != 0;
    }

    List<ControlTotal> totals() {
        each(
                TrytonBooks.SALE,
                List.<Object>of(List.<Object>of("state", "not in", NO_ORDER)),
                List.<Object>of("total_amount", "currency.code"),
                sale -> add(Figure.ORDERS, TrytonBooks.money(sale, "total_amount")));
        Set<Long> moves = new HashSet<>();
        Set<Long> undone = new HashSet<>();
        each(
                TrytonBooks.INVOICE,
                List.<Object>of(OURS),
                List.<Object>of("state", "total_amount", "amount_to_pay", "currency.code", "move", "cancel_move"),
                invoice -> {
                    moves.add(BookLine.reference(invoice, "move"));
                    undone.add(BookLine.reference(invoice, "cancel_move"));
                    claim(invoice);
                });
        each(TrytonBooks.LINE, BookLine.SETTLING, BookLine.ASKED, wire -> line(BookLine.of(wire), moves, undone));
        return List.copyOf(totals.values());
    }

    private void claim(Fields invoice) {
        if (CLAIMS.contains(TrytonBooks.word(invoice, "state"))) {
            add(Figure.INVOICES, TrytonBooks.money(invoice, "total_amount"));
            Money open = TrytonBooks.money(invoice, "amount_to_pay");
            if (open.signum() != 0) {
                add(Figure.OPEN, open);
            }
        }
    }

    private void line(BookLine line, Set<Long> moves, Set<Long> undone) {
        if (line.delegated()) {
            return;
        }
        if (!moves.contains(line.move())) {
            if (pays(line.balance(), undone.contains(line.move()))) {
                add(Figure.PAYMENTS, line.balance().negated());
            }
        } else if (setsOff(line.balance(), line.reconciliation())) {
            add(Figure.PAYMENTS, Money.zero(line.balance().currency()));
        }
    }

    private void add(Figure figure, Money amount) {
        ControlTotal sum = totals.get(key(figure, amount));
        totals.put(
                key(figure, amount),
                sum == null
                        ? new ControlTotal(figure, 1, amount)
                        : new ControlTotal(figure, sum.count() + 1, sum.sum().plus(amount)));
    }

    private static String key(Figure figure, Money amount) {
        return figure + " " + amount.currency().getCurrencyCode();
    }

    /** As many as the server counts, or nothing. */
    private void each(String model, List<Object> domain, List<Object> asked, Consumer<Fields> consumer) {
        long counted = server.count(model, domain);
        long read = 0;
        long after = 0;
        List<Fields> page;
        do {
            List<Object> rest = new ArrayList<>(domain);
            rest.add(List.<Object>of("id", ">", after));
            page = server.read(model, rest, PAGE, asked);
            for (Fields record : page) {
                consumer.accept(record);
                after = TrytonBooks.id(record);
            }
            read += page.size();
        } while (!page.isEmpty());
        if (read != counted) {
            throw new ConnectorException(
                    Cause.DOWN,
                    "TRYTON_COUNT",
                    model + ": the server counted " + counted + " and gave " + read
                            + "; somebody works on the books, read them again",
                    null,
                    null);
        }
    }
}

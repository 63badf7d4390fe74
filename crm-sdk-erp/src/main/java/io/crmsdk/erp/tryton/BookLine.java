package io.crmsdk.erp.tryton;

import io.crmsdk.model.Money;
import io.crmsdk.sync.Fields;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line on a receivable account.
 *
 * @param balance debit less credit in the company's currency
 * @param second the same in another currency; null if the line has none
 * @param reconciliation what it is reconciled by; 0 if it is not
 * @param delegated whether it was only passed on to another party
 * @param party whom it is about; 0 if nobody
 */
record BookLine(
        long id,
        long move,
        Money balance,
        @Nullable Money second,
        long reconciliation,
        boolean delegated,
        long party,
        @Nullable LocalDate date,
        boolean writtenOff) {
    /** Lines that are in the books, or that Tryton counts as a payment although their move is still a draft. */
    static final List<Object> SETTLING = List.<Object>of(
            List.<Object>of("account.type.receivable", "=", true),
            List.<Object>of(
                    "OR",
                    List.<Object>of("move.state", "=", "posted"),
                    Arrays.<Object>asList("reconciliation", "!=", null),
                    Arrays.<Object>asList("invoice_payment", "!=", null)));

    static final List<Object> ASKED = List.<Object>of(
            "move",
            "debit",
            "credit",
            "second_currency.code",
            "amount_second_currency",
            "reconciliation",
            "reconciliation.delegate_to",
            "party",
            "date",
            "move.journal.type",
            "move.company.currency.code");

    private static final String COMPANY = "move\\..company\\..currency\\..code";

    static BookLine of(Fields wire) {
        boolean foreign =
                wire.text("second_currency\\..code") != null && wire.text("amount_second_currency.decimal") != null;
        return new BookLine(
                TrytonBooks.id(wire),
                TrytonBooks.number(wire, "move"),
                balance(wire),
                foreign ? TrytonBooks.money(wire, "amount_second_currency", "second_currency\\..code") : null,
                reference(wire, "reconciliation"),
                reference(wire, "reconciliation\\..delegate_to") != 0,
                reference(wire, "party"),
                date(wire),
                "write-off".equals(wire.text("move\\..journal\\..type")));
    }

    static Money balance(Fields wire) {
        return TrytonBooks.money(wire, "debit", COMPANY).minus(TrytonBooks.money(wire, "credit", COMPANY));
    }

    static long reference(Fields wire, String field) {
        return wire.get(field) == null || wire.isEmptyAt(field) ? 0 : TrytonBooks.number(wire, field);
    }

    private static @Nullable LocalDate date(Fields wire) {
        return wire.get("date.year") == null
                ? null
                : LocalDate.of(
                        (int) TrytonBooks.number(wire, "date.year"), (int) TrytonBooks.number(wire, "date.month"), (int)
                                TrytonBooks.number(wire, "date.day"));
    }

    /** Debit less credit in a currency, as Tryton takes it; null if the line does not say. */
    @Nullable
    Money in(Currency currency) {
        if (second != null && second.currency().equals(currency)) {
            return second;
        }
        return balance.currency().equals(currency) ? balance : null;
    }
}

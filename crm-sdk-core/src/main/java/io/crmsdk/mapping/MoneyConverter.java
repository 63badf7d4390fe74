package io.crmsdk.mapping;

import io.crmsdk.mapping.Type.Kind;
import io.crmsdk.model.Money;
import java.math.BigDecimal;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/** Exact amounts: in one stated currency, or with the currency in a field of its own. */
final class MoneyConverter extends Bound.Several {
    private final @Nullable Currency stated;

    private MoneyConverter(@Nullable Currency stated) {
        super("money", Promise.LENS, VendorType.DECIMAL, stated == null ? 2 : 1, stated == null ? 2 : 1);
        this.stated = stated;
    }

    static Bound bind(Arguments a) {
        a.only();
        a.makes(Kind.MONEY, Kind.ATTRIBUTE);
        String code = a.text();
        VendorField amount = a.fields().get(0);
        if (amount != null && amount.type() == VendorType.DOUBLE) {
            throw new ConversionFault(
                    "MONEY_DOUBLE", "money cannot come from a double; the vendor must send exact digits");
        }
        if (code == null && a.fields().size() != 2) {
            throw new ConversionFault(
                    "NO_CURRENCY",
                    "money needs its currency: as: {money: CNY}, or the currency's field as second from");
        }
        try {
            return new MoneyConverter(code == null ? null : Money.currency(code));
        } catch (io.crmsdk.model.ModelException e) {
            throw new ConversionFault("ARGUMENT", "not an ISO 4217 currency: " + code);
        }
    }

    @Override
    @Nullable
    Object get(@Nullable String[] texts) {
        String amount = texts[0];
        if (amount == null) {
            return null;
        }
        BigDecimal exact = Converters.exactDecimal(amount);
        if (stated != null) {
            return new Money(exact, stated);
        }
        String currency = texts[1];
        if (currency == null) {
            throw new ConversionFault("NO_CURRENCY", "an amount without its currency");
        }
        return new Money(exact, Money.currency(currency.strip()));
    }

    @Override
    @Nullable
    String[] put(@Nullable String[] old, Object value) {
        Money money = (Money) value;
        if (stated != null && !stated.equals(money.currency())) {
            throw new ConversionFault("CURRENCY_MISMATCH", "the field holds " + stated + ", not " + money.currency());
        }
        String amount = money.amount().toPlainString();
        String was = old[0];
        if (was != null
                && money.equals(
                        Bound.quietly(text -> new Money(Converters.exactDecimal(text), money.currency()), was))) {
            amount = was;
        }
        return stated != null
                ? new @Nullable String[] {amount}
                : new @Nullable String[] {amount, money.currency().getCurrencyCode()};
    }
}

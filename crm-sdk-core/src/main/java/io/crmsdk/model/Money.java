package io.crmsdk.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Objects;

/**
 * An exact amount in one currency.
 *
 * <p>The scale is the currency's number of minor units (0 for JPY, 2 for CNY, 3 for KWD) unless the source states more
 * digits, which are kept; trailing zeros beyond the minor units are not, so that {@code 1}, {@code 1.0} and {@code 1.000}
 * yuan are equal. There is no way in or out through {@code double}. Immutable.
 *
 * @param amount exact, may be negative
 * @param currency ISO 4217
 */
public record Money(BigDecimal amount, Currency currency) implements Comparable<Money> {
    private static final int MAX_DIGITS = 60;

    /**
     * Brings the amount to its normal scale.
     *
     * @throws ModelException {@code LIMIT_EXCEEDED} if the amount has more than 60 digits before or after the point
     */
    public Money {
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(amount, "amount");
        if (amount.precision() > MAX_DIGITS || Math.abs((long) amount.scale()) > MAX_DIGITS) {
            throw new ModelException("LIMIT_EXCEEDED", "money.amount", "at most " + MAX_DIGITS + " digits");
        }
        int minor = Math.max(0, currency.getDefaultFractionDigits());
        amount = amount.setScale(Math.max(minor, amount.stripTrailingZeros().scale()), RoundingMode.UNNECESSARY);
    }

    /**
     * An amount from plain decimal text, for example {@code of("1234.50", "CNY")}.
     *
     * @throws ModelException {@code MALFORMED} if the text is no decimal number or the code no ISO 4217 currency
     */
    public static Money of(String amount, String currency) {
        try {
            return new Money(new BigDecimal(amount), currency(currency));
        } catch (NumberFormatException e) {
            throw new ModelException("MALFORMED", "money.amount", "not a decimal number", e);
        }
    }

    /**
     * An amount in the currency with this ISO 4217 code.
     *
     * @throws ModelException {@code MALFORMED} if there is no such currency
     */
    public static Money of(BigDecimal amount, String currency) {
        return new Money(amount, currency(currency));
    }

    /** Nothing, in this currency. */
    public static Money zero(Currency currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    /**
     * The currency with an ISO 4217 code such as {@code CNY}.
     *
     * @throws ModelException {@code MALFORMED} if the runtime knows no such code
     */
    public static Currency currency(String code) {
        try {
            return Currency.getInstance(code);
        } catch (IllegalArgumentException e) {
            throw new ModelException("MALFORMED", "money.currency", "not an ISO 4217 code", e);
        }
    }

    /**
     * The exact sum.
     *
     * @throws IllegalArgumentException if the currencies differ
     */
    public Money plus(Money other) {
        return new Money(amount.add(same(other)), currency);
    }

    /**
     * The exact difference.
     *
     * @throws IllegalArgumentException if the currencies differ
     */
    public Money minus(Money other) {
        return new Money(amount.subtract(same(other)), currency);
    }

    /** The same amount with the opposite sign. */
    public Money negated() {
        return new Money(amount.negate(), currency);
    }

    /** -1, 0 or 1 as the amount is negative, zero or positive. */
    public int signum() {
        return amount.signum();
    }

    /** Whether the amount has no digits below the currency's minor unit. */
    public boolean isPayable() {
        return amount.scale() <= Math.max(0, currency.getDefaultFractionDigits());
    }

    /**
     * Orders by amount.
     *
     * @throws IllegalArgumentException if the currencies differ
     */
    @Override
    public int compareTo(Money other) {
        return amount.compareTo(same(other));
    }

    /** Currency and plain decimal, for example {@code CNY 1234.50}. */
    @Override
    public String toString() {
        return currency.getCurrencyCode() + " " + amount.toPlainString();
    }

    private BigDecimal same(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cannot combine " + currency + " with " + other.currency);
        }
        return other.amount;
    }
}

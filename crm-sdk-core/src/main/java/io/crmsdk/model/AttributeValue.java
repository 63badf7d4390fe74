package io.crmsdk.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

/**
 * The typed value of a field that the canonical model does not name.
 *
 * <p>A closed set of kinds, so that a value survives every store and mapping with its type. At most 32 KiB of UTF-8 per
 * value. Immutable; equality by value; {@code toString} shows the kind and never the value.
 */
public sealed interface AttributeValue {
    /** Most bytes of UTF-8 that one value may take. */
    int MAX_BYTES = 32 * 1024;

    /** A text of one line or more. */
    static AttributeValue of(String text) {
        return new TextValue(text);
    }

    /** A whole number. */
    static AttributeValue of(long number) {
        return new IntegerValue(BigInteger.valueOf(number));
    }

    /** An exact decimal number; its trailing zeros are kept. */
    static AttributeValue of(BigDecimal number) {
        return new DecimalValue(number);
    }

    /** An amount of money. */
    static AttributeValue of(Money amount) {
        return new MoneyValue(amount);
    }

    /** True or false. */
    static AttributeValue of(boolean value) {
        return new BooleanValue(value);
    }

    /** A calendar date without zone. */
    static AttributeValue of(LocalDate date) {
        return new DateValue(date);
    }

    /** A moment in UTC. */
    static AttributeValue of(java.time.Instant instant) {
        return new InstantValue(instant);
    }

    /**
     * Text of one line or more, NFC.
     *
     * @param value not blank
     */
    record TextValue(String value) implements AttributeValue {
        /**
         * Checks and normalises.
         *
         * @throws ModelException if it is blank, malformed or longer than 32 KiB
         */
        public TextValue {
            value = checked(value);
        }

        @Override
        public String toString() {
            return "TEXT(" + value.length() + ")";
        }
    }

    /**
     * A whole number of any size.
     *
     * @param value exact
     */
    record IntegerValue(BigInteger value) implements AttributeValue {
        @Override
        public String toString() {
            return "INTEGER";
        }
    }

    /**
     * An exact decimal number.
     *
     * @param value exact, with the trailing zeros of its source
     */
    record DecimalValue(BigDecimal value) implements AttributeValue {
        @Override
        public String toString() {
            return "DECIMAL";
        }
    }

    /**
     * An amount of money.
     *
     * @param value amount and currency
     */
    record MoneyValue(Money value) implements AttributeValue {
        @Override
        public String toString() {
            return "MONEY";
        }
    }

    /**
     * True or false; never used for consent.
     *
     * @param value as stated
     */
    record BooleanValue(boolean value) implements AttributeValue {
        @Override
        public String toString() {
            return "BOOLEAN";
        }
    }

    /**
     * A calendar date without zone.
     *
     * @param value the date
     */
    record DateValue(LocalDate value) implements AttributeValue {
        @Override
        public String toString() {
            return "DATE";
        }
    }

    /**
     * A moment in UTC.
     *
     * @param value the moment
     */
    record InstantValue(java.time.Instant value) implements AttributeValue {
        @Override
        public String toString() {
            return "INSTANT";
        }
    }

    /**
     * A word from some vendor's list.
     *
     * @param value the word, exact
     */
    record EnumValue(String value) implements AttributeValue {
        /**
         * Checks the word.
         *
         * @throws ModelException if it is blank, malformed or longer than 255 characters
         */
        public EnumValue {
            value = Text.exact("attributes", value, 255);
        }

        @Override
        public String toString() {
            return "ENUM";
        }
    }

    /**
     * Several values in order; lists do not nest.
     *
     * @param values at most 1,000
     */
    record ListValue(List<AttributeValue> values) implements AttributeValue {
        /**
         * Copies the list.
         *
         * @throws ModelException if it holds more than 1,000 values or another list
         */
        public ListValue {
            values = List.copyOf(values);
            if (values.size() > 1000) {
                throw new ModelException("LIMIT_EXCEEDED", "attributes", "at most 1000 values in a list");
            }
            if (values.stream().anyMatch(ListValue.class::isInstance)) {
                throw new ModelException("MALFORMED", "attributes", "a list within a list");
            }
        }

        @Override
        public String toString() {
            return "LIST(" + values.size() + ")";
        }
    }

    /**
     * Points to an object of another system.
     *
     * @param value its id there
     */
    record RefValue(ExternalId value) implements AttributeValue {
        @Override
        public String toString() {
            return "REF(" + value.system() + ")";
        }
    }

    private static String checked(String value) {
        String clean = Objects.requireNonNull(value, "value");
        clean = Text.block("attributes", clean, MAX_BYTES);
        if (clean == null) {
            throw new ModelException("MALFORMED", "attributes", "a value is required");
        }
        if (clean.length() > MAX_BYTES / 4 && clean.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new ModelException("LIMIT_EXCEEDED", "attributes", "at most " + MAX_BYTES + " bytes");
        }
        return clean;
    }
}

package io.crmsdk.model;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of an order. Immutable; equality by value.
 *
 * @param sku article number, exact; null if absent
 * @param text what was ordered; null if absent
 * @param quantity how many, exact
 * @param unit unit of the quantity; null if absent
 * @param unitPrice price of one; null if not stated
 * @param discount taken off the line; null if not stated
 * @param tax tax of the line; null if not stated
 * @param net line without tax; null if not stated
 * @param gross line with tax; null if not stated
 */
public record OrderLine(
        @Nullable String sku,
        @Nullable String text,
        BigDecimal quantity,
        @Nullable String unit,
        @Nullable Money unitPrice,
        @Nullable Money discount,
        @Nullable Money tax,
        @Nullable Money net,
        @Nullable Money gross) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public OrderLine {
        sku = Text.exactOrNull("orders.lines.sku", sku, 100);
        text = Text.block("orders.lines.text", text, 1000);
        Objects.requireNonNull(quantity, "quantity");
        unit = Text.line("orders.lines.unit", unit, 40);
    }

    /** A builder with nothing set but what is required. */
    public static Builder builder(BigDecimal quantity) {
        Builder builder = new Builder();
        builder.quantity = quantity;
        return builder;
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.sku = sku;
        builder.text = text;
        builder.quantity = quantity;
        builder.unit = unit;
        builder.unitPrice = unitPrice;
        builder.discount = discount;
        builder.tax = tax;
        builder.net = net;
        builder.gross = gross;
        return builder;
    }

    /** Article, quantity and unit; no amounts. */
    @Override
    public String toString() {
        return "OrderLine[" + sku + ", " + quantity.toPlainString() + (unit == null ? "" : " " + unit) + "]";
    }

    /** Collects the parts of a {@link OrderLine}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String sku;
        private @Nullable String text;
        private @Nullable BigDecimal quantity;
        private @Nullable String unit;
        private @Nullable Money unitPrice;
        private @Nullable Money discount;
        private @Nullable Money tax;
        private @Nullable Money net;
        private @Nullable Money gross;

        private Builder() {}

        /** Sets {@link OrderLine#sku()}: article number, exact. */
        public Builder sku(@Nullable String sku) {
            this.sku = sku;
            return this;
        }

        /** Sets {@link OrderLine#text()}: what was ordered. */
        public Builder text(@Nullable String text) {
            this.text = text;
            return this;
        }

        /** Sets {@link OrderLine#quantity()}: how many, exact. */
        public Builder quantity(BigDecimal quantity) {
            this.quantity = quantity;
            return this;
        }

        /** Sets {@link OrderLine#unit()}: unit of the quantity. */
        public Builder unit(@Nullable String unit) {
            this.unit = unit;
            return this;
        }

        /** Sets {@link OrderLine#unitPrice()}: price of one. */
        public Builder unitPrice(@Nullable Money unitPrice) {
            this.unitPrice = unitPrice;
            return this;
        }

        /** Sets {@link OrderLine#discount()}: taken off the line. */
        public Builder discount(@Nullable Money discount) {
            this.discount = discount;
            return this;
        }

        /** Sets {@link OrderLine#tax()}: tax of the line. */
        public Builder tax(@Nullable Money tax) {
            this.tax = tax;
            return this;
        }

        /** Sets {@link OrderLine#net()}: line without tax. */
        public Builder net(@Nullable Money net) {
            this.net = net;
            return this;
        }

        /** Sets {@link OrderLine#gross()}: line with tax. */
        public Builder gross(@Nullable Money gross) {
            this.gross = gross;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a text is malformed or too long
         */
        public OrderLine build() {
            return new OrderLine(
                    sku, text, required("orders.lines.quantity", quantity), unit, unitPrice, discount, tax, net, gross);
        }

        private static <T> T required(String field, @Nullable T value) {
            if (value == null) {
                throw new ModelException("MALFORMED", field, "a value is required");
            }
            return value;
        }
    }
}

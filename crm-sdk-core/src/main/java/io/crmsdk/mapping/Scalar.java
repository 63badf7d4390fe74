package io.crmsdk.mapping;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One value of a vendor's record that is no object and no list: its exact text and what JSON says it is.
 *
 * @param text a number by its digits as they were sent; empty for null
 */
record Scalar(String text, Kind kind) {
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }

    static final Scalar NULL = new Scalar("", Kind.NULL);
    static final Scalar FALSE = new Scalar("false", Kind.BOOLEAN);
    static final Scalar TRUE = new Scalar("true", Kind.BOOLEAN);

    /**
     * The scalar of a Java value.
     *
     * @throws ConversionFault {@code PRECISION} for a {@code Double} or {@code Float}; {@code TYPE} for anything else that has no
     *     exact text
     */
    static Scalar of(@Nullable Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof Scalar scalar) {
            return scalar;
        }
        if (value instanceof CharSequence text) {
            return new Scalar(text.toString(), Kind.TEXT);
        }
        if (value instanceof Boolean yes) {
            return yes ? TRUE : FALSE;
        }
        if (value instanceof BigDecimal
                || value instanceof BigInteger
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return new Scalar(value instanceof BigDecimal decimal ? digits(decimal) : value.toString(), Kind.NUMBER);
        }
        if (value instanceof Number) {
            throw new ConversionFault(
                    "PRECISION", "a floating-point number has no exact digits; pass a BigDecimal or a text");
        }
        throw new ConversionFault("TYPE", "neither text, number, boolean nor null");
    }

    /** Plain digits, unless they would be absurdly many. */
    static String digits(BigDecimal value) {
        return Math.abs((long) value.scale()) > 400 ? value.toString() : value.toPlainString();
    }

    /** The Java value: {@code String}, {@code BigDecimal}, {@code Boolean} or null. */
    @Nullable
    Object java() {
        return switch (kind) {
            case TEXT -> text;
            case NUMBER -> new BigDecimal(text);
            case BOOLEAN -> kind == Kind.BOOLEAN && text.equals("true");
            case NULL -> null;
        };
    }
}

package io.crmsdk.quality;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a host demands of one field: required, form, length, allowed values, uniqueness. Immutable.
 *
 * @param field canonical name or column, as the records to check name it
 * @param required whether a record without it is refused
 * @param format regular expression that the whole value must match; null for any
 * @param formatMessage what the form is, for people; null to say only that it does not fit
 * @param minLength fewest code points
 * @param maxLength most code points
 * @param allowed the allowed values, exact; empty for any
 * @param unique whether two records must not have the same value
 */
public record FieldRule(
        String field,
        boolean required,
        @Nullable Pattern format,
        @Nullable String formatMessage,
        int minLength,
        int maxLength,
        Set<String> allowed,
        boolean unique) {
    /**
     * Checks that the rule can be fulfilled.
     *
     * @throws IllegalArgumentException if the lengths contradict each other or no allowed value fits the other demands
     */
    public FieldRule {
        Objects.requireNonNull(field, "field");
        allowed = Set.copyOf(allowed);
        if (minLength < 0 || minLength > maxLength) {
            throw new IllegalArgumentException(field + ": lengths " + minLength + " to " + maxLength + " fit nothing");
        }
        if (!allowed.isEmpty() && allowed.stream().noneMatch(value -> fits(value, format, minLength, maxLength))) {
            throw new IllegalArgumentException(field + ": no allowed value has the demanded form and length");
        }
    }

    /** A rule that demands nothing yet. */
    public static Builder of(String field) {
        return new Builder(field);
    }

    private static boolean fits(String value, @Nullable Pattern format, int min, int max) {
        int length = value.codePointCount(0, value.length());
        return length >= min
                && length <= max
                && (format == null || format.matcher(value).matches());
    }

    /** {@code Pattern} has no equality by value; two rules with the same expression are equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldRule that
                && field.equals(that.field)
                && required == that.required
                && expression().equals(that.expression())
                && Objects.equals(formatMessage, that.formatMessage)
                && minLength == that.minLength
                && maxLength == that.maxLength
                && allowed.equals(that.allowed)
                && unique == that.unique;
    }

    @Override
    public int hashCode() {
        return Objects.hash(field, required, expression(), formatMessage, minLength, maxLength, allowed, unique);
    }

    private String expression() {
        return format == null ? "" : format.flags() + format.pattern();
    }

    /** Collects the demands of a {@link FieldRule}. Not thread-safe. */
    public static final class Builder {
        private final String field;
        private boolean required;
        private @Nullable Pattern format;
        private @Nullable String formatMessage;
        private int minLength;
        private int maxLength = Integer.MAX_VALUE;
        private Set<String> allowed = Set.of();
        private boolean unique;

        private Builder(String field) {
            this.field = Objects.requireNonNull(field, "field");
        }

        /** Demands a value. */
        public Builder required() {
            required = true;
            return this;
        }

        /**
         * Demands a form.
         *
         * @param regex Java regular expression for the whole value
         * @param message what the form is, for people
         * @throws IllegalArgumentException if the expression is none
         */
        public Builder format(String regex, String message) {
            try {
                format = Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(field + ": " + e.getDescription() + " in the format", e);
            }
            formatMessage = message;
            return this;
        }

        /** Demands a length in code points, both ends included. */
        public Builder length(int min, int max) {
            minLength = min;
            maxLength = max;
            return this;
        }

        /** Demands one of these values, exactly. */
        public Builder oneOf(String... values) {
            allowed = new LinkedHashSet<>(Set.of(values));
            return this;
        }

        /** Demands that no two records have the same value. */
        public Builder unique() {
            unique = true;
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalArgumentException if nothing could fulfil it
         */
        public FieldRule build() {
            return new FieldRule(field, required, format, formatMessage, minLength, maxLength, allowed, unique);
        }
    }
}

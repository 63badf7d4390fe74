package io.crmsdk.model;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a personal name. A name that came as one text stays in {@link Customer#displayName()} with all parts empty and
 * {@link #parsed()} false: a Chinese name is never split at blanks. Immutable; equality by value.
 *
 * @param prefix honorific or title before the name, at most 30 characters; null if absent
 * @param given given name, at most 100; null if absent
 * @param middle middle name, at most 100; null if absent
 * @param family family name, at most 100; null if absent
 * @param suffix what follows the name, at most 30; null if absent
 * @param phoneticGiven reading of the given name, at most 100; null if absent
 * @param phoneticFamily reading of the family name, at most 100; null if absent
 * @param phoneticSystem how readings are written, for example {@code pinyin}; null if absent
 * @param nameOrder which part comes first; null if not stated
 * @param parsed whether the parts were stated by the source or a person, not guessed
 */
public record Person(
        @Nullable String prefix,
        @Nullable String given,
        @Nullable String middle,
        @Nullable String family,
        @Nullable String suffix,
        @Nullable String phoneticGiven,
        @Nullable String phoneticFamily,
        @Nullable String phoneticSystem,
        @Nullable NameOrder nameOrder,
        boolean parsed) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Person {
        prefix = Text.line("person.prefix", prefix, 30);
        given = Text.line("person.given", given, 100);
        middle = Text.line("person.middle", middle, 100);
        family = Text.line("person.family", family, 100);
        suffix = Text.line("person.suffix", suffix, 30);
        phoneticGiven = Text.line("person.phoneticGiven", phoneticGiven, 100);
        phoneticFamily = Text.line("person.phoneticFamily", phoneticFamily, 100);
        phoneticSystem = Text.line("person.phoneticSystem", phoneticSystem, 30);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.prefix = prefix;
        builder.given = given;
        builder.middle = middle;
        builder.family = family;
        builder.suffix = suffix;
        builder.phoneticGiven = phoneticGiven;
        builder.phoneticFamily = phoneticFamily;
        builder.phoneticSystem = phoneticSystem;
        builder.nameOrder = nameOrder;
        builder.parsed = parsed;
        return builder;
    }

    /** Which parts are there, none of their values. */
    @Override
    public String toString() {
        return "Person[parsed=" + parsed + ", given=" + (given != null) + ", family=" + (family != null) + "]";
    }

    /** Collects the parts of a {@link Person}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable String prefix;
        private @Nullable String given;
        private @Nullable String middle;
        private @Nullable String family;
        private @Nullable String suffix;
        private @Nullable String phoneticGiven;
        private @Nullable String phoneticFamily;
        private @Nullable String phoneticSystem;
        private @Nullable NameOrder nameOrder;
        private boolean parsed;

        private Builder() {}

        /** Sets {@link Person#prefix()}: honorific or title before the name, at most 30 characters. */
        public Builder prefix(@Nullable String prefix) {
            this.prefix = prefix;
            return this;
        }

        /** Sets {@link Person#given()}: given name, at most 100. */
        public Builder given(@Nullable String given) {
            this.given = given;
            return this;
        }

        /** Sets {@link Person#middle()}: middle name, at most 100. */
        public Builder middle(@Nullable String middle) {
            this.middle = middle;
            return this;
        }

        /** Sets {@link Person#family()}: family name, at most 100. */
        public Builder family(@Nullable String family) {
            this.family = family;
            return this;
        }

        /** Sets {@link Person#suffix()}: what follows the name, at most 30. */
        public Builder suffix(@Nullable String suffix) {
            this.suffix = suffix;
            return this;
        }

        /** Sets {@link Person#phoneticGiven()}: reading of the given name, at most 100. */
        public Builder phoneticGiven(@Nullable String phoneticGiven) {
            this.phoneticGiven = phoneticGiven;
            return this;
        }

        /** Sets {@link Person#phoneticFamily()}: reading of the family name, at most 100. */
        public Builder phoneticFamily(@Nullable String phoneticFamily) {
            this.phoneticFamily = phoneticFamily;
            return this;
        }

        /** Sets {@link Person#phoneticSystem()}: how readings are written, for example {@code pinyin}. */
        public Builder phoneticSystem(@Nullable String phoneticSystem) {
            this.phoneticSystem = phoneticSystem;
            return this;
        }

        /** Sets {@link Person#nameOrder()}: which part comes first. */
        public Builder nameOrder(@Nullable NameOrder nameOrder) {
            this.nameOrder = nameOrder;
            return this;
        }

        /** Sets {@link Person#parsed()}: whether the parts were stated by the source or a person, not guessed. */
        public Builder parsed(boolean parsed) {
            this.parsed = parsed;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a text is malformed or too long
         */
        public Person build() {
            return new Person(
                    prefix,
                    given,
                    middle,
                    family,
                    suffix,
                    phoneticGiven,
                    phoneticFamily,
                    phoneticSystem,
                    nameOrder,
                    parsed);
        }
    }
}

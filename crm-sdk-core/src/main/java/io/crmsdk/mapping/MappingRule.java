package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of a mapping: which vendor fields are which canonical field, and how. Immutable; equality by value.
 *
 * <p>What is not stated follows from the mapping, see docs/mapping.md; the accessors give what was stated, null where nothing
 * was.
 *
 * @param name short name for reports, for example {@code mobile}; null for the target's path
 * @param from vendor fields; more than one only with a converter that takes several
 * @param to canonical path, for example {@code addresses[use=BILLING].street}
 * @param as converter and its arguments; null for the target's own
 * @param direction which way the rule works; null for the mapping's
 * @param when vendor fields and the values of which each must have one for the rule to apply; {@code *} stands for any value
 * @param required whether a record without a value is refused
 * @param fallback canonical value if the vendor says nothing, as text; null for none
 * @param blank what an empty text says; null for the mapping's
 * @param nulls what a null says; null for the mapping's
 * @param clearing how the vendor's field is emptied; null for the mapping's
 * @param onError what becomes of a value that cannot be read
 * @param owner whose value stands in a conflict; null for what follows from the direction
 * @param tooLong what becomes of a text that is longer than the vendor's field
 * @param sensitivity how values may be shown; null for the target's own
 * @param aliases further headers of the same column
 * @param variants headers of the same column with another meaning
 * @param doc for people; null if absent
 */
public record MappingRule(
        @Nullable String name,
        List<String> from,
        String to,
        @Nullable Conversion as,
        @Nullable Direction direction,
        Map<String, List<String>> when,
        boolean required,
        @Nullable String fallback,
        @Nullable Absence blank,
        @Nullable Absence nulls,
        @Nullable Clearing clearing,
        OnError onError,
        @Nullable OwnerPolicy owner,
        TooLong tooLong,
        @Nullable Sensitivity sensitivity,
        List<String> aliases,
        List<Variant> variants,
        @Nullable String doc) {
    /**
     * A column under another header that needs another converter, such as an opt-out column of the opposite polarity. Immutable;
     * equality by value.
     *
     * @param from the other header
     * @param as its converter
     */
    public record Variant(String from, Conversion as) {
        /** Checks that both are there. */
        public Variant {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(as, "as");
        }
    }

    private static final Set<String> LOCAL_TIME = Set.of("moment", "split-time");
    private static final Pattern ZONE = Pattern.compile(";\\s*zone=[^;]*");

    /** Copies the collections. */
    public MappingRule {
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(onError, "onError");
        Objects.requireNonNull(tooLong, "tooLong");
        from = List.copyOf(from);
        Map<String, List<String>> sorted = new TreeMap<>();
        when.forEach((field, values) -> sorted.put(field, List.copyOf(values)));
        when = Collections.unmodifiableMap(sorted);
        aliases = List.copyOf(aliases);
        variants = List.copyOf(variants);
    }

    /** A rule that takes one vendor field to one canonical field. */
    public static Builder of(String from, String to) {
        return new Builder(List.of(from), to);
    }

    /** A rule that takes several vendor fields together to one canonical field. */
    public static Builder of(List<String> from, String to) {
        return new Builder(from, to);
    }

    /** The stated name, or the target's path. */
    public String label() {
        return name != null ? name : to;
    }

    /** Whether it turns local time into instants by a zone that its converter states. */
    boolean readsLocalTime() {
        return as != null && (LOCAL_TIME.contains(as.converter()) || zoned(as) != null);
    }

    /** The convention of a {@code time} rule that names a zone; null if it names none. */
    private static @Nullable String zoned(Conversion as) {
        return as.converter().equals("time")
                        && as.argument() instanceof String convention
                        && ZONE.matcher(convention).find()
                ? convention
                : null;
    }

    /** The same rule with another zone, if it states one. */
    MappingRule inZone(String zone) {
        if (as == null || !readsLocalTime()) {
            return this;
        }
        String convention = zoned(as);
        String argument = convention == null
                ? zone
                : ZONE.matcher(convention).replaceFirst(Matcher.quoteReplacement(";zone=" + zone));
        return new MappingRule(
                name,
                from,
                to,
                Conversion.of(as.converter(), argument, as.options()),
                direction,
                when,
                required,
                fallback,
                blank,
                nulls,
                clearing,
                onError,
                owner,
                tooLong,
                sensitivity,
                aliases,
                variants,
                doc);
    }

    /** Collects the parts of a {@link MappingRule}. Not thread-safe. */
    public static final class Builder {
        private @Nullable String name;
        private final List<String> from;
        private final String to;
        private @Nullable Conversion as;
        private @Nullable Direction direction;
        private final Map<String, List<String>> when = new TreeMap<>();
        private boolean required;
        private @Nullable String fallback;
        private @Nullable Absence blank;
        private @Nullable Absence nulls;
        private @Nullable Clearing clearing;
        private OnError onError = OnError.REJECT_FIELD;
        private @Nullable OwnerPolicy owner;
        private TooLong tooLong = TooLong.REJECT;
        private @Nullable Sensitivity sensitivity;
        private List<String> aliases = List.of();
        private final List<Variant> variants = new ArrayList<>();
        private @Nullable String doc;

        private Builder(List<String> from, String to) {
            this.from = from;
            this.to = to;
        }

        /** Sets {@link MappingRule#name()}. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Sets {@link MappingRule#as()}. */
        public Builder as(Conversion conversion) {
            this.as = conversion;
            return this;
        }

        /** Sets {@link MappingRule#as()} to a converter without arguments. */
        public Builder as(String converter) {
            return as(Conversion.of(converter));
        }

        /** Sets {@link MappingRule#as()} to a converter with its main argument. */
        public Builder as(String converter, String argument) {
            return as(Conversion.of(converter, argument));
        }

        /** Sets {@link MappingRule#direction()}. */
        public Builder direction(Direction direction) {
            this.direction = direction;
            return this;
        }

        /** Adds a condition to {@link MappingRule#when()}. */
        public Builder when(String field, String... values) {
            when.put(field, List.of(values));
            return this;
        }

        /** Sets {@link MappingRule#required()}. */
        public Builder required() {
            this.required = true;
            return this;
        }

        /** Sets {@link MappingRule#fallback()}. */
        public Builder fallback(String canonical) {
            this.fallback = canonical;
            return this;
        }

        /** Sets {@link MappingRule#blank()}. */
        public Builder blank(Absence meaning) {
            this.blank = meaning;
            return this;
        }

        /** Sets {@link MappingRule#nulls()}. */
        public Builder nulls(Absence meaning) {
            this.nulls = meaning;
            return this;
        }

        /** Sets {@link MappingRule#clearing()}. */
        public Builder clearing(Clearing clearing) {
            this.clearing = clearing;
            return this;
        }

        /** Sets {@link MappingRule#onError()}. */
        public Builder onError(OnError onError) {
            this.onError = onError;
            return this;
        }

        /** Sets {@link MappingRule#owner()}. */
        public Builder owner(OwnerPolicy owner) {
            this.owner = owner;
            return this;
        }

        /** Sets {@link MappingRule#tooLong()}. */
        public Builder tooLong(TooLong tooLong) {
            this.tooLong = tooLong;
            return this;
        }

        /** Sets {@link MappingRule#sensitivity()}. */
        public Builder sensitivity(Sensitivity sensitivity) {
            this.sensitivity = sensitivity;
            return this;
        }

        /** Sets {@link MappingRule#aliases()}. */
        public Builder aliases(String... headers) {
            this.aliases = List.of(headers);
            return this;
        }

        /** Adds to {@link MappingRule#variants()}. */
        public Builder variant(String header, Conversion conversion) {
            variants.add(new Variant(header, conversion));
            return this;
        }

        /** Sets {@link MappingRule#doc()}. */
        public Builder doc(String doc) {
            this.doc = doc;
            return this;
        }

        /** The rule; whether it can work is checked with the whole mapping. */
        public MappingRule build() {
            return new MappingRule(
                    name,
                    from,
                    to,
                    as,
                    direction,
                    when,
                    required,
                    fallback,
                    blank,
                    nulls,
                    clearing,
                    onError,
                    owner,
                    tooLong,
                    sensitivity,
                    aliases,
                    variants,
                    doc);
        }
    }
}

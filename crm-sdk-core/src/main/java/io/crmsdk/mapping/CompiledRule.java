package io.crmsdk.mapping;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule that was checked: what its executor needs, looked up once. Immutable.
 *
 * @param number place in the mapping, from 0
 * @param target the canonical field; null for a consent signal
 * @param consent channel and scope of a consent signal; null for a field
 * @param sources where the vendor's values are
 * @param fields what is declared of them, null where nothing is
 * @param variants the columns that can stand for it in a sheet: its own name, its aliases and its variants
 * @param nullWords texts of the vendor that stand for null here
 */
record CompiledRule(
        int number,
        MappingRule rule,
        Direction direction,
        @Nullable Target target,
        @Nullable Consent consent,
        Bound bound,
        List<VendorPath> sources,
        List<@Nullable VendorField> fields,
        List<Condition> conditions,
        List<Column> variants,
        Absence blank,
        Absence nulls,
        Clearing clearing,
        Set<String> nullWords,
        @Nullable Object fallback,
        Sensitivity sensitivity,
        OwnerPolicy owner) {
    /** What a consent field is about. */
    record Consent(ConsentSignal.Channel channel, String scope) {}

    /** A vendor field that must have one of these texts; {@code *} for any. */
    record Condition(VendorPath path, List<String> values) {
        boolean holds(@Nullable String text) {
            return text != null && (values.contains(text) || values.contains("*") && !text.isBlank());
        }
    }

    /** A header under which the rule's value can stand, and how it is read there. */
    record Column(String header, Bound bound) {}

    String label() {
        return rule.label();
    }

    Target field() {
        if (target == null) {
            throw new IllegalStateException("a consent signal has no field");
        }
        return target;
    }

    /** Whether one vendor field that is reached by names alone decides the value, whatever the others say. */
    boolean direct() {
        return sources.size() == 1
                && sources.get(0).plain()
                && conditions.isEmpty()
                && (target == null || target.items() == null);
    }

    String source() {
        return String.join(" + ", rule.from());
    }
}

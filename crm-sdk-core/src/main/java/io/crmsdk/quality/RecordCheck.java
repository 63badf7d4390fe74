package io.crmsdk.quality;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host's rules for whole records. Immutable and thread-safe; each {@linkplain #begin() run} remembers the values of unique
 * fields, one entry a value.
 */
public final class RecordCheck {
    private final List<FieldRule> rules;

    private RecordCheck(List<FieldRule> rules) {
        this.rules = List.copyOf(rules);
        Set<String> seen = new HashSet<>();
        for (FieldRule rule : rules) {
            if (!seen.add(rule.field())) {
                throw new IllegalArgumentException("two rules for the field " + rule.field());
            }
        }
    }

    /**
     * A check by these rules, applied in this order.
     *
     * @throws IllegalArgumentException if two rules are for the same field
     */
    public static RecordCheck of(FieldRule... rules) {
        return new RecordCheck(List.of(rules));
    }

    /**
     * A check by these rules, applied in this order.
     *
     * @throws IllegalArgumentException if two rules are for the same field
     */
    public static RecordCheck of(List<FieldRule> rules) {
        return new RecordCheck(rules);
    }

    /** The rules, in order. */
    public List<FieldRule> rules() {
        return rules;
    }

    /** Starts a run over the records of one import. */
    public Run begin() {
        return new Run(rules);
    }

    /** One pass over records that share unique fields. Not thread-safe. */
    public static final class Run {
        private final List<FieldRule> rules;
        private final Map<String, Map<String, String>> firstByValue = new HashMap<>();

        private Run(List<FieldRule> rules) {
            this.rules = rules;
        }

        /**
         * Every rule that a record breaks.
         *
         * @param place where the record stands, for messages about duplicates, for example {@code row 17}
         * @param fields values by field; a missing, null or blank one is absent
         * @return one finding with {@link Action#REJECT} for each broken rule; empty if the record is fine
         */
        public List<Finding> check(String place, Map<String, @Nullable String> fields) {
            Objects.requireNonNull(place, "place");
            List<Finding> findings = new ArrayList<>();
            for (FieldRule rule : rules) {
                String value = fields.get(rule.field());
                if (value == null || value.isBlank()) {
                    if (rule.required()) {
                        findings.add(broken(rule, FindingCode.REQUIRED, "", "a value is required"));
                    }
                    continue;
                }
                checkValue(rule, value, place, findings);
            }
            return List.copyOf(findings);
        }

        private void checkValue(FieldRule rule, String value, String place, List<Finding> findings) {
            int length = value.codePointCount(0, value.length());
            if (length < rule.minLength() || length > rule.maxLength()) {
                findings.add(broken(rule, FindingCode.LENGTH, value, lengthMessage(rule, length)));
            }
            if (rule.format() != null && !rule.format().matcher(value).matches()) {
                String message = rule.formatMessage();
                findings.add(broken(rule, FindingCode.FORMAT, value, message == null ? "has not the form" : message));
            }
            if (!rule.allowed().isEmpty() && !rule.allowed().contains(value)) {
                findings.add(broken(rule, FindingCode.NOT_ALLOWED, value, "none of the allowed values"));
            }
            if (rule.unique()) {
                String first = firstByValue
                        .computeIfAbsent(rule.field(), field -> new HashMap<>())
                        .putIfAbsent(value, place);
                if (first != null) {
                    findings.add(broken(rule, FindingCode.DUPLICATE, value, "the same value as " + first));
                }
            }
        }

        private static String lengthMessage(FieldRule rule, int length) {
            return rule.maxLength() == Integer.MAX_VALUE
                    ? "at least " + rule.minLength() + " characters, got " + length
                    : rule.minLength() + " to " + rule.maxLength() + " characters, got " + length;
        }

        private static Finding broken(FieldRule rule, String code, String raw, String message) {
            return new Finding(null, rule.field(), code, Certainty.CERTAIN, Action.REJECT, raw, null, message);
        }
    }
}

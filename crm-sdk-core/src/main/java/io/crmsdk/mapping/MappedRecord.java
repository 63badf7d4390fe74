package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonParser;
import io.crmsdk.model.Customer;
import io.crmsdk.model.Invoice;
import io.crmsdk.model.Payment;
import io.crmsdk.model.SalesOrder;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a mapping made of one vendor record: the canonical record, what was noticed, what it says about consent, and everything
 * that no rule knows.
 *
 * <p>A record that is refused as a whole has no canonical record and at least one finding that says why. Immutable as long as
 * the bytes or the map it was read from are left alone: it refers to them, so that nothing a vendor sent is lost.
 * {@link #toString()} shows no value.
 */
public final class MappedRecord {
    private final Plan plan;
    private final @Nullable Object[] slots;
    private final @Nullable Object record;
    private final List<Finding> findings;
    private final List<ConsentSignal> signals;
    private final @Nullable Object source;
    private final @Nullable List<String> unread;

    MappedRecord(
            Plan plan,
            @Nullable Object[] slots,
            @Nullable Object record,
            List<Finding> findings,
            List<ConsentSignal> signals,
            @Nullable Object source,
            @Nullable List<String> unread) {
        this.plan = plan;
        this.slots = slots;
        this.record = record;
        this.findings = findings;
        this.signals = signals;
        this.source = source;
        this.unread = unread;
    }

    /**
     * The customer; null if the record was refused.
     *
     * @throws IllegalStateException if the mapping makes another kind of record
     */
    public @Nullable Customer customer() {
        return as(Customer.class, RecordType.CUSTOMER);
    }

    /**
     * The order; null if the record was refused.
     *
     * @throws IllegalStateException if the mapping makes another kind of record
     */
    public @Nullable SalesOrder order() {
        return as(SalesOrder.class, RecordType.ORDER);
    }

    /**
     * The invoice; null if the record was refused.
     *
     * @throws IllegalStateException if the mapping makes another kind of record
     */
    public @Nullable Invoice invoice() {
        return as(Invoice.class, RecordType.INVOICE);
    }

    /**
     * The payment; null if the record was refused.
     *
     * @throws IllegalStateException if the mapping makes another kind of record
     */
    public @Nullable Payment payment() {
        return as(Payment.class, RecordType.PAYMENT);
    }

    private <T> @Nullable T as(Class<T> type, RecordType wanted) {
        if (plan.spec.record() != wanted) {
            throw new IllegalStateException("the mapping " + plan.spec.name() + " makes " + plan.spec.record());
        }
        return type.cast(record);
    }

    /** Whether the record was refused as a whole; the findings say why. */
    public boolean rejected() {
        return record == null;
    }

    /** Everything that was noticed, in the order of reading; the field of each is the label of its rule. */
    public List<Finding> findings() {
        return findings;
    }

    /** What the record says about consent, also if it was refused. */
    public List<ConsentSignal> consent() {
        return signals;
    }

    /**
     * What the record says about a canonical field; a path that no rule fills is {@link Presence#ABSENT}.
     *
     * @param path canonical path, spelt as in the mapping
     */
    public Presence presence(String path) {
        for (CompiledRule rule : plan.rules) {
            Target target = rule.target();
            if (target != null
                    && target.items() == null
                    && (rule.rule().to().equals(path) || target.path().equals(path))) {
                Object value = slots[target.slot()];
                return value == null ? Presence.ABSENT : value == Part.NULL ? Presence.NULL : Presence.VALUE;
            }
        }
        return Presence.ABSENT;
    }

    /**
     * The values by the labels of the rules that filled them, in the order of the mapping; null where there is none. Values are
     * those of {@code io.crmsdk.model} and {@code java.time}; for a consent rule the {@link io.crmsdk.quality.OptOut} it read.
     */
    public Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (CompiledRule rule : plan.rules) {
            if (!rule.direction().reads()) {
                continue;
            }
            Target target = rule.target();
            if (target == null) {
                values.putIfAbsent(rule.label(), state(rule));
            } else if (target.items() == null && values.get(rule.label()) == null) {
                Object value = slots[target.slot()];
                values.put(
                        rule.label(),
                        value == Part.NULL ? null : value instanceof Part.Word word ? word.text() : value);
            }
        }
        return values;
    }

    private @Nullable Object state(CompiledRule rule) {
        Object state = null;
        for (ConsentSignal signal : signals) {
            boolean ours =
                    rule.variants().stream().anyMatch(column -> column.header().equals(signal.field()))
                            || rule.sources().get(0).toString().equals(signal.field());
            if (ours && (state == null || signal.state() == io.crmsdk.quality.OptOut.OPTED_OUT)) {
                state = signal.state();
            }
        }
        return state;
    }

    /**
     * What no rule reads, as it came: names with maps, lists, texts, {@code BigDecimal}, booleans and nulls. Read from the source
     * each time it is asked for.
     */
    public Map<String, @Nullable Object> raw() {
        Map<String, Object> left = new LinkedHashMap<>();
        List<String> columns = unread;
        tree().forEach((name, value) -> {
            if (columns != null) {
                if (columns.contains(name)) {
                    left.put(name, value);
                }
                return;
            }
            Plan.Node node = plan.trie.child(name);
            Object rest = node == null ? value : rest(value, node);
            if (rest != null) {
                left.put(name, rest);
            }
        });
        Map<String, @Nullable Object> raw = new LinkedHashMap<>();
        left.forEach((name, value) -> raw.put(name, JsonTree.java(value)));
        return raw;
    }

    private static @Nullable Object rest(@Nullable Object value, Plan.Node node) {
        if (node.rules.length > 0 || node.keep >= 0 || !(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> left = new LinkedHashMap<>();
        map.forEach((name, inner) -> {
            Plan.Node child = node.child((String) name);
            Object kept = child == null ? inner : rest(inner, child);
            if (kept != null) {
                left.put((String) name, kept);
            }
        });
        return left.isEmpty() ? null : left;
    }

    /** The whole source with exact scalars. */
    @SuppressWarnings("unchecked")
    Map<String, Object> tree() {
        if (source instanceof byte[] json) {
            try (JsonParser parser = Limits.JSON.createParser(json)) {
                return (Map<String, Object>) JsonTree.read(parser, parser.nextToken(), "");
            } catch (IOException e) {
                throw JsonReader.refused(e);
            }
        }
        return source instanceof Map ? (Map<String, Object>) source : Map.of();
    }

    /** The source for people: the tree, or the cells of a row by their headers. */
    Map<String, Object> source() {
        return tree();
    }

    Plan plan() {
        return plan;
    }

    @Nullable
    Object slot(int index) {
        return slots[index];
    }

    @Nullable
    Object record() {
        return record;
    }

    /** The kind of record and how much was noticed. */
    @Override
    public String toString() {
        return "MappedRecord[" + (record == null ? "rejected" : String.valueOf(plan.spec.record())) + ", findings="
                + findings.size() + ", consent=" + signals.size() + "]";
    }
}

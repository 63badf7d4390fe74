package io.crmsdk.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import io.crmsdk.quality.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written to a vendor: all mapped fields of a new record, or only those that differ from the base. Immutable;
 * {@link #toString()} shows names, not values.
 */
public final class VendorRecord {
    private final WritePlan plan;
    private final @Nullable Object[] leaves;
    private final List<Finding> findings;
    private final @Nullable MappedRecord base;

    VendorRecord(WritePlan plan, @Nullable Object[] leaves, List<Finding> findings, @Nullable MappedRecord base) {
        this.plan = plan;
        this.leaves = leaves;
        this.findings = findings;
        this.base = base;
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        for (Object leaf : leaves) {
            if (leaf != null) {
                return false;
            }
        }
        return true;
    }

    /** The vendor's fields that are written, as paths, in the order of writing. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i] != null) {
                paths.add(plan.paths.get(i));
            }
        }
        return paths;
    }

    /** What could not be written, or only in part, and why; nothing is left out without one. */
    public List<Finding> findings() {
        return findings;
    }

    /** The fields as one JSON object in UTF-8; numbers with their exact digits. */
    public byte[] json() {
        return written(leaves.length * 32, json -> plan.write(leaves, json));
    }

    /** The fields as nested maps of texts, {@code BigDecimal}, booleans, nulls, lists and maps. */
    public Map<String, @Nullable Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        plan.into(leaves, fields);
        return java(fields);
    }

    /**
     * The whole record for vendors that replace instead of merge: what the vendor last sent, with these fields in it. What no rule
     * knows comes back as it came.
     *
     * @throws IllegalStateException if the record was not written against one that the vendor sent
     */
    public byte[] wholeJson() {
        Map<String, Object> whole = whole();
        return written(1_024, json -> WritePlan.writeValue(whole, json));
    }

    private Map<String, Object> whole() {
        if (base == null) {
            throw new IllegalStateException(
                    "there is no vendor record to write into; give the one that was read as base");
        }
        Map<String, Object> whole = copy(base.tree());
        plan.into(leaves, whole);
        return whole;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> copy(Map<String, Object> tree) {
        Map<String, Object> copy = new LinkedHashMap<>();
        tree.forEach((name, value) -> copy.put(name, value instanceof Map ? copy((Map<String, Object>) value) : value));
        return copy;
    }

    private static Map<String, @Nullable Object> java(Map<String, Object> fields) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        fields.forEach((name, value) -> out.put(name, JsonTree.java(value)));
        return out;
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] written(int size, Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        try (JsonGenerator json = Limits.JSON.createGenerator(out)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }

    /** The names of the fields that are written. */
    @Override
    public String toString() {
        return "VendorRecord" + paths();
    }
}

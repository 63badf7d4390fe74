package io.crmsdk.mapping;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything a mapping states, as data; the three front ends meet here. */
record MappingSpec(
        String name,
        RecordType record,
        boolean rows,
        @Nullable String system,
        @Nullable String object,
        @Nullable String region,
        Direction direction,
        Absence blank,
        Absence nulls,
        Clearing clearing,
        List<String> nullWords,
        @Nullable String doc,
        Map<String, VendorField> fields,
        Map<String, String> constants,
        List<MappingRule> rules) {
    MappingSpec {
        nullWords = List.copyOf(nullWords);
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
        constants = Collections.unmodifiableMap(new TreeMap<>(constants));
        rules = List.copyOf(rules);
    }

    MappingSpec with(List<MappingRule> others) {
        return new MappingSpec(
                name, record, rows, system, object, region, direction, blank, nulls, clearing, nullWords, doc, fields,
                constants, others);
    }
}

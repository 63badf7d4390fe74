package io.crmsdk.sync;

import io.crmsdk.time.TimeConvention;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The records of a pretended system: what survives when the process that talks to it is killed. */
final class FakeSystem {
    static final TimeConvention STAMPS = TimeConvention.of("rfc3339");

    static final class Row {
        final String id;
        String key;
        Fields fields;
        int version = 1;
        Instant modified;
        boolean gone;

        Row(String id) {
            this.id = id;
        }

        RemoteRecord record() {
            RemoteRecord record = gone ? RemoteRecord.gone(id) : RemoteRecord.of(id, fields);
            return record.withVersion(String.valueOf(version)).withKey(key).withModified(STAMPS.format(modified));
        }
    }

    final Map<String, Row> rows = new TreeMap<>();
    final List<String> writes = new ArrayList<>();
    UnaryOperator<Fields> stores = fields -> fields;
    Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private int next = 1;

    Row put(String id, Fields fields) {
        Row row = rows.computeIfAbsent(id, Row::new);
        row.version += row.fields == null ? 0 : 1;
        row.fields = stores.apply(row.fields == null ? fields : row.fields.with(fields));
        row.gone = false;
        touch(row);
        return row;
    }

    Row put(String id, String... pairs) {
        return put(id, fields(pairs));
    }

    static Fields fields(String... pairs) {
        Fields.Builder fields = Fields.builder();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.text(pairs[i], pairs[i + 1]);
        }
        return fields.build();
    }

    void delete(String id) {
        Row row = rows.get(id);
        row.gone = true;
        row.fields = Fields.none();
        row.version++;
        touch(row);
    }

    private void touch(Row row) {
        now = now.plus(1, ChronoUnit.SECONDS);
        row.modified = now;
    }

    String nextId(String prefix) {
        return prefix + String.format("%05d", next++);
    }

    List<Row> withKey(String key) {
        return rows.values().stream()
                .filter(row -> !row.gone && Objects.equals(row.key, key))
                .toList();
    }

    /** How many records there are beyond one for each key. */
    long duplicates() {
        List<String> keys = rows.values().stream()
                .filter(row -> !row.gone && row.key != null)
                .map(row -> row.key)
                .toList();
        return keys.size() - keys.stream().distinct().count();
    }

    long live() {
        return rows.values().stream().filter(row -> !row.gone).count();
    }
}

package io.crmsdk.testkit;

import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The other system of a trial: in memory, and never wrong. Used by one thread. */
final class Shelf implements Connector {
    private static final Capabilities CAN = Capabilities.builder("shelf", "", "Record")
            .keys(Capabilities.Keys.UPSERT, Duration.ZERO)
            .pageSize(50)
            .batches(5, Capabilities.Batch.EACH)
            .build();

    /** By id, which is the key for what was made through the connector's side. */
    private final TreeMap<String, Fields> records = new TreeMap<>();

    private int archived;

    void put(String id, Fields fields) {
        records.merge(id, fields, Fields::with);
    }

    Map<String, Fields> records() {
        return records;
    }

    int archived() {
        return archived;
    }

    @Override
    public Capabilities capabilities() {
        return CAN;
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        List<RemoteRecord> page = (next == null ? records : records.tailMap(next, false))
                .entrySet().stream().limit(limit).map(Shelf::record).toList();
        return page.isEmpty()
                ? Page.last(page)
                : Page.of(page, page.get(page.size() - 1).id());
    }

    private static RemoteRecord record(Map.Entry<String, Fields> entry) {
        return RemoteRecord.of(entry.getKey(), entry.getValue()).withKey(entry.getKey());
    }

    @Override
    public Found fetch(String id) {
        Fields fields = records.get(id);
        return fields == null ? new Found.Gone() : new Found.Present(RemoteRecord.of(id, fields));
    }

    @Override
    public List<RemoteRecord> find(String key) {
        return fetch(key) instanceof Found.Present present ? List.of(present.record()) : List.of();
    }

    @Override
    public List<Written> write(List<Write> writes) {
        List<Written> results = new ArrayList<>();
        for (Write write : writes) {
            results.add(new Written.Stored(write.ref(), done(write)));
        }
        return results;
    }

    private RemoteRecord done(Write write) {
        if (write instanceof Write.Create create) {
            put(create.key(), create.fields());
            return RemoteRecord.of(create.key(), create.fields());
        }
        if (write instanceof Write.Update update) {
            put(update.id(), update.changes());
            return RemoteRecord.of(update.id(), records.getOrDefault(update.id(), Fields.none()));
        }
        String id = ((Write.Archive) write).id();
        records.remove(id);
        archived++;
        return RemoteRecord.gone(id);
    }
}

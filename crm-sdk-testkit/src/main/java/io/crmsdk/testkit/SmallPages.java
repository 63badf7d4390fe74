package io.crmsdk.testkit;

import io.crmsdk.sync.Capabilities;
import io.crmsdk.sync.Connector;
import io.crmsdk.sync.Fields;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import io.crmsdk.sync.Write;
import io.crmsdk.sync.Written;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connector that is asked for few records at a time, so that few records already need several pages. */
final class SmallPages implements Connector {
    static final int SIZE = 7;

    private final Connector inner;

    SmallPages(Connector inner) {
        this.inner = inner;
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public Page list(@Nullable String next, int limit) {
        return inner.list(next, Math.min(limit, SIZE));
    }

    @Override
    public Page changesSince(Instant from, @Nullable String next, int limit) {
        return inner.changesSince(from, next, Math.min(limit, SIZE));
    }

    @Override
    public Page changesAfter(String token, int limit) {
        return inner.changesAfter(token, Math.min(limit, SIZE));
    }

    @Override
    public String token() {
        return inner.token();
    }

    @Override
    public Found fetch(String id) {
        return inner.fetch(id);
    }

    @Override
    public List<RemoteRecord> find(String key) {
        return inner.find(key);
    }

    @Override
    public List<Written> write(List<Write> writes) {
        return inner.write(writes);
    }

    @Override
    public void close() {
        inner.close();
    }

    /** The values that are there; empty and absent are the same to the engine. */
    static Fields filled(@Nullable Fields fields) {
        Fields given = fields == null ? Fields.none() : fields;
        return given.only(path -> !given.isEmptyAt(path));
    }
}

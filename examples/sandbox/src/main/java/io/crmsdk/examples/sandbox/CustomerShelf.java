package io.crmsdk.examples.sandbox;

import io.crmsdk.sync.Fields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sandbox's customers by id, by key and by time of change; kept in a file of JSON lines if it has one. Thread-safe. */
final class CustomerShelf implements AutoCloseable {
    private static final Comparator<SandboxCustomer> BY_CHANGE =
            Comparator.comparing(SandboxCustomer::modified).thenComparing(SandboxCustomer::id);

    private final InstantSource clock;
    private final @Nullable Writer journal;
    private final TreeMap<String, SandboxCustomer> byId = new TreeMap<>();
    private final Map<String, String> byKey = new HashMap<>();
    private final NavigableSet<SandboxCustomer> byChange = new TreeSet<>(BY_CHANGE);
    private Instant last = Instant.EPOCH;
    private long lastNumber;

    CustomerShelf(InstantSource clock, @Nullable Path file) {
        this.clock = clock;
        this.journal = file == null ? null : open(file);
    }

    private Writer open(Path file) {
        try {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    put(customer(Fields.parse(line)));
                }
            }
            return Files.newBufferedWriter(
                    file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SandboxCustomer customer(Fields wire) {
        return new SandboxCustomer(
                Objects.requireNonNull(wire.text("_id")),
                wire.text("_key"),
                Long.parseLong(Objects.requireNonNull(wire.text("_version"))),
                Instant.parse(Objects.requireNonNull(wire.text("_modified"))),
                "true".equals(wire.get("_archived")),
                wire.only(path -> !path.startsWith("_")));
    }

    private void put(SandboxCustomer customer) {
        SandboxCustomer before = byId.put(customer.id(), customer);
        if (before != null) {
            byChange.remove(before);
        }
        byChange.add(customer);
        if (customer.key() != null) {
            byKey.put(customer.key(), customer.id());
        }
        last = customer.modified().isAfter(last) ? customer.modified() : last;
        lastNumber = Math.max(lastNumber, Long.parseLong(customer.id().substring(2)));
    }

    private SandboxCustomer keep(SandboxCustomer customer) {
        if (journal != null) {
            try {
                journal.write(customer.wire().json());
                journal.write('\n');
                journal.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        put(customer);
        return customer;
    }

    /** The time of a change; never the same twice, so that changes have an order. */
    private Instant now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        last = now.isAfter(last) ? now : last.plusMillis(1);
        return last;
    }

    /** Makes a customer, or changes the one that has the key. */
    synchronized SandboxCustomer upsert(@Nullable String key, Fields fields) {
        String id = key == null ? null : byKey.get(key);
        if (id != null) {
            return keep(Objects.requireNonNull(byId.get(id)).changed(fields, now()));
        }
        return keep(new SandboxCustomer(
                String.format(Locale.ROOT, "C-%06d", lastNumber + 1), key, 1, now(), false, fields));
    }

    /** Changes a customer if it still has the version; null if it does not. */
    synchronized @Nullable SandboxCustomer change(String id, @Nullable String etag, Fields changes) {
        SandboxCustomer there = matching(id, etag);
        return there == null ? null : keep(there.changed(changes, now()));
    }

    /** Archives a customer if it still has the version; null if it does not. */
    synchronized @Nullable SandboxCustomer archive(String id, @Nullable String etag) {
        SandboxCustomer there = matching(id, etag);
        return there == null ? null : keep(there.archived(now()));
    }

    private @Nullable SandboxCustomer matching(String id, @Nullable String etag) {
        SandboxCustomer there = byId.get(id);
        return there == null || (etag != null && !etag.equals(there.etag())) ? null : there;
    }

    synchronized @Nullable SandboxCustomer get(String id) {
        return byId.get(id);
    }

    synchronized @Nullable SandboxCustomer withKey(String key) {
        String id = byKey.get(key);
        return id == null ? null : byId.get(id);
    }

    synchronized List<SandboxCustomer> after(@Nullable String id, int limit) {
        List<SandboxCustomer> page = new ArrayList<>();
        for (SandboxCustomer customer : (id == null ? byId : byId.tailMap(id, false)).values()) {
            if (page.size() == limit) {
                break;
            }
            page.add(customer);
        }
        return page;
    }

    /** Changes at or after a time, beyond a customer in that order. */
    synchronized List<SandboxCustomer> changed(Instant since, @Nullable Instant afterTime, String afterId, int limit) {
        SandboxCustomer from = place(afterTime == null ? since : afterTime, afterTime == null ? "" : afterId);
        List<SandboxCustomer> page = new ArrayList<>();
        for (SandboxCustomer customer : byChange.tailSet(from, false)) {
            if (page.size() == limit) {
                break;
            }
            page.add(customer);
        }
        return page;
    }

    private static SandboxCustomer place(Instant time, String id) {
        return new SandboxCustomer(id, null, 0, time, false, Fields.none());
    }

    synchronized List<SandboxCustomer> all() {
        return List.copyOf(byId.values());
    }

    @Override
    public void close() throws IOException {
        if (journal != null) {
            journal.close();
        }
    }
}

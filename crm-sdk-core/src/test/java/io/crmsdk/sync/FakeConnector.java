package io.crmsdk.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** A connector to a {@link FakeSystem}, with faults drawn from a seed. */
class FakeConnector implements Connector {
    private final FakeSystem system;
    private final Capabilities can;
    private final Random random;
    private final double faults;
    Runnable beforeWrite = () -> {};

    FakeConnector(FakeSystem system, Capabilities can) {
        this(system, can, new Random(0), 0);
    }

    FakeConnector(FakeSystem system, Capabilities can, Random random, double faults) {
        this.system = system;
        this.can = can;
        this.random = random;
        this.faults = faults;
    }

    static Capabilities.Builder full(String name) {
        return Capabilities.builder(name, "", "Customer")
                .changesByStampAndId(FakeSystem.STAMPS)
                .deletes(Capabilities.Deletes.MARKED)
                .keys(Capabilities.Keys.UPSERT, java.time.Duration.ZERO)
                .conditionalWrites()
                .pageSize(7)
                .batches(5, Capabilities.Batch.EACH);
    }

    @Override
    public Capabilities capabilities() {
        return can;
    }

    @Override
    public Page list(String next, int limit) {
        return page(
                system.rows.values().stream().filter(row -> !row.gone).sorted(Comparator.comparing(row -> row.id)),
                row -> row.id,
                next,
                limit);
    }

    @Override
    public Page changesSince(Instant from, String next, int limit) {
        return page(
                system.rows.values().stream()
                        .filter(row -> !row.modified.isBefore(from))
                        .sorted(Comparator.comparing(FakeConnector::place)),
                FakeConnector::place,
                next,
                limit);
    }

    private static String place(FakeSystem.Row row) {
        return row.modified + "|" + row.id;
    }

    private interface Place {
        String of(FakeSystem.Row row);
    }

    private Page page(Stream<FakeSystem.Row> sorted, Place place, String next, int limit) {
        fail(Cause.DOWN, "READ");
        List<FakeSystem.Row> rest = sorted.filter(
                        row -> next == null || place.of(row).compareTo(next) > 0)
                .toList();
        List<FakeSystem.Row> rows = rest.subList(0, Math.min(limit, rest.size()));
        List<RemoteRecord> records =
                new ArrayList<>(rows.stream().map(FakeSystem.Row::record).toList());
        if (happens() && !records.isEmpty()) {
            records.add(records.get(0));
        }
        Page page =
                rows.size() < rest.size() ? Page.of(records, place.of(rows.get(rows.size() - 1))) : Page.last(records);
        return page.at(system.now);
    }

    @Override
    public Found fetch(String id) {
        fail(Cause.DOWN, "FETCH");
        FakeSystem.Row row = system.rows.get(id);
        return row == null || row.gone ? new Found.Gone() : new Found.Present(row.record());
    }

    @Override
    public List<RemoteRecord> find(String key) {
        fail(Cause.DOWN, "FIND");
        return system.withKey(key).stream().map(FakeSystem.Row::record).toList();
    }

    @Override
    public List<Written> write(List<Write> writes) {
        beforeWrite.run();
        fail(Cause.LIMIT, "WRITE");
        List<Written> results = new ArrayList<>();
        for (Write write : writes) {
            results.add(happens() ? new Written.NotTaken(write.ref(), Cause.LIMIT, "LIMIT") : write(write));
        }
        fail(Cause.UNKNOWN, "ANSWER");
        if (happens()) {
            results.remove(random.nextInt(results.size()));
        }
        Collections.shuffle(results, random);
        return results;
    }

    private Written write(Write write) {
        system.writes.add(write.getClass().getSimpleName() + " " + write.ref());
        if (write instanceof Write.Create create) {
            return create(create);
        }
        String id = write instanceof Write.Update update ? update.id() : ((Write.Archive) write).id();
        String expected = write instanceof Write.Update update
                ? update.expectedVersion()
                : ((Write.Archive) write).expectedVersion();
        FakeSystem.Row row = system.rows.get(id);
        if (row == null || row.gone) {
            return write instanceof Write.Archive
                    ? new Written.Stored(write.ref(), RemoteRecord.gone(id))
                    : new Written.Refused(write.ref(), Cause.DATA, "404", "it is not there");
        }
        if (can.hasConditionalWrites() && !Objects.equals(expected, String.valueOf(row.version))) {
            return new Written.Changed(write.ref(), Optional.of(row.record()));
        }
        if (write instanceof Write.Update update) {
            system.put(id, update.changes());
        } else {
            system.delete(id);
        }
        RemoteRecord stored = system.rows.get(id).record();
        return happens() ? new Written.Accepted(write.ref(), id) : new Written.Stored(write.ref(), stored);
    }

    private Written create(Write.Create create) {
        if ("bad".equals(create.fields().text("name"))) {
            return new Written.Refused(create.ref(), Cause.DATA, "422", "not acceptable");
        }
        List<FakeSystem.Row> known = can.keys() == Capabilities.Keys.UPSERT ? system.withKey(create.key()) : List.of();
        FakeSystem.Row row =
                system.put(known.isEmpty() ? system.nextId(can.system() + "-") : known.get(0).id, create.fields());
        row.key = can.keys() == Capabilities.Keys.NONE ? null : create.key();
        return new Written.Stored(create.ref(), row.record());
    }

    private boolean happens() {
        return faults > 0 && random.nextDouble() < faults;
    }

    private void fail(Cause cause, String code) {
        if (happens()) {
            throw new ConnectorException(cause, code, "as drawn", null, null);
        }
    }
}

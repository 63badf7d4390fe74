package io.crmsdk.sync;

import io.crmsdk.time.UtcClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the engine relies on, as checks that every connector has to pass against a system it may fill: that pages are whole and
 * come to an end, that equal times lose nothing, that writes do what they say and say what they did, that keys and versions keep
 * their promise.
 *
 * <p>It needs no test framework: run the checks from any. With JUnit:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> contract() {
 *     return ConnectorContract.of(connector, i -> fields(i), changed -> …).checks().stream()
 *             .map(check -> DynamicTest.dynamicTest(check.name(), check::run));
 * }
 * }</pre>
 *
 * <p>It makes, changes and archives records and leaves them behind: give it a system of its own. It lives beside the interface,
 * not in a module of its own, since it needs nothing that the engine does not need.
 */
public final class ConnectorContract {
    private static final int RECORDS = 25;

    private final Connector connector;
    private final Sample sample;
    private final UnaryOperator<Fields> change;
    private final Capabilities can;

    private ConnectorContract(Connector connector, Sample sample, UnaryOperator<Fields> change) {
        this.connector = connector;
        this.sample = sample;
        this.change = change;
        this.can = connector.capabilities();
    }

    /** Makes acceptable records. */
    @FunctionalInterface
    public interface Sample {
        /**
         * The fields of a new record.
         *
         * @param number different for each record
         */
        Fields record(int number);
    }

    /** One promise; the name is a sentence. */
    public record Check(String name, Runnable body) {
        /**
         * Checks it.
         *
         * @throws AssertionError if the connector breaks the promise; the message says where
         */
        public void run() {
            body.run();
        }
    }

    /**
     * The contract of a connector.
     *
     * @param connector speaks to a system that may be filled
     * @param sample makes records that the system accepts as they are
     * @param change gives an acceptable change of a record: only the fields to change
     */
    public static ConnectorContract of(Connector connector, Sample sample, UnaryOperator<Fields> change) {
        return new ConnectorContract(connector, sample, change);
    }

    /** All checks that apply to what the connector declares, in an order that works. */
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        checks.add(
                new Check("created records say what was given and can be fetched", this::createdRecordsCanBeFetched));
        checks.add(new Check("every write of a batch has one answer under its ref", this::everyWriteIsAnswered));
        checks.add(new Check("a listing in small pages has every record once and ends", this::listingIsComplete));
        checks.add(new Check("an update changes what it names and nothing else", this::updateChangesOnlyWhatItNames));
        checks.add(new Check("an archived record is gone", this::archivedRecordIsGone));
        checks.add(new Check("a record that never was is gone", this::unknownRecordIsGone));
        if (can.hasConditionalWrites()) {
            checks.add(new Check("a write with an old version is not done", this::oldVersionIsRefused));
        }
        if (can.keys() != Capabilities.Keys.NONE) {
            checks.add(new Check("a record is found by its key", this::recordIsFoundByKey));
        }
        if (can.keys() == Capabilities.Keys.UPSERT) {
            checks.add(new Check("the same key twice makes one record", this::sameKeyMakesOneRecord));
        }
        if (can.stamps().isPresent()) {
            checks.add(new Check("changes since a time have every later change, in order", this::changesAreComplete));
        }
        if (can.changes() == Capabilities.Changes.TOKEN) {
            checks.add(new Check("changes after a token have every later change", this::tokenHasLaterChanges));
        }
        return List.copyOf(checks);
    }

    private RemoteRecord create(String key, int number) {
        return stored(connector.write(List.of(new Write.Create("create", key, sample.record(number)))), "create");
    }

    private RemoteRecord stored(List<Written> results, String ref) {
        for (Written result : results) {
            if (result.ref().equals(ref) && result instanceof Written.Stored stored) {
                return stored.record();
            }
            if (result.ref().equals(ref) && result instanceof Written.Accepted accepted) {
                return present(accepted.id());
            }
        }
        throw new AssertionError("the write was acceptable but was answered with " + results);
    }

    private RemoteRecord present(String id) {
        Found found = connector.fetch(id);
        require(found instanceof Found.Present, "a record that was just written can be fetched, got " + found);
        return ((Found.Present) found).record();
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError("expected: " + promise);
        }
    }

    private String key(String of) {
        return "contract-" + of + "-" + UUID.randomUUID();
    }

    private void createdRecordsCanBeFetched() {
        RemoteRecord made = create(key("create"), 1);
        Fields given = sample.record(1);
        RemoteRecord there = present(made.id());
        for (String path : given.paths()) {
            require(there.fields().get(path) != null, "field " + path + " is there after the record was made with it");
        }
        require(there.fields().equals(made.fields()), "the answer to a write says what a fetch says");
        require(
                !can.hasConditionalWrites() || there.version() != null,
                "records have a version, since conditional writes are declared");
    }

    private void everyWriteIsAnswered() {
        List<Write> writes = new ArrayList<>();
        for (int i = 0; i < can.batchSize() && i < 5; i++) {
            writes.add(new Write.Create("ref" + i, key("batch" + i), sample.record(100 + i)));
        }
        Set<String> refs = new HashSet<>();
        for (Written result : connector.write(writes)) {
            require(refs.add(result.ref()), "one answer for each ref, got two for " + result.ref());
        }
        require(refs.size() == writes.size(), "an answer for each of " + writes.size() + " writes, got " + refs.size());
    }

    private void listingIsComplete() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < RECORDS; i++) {
            made.add(create(key("list" + i), 200 + i).id());
        }
        Set<String> listed = new HashSet<>();
        String next = null;
        int pages = 0;
        do {
            Page page = connector.list(next, 10);
            require(page.records().size() <= 10, "a page has at most as many records as were asked for");
            for (RemoteRecord record : page.records()) {
                require(listed.add(record.id()), "a record comes once while nothing changes: " + record.id());
            }
            next = page.next();
            require(++pages < 100_000, "the listing ends");
        } while (next != null);
        require(listed.containsAll(made), "the listing has every record that was made");
    }

    private void updateChangesOnlyWhatItNames() {
        RemoteRecord before = create(key("update"), 2);
        Fields changes = change.apply(before.fields());
        Write update = new Write.Update("update", before.id(), before.version(), changes);
        stored(connector.write(List.of(update)), "update");
        RemoteRecord after = present(before.id());
        require(
                changes.paths().containsAll(after.fields().differences(before.fields())),
                "only the named fields differ, but these do: " + after.fields().differences(before.fields()));
        require(
                !can.hasConditionalWrites() || !Objects.equals(before.version(), after.version()),
                "an update changes the version");
    }

    private void archivedRecordIsGone() {
        RemoteRecord made = create(key("archive"), 3);
        Write archive = new Write.Archive("archive", made.id(), made.version());
        List<Written> results = connector.write(List.of(archive));
        require(
                results.stream()
                        .anyMatch(result -> result instanceof Written.Stored || result instanceof Written.Accepted),
                "an archive of a record that is there is done, got " + results);
        require(!(connector.fetch(made.id()) instanceof Found.Present), "an archived record is gone for a direct look");
    }

    private void unknownRecordIsGone() {
        RemoteRecord made = create(key("unknown"), 4);
        String id = made.id().substring(0, made.id().length() - 1) + (made.id().endsWith("7") ? "8" : "7") + "999999";
        require(connector.fetch(id) instanceof Found.Gone, "a record that never was is gone, not an error");
    }

    private void oldVersionIsRefused() {
        RemoteRecord first = create(key("version"), 5);
        Fields changes = change.apply(first.fields());
        stored(connector.write(List.of(new Write.Update("one", first.id(), first.version(), changes))), "one");
        RemoteRecord second = present(first.id());
        List<Written> late = connector.write(List.of(new Write.Archive("two", first.id(), first.version())));
        require(
                late.stream().anyMatch(result -> result instanceof Written.Changed),
                "a write with an old version is answered with Changed, got " + late);
        RemoteRecord now = present(first.id());
        require(now.fields().equals(second.fields()), "a write with an old version changes nothing");
    }

    private void recordIsFoundByKey() {
        String key = key("find");
        RemoteRecord made = create(key, 6);
        long deadline = UtcClock.system().nanos() + can.keyVisibleWithin().toNanos() + 1_000_000_000L;
        List<RemoteRecord> found = connector.find(key);
        while (found.isEmpty() && UtcClock.system().nanos() < deadline) {
            LockSupport.parkNanos(10_000_000);
            found = connector.find(key);
        }
        require(
                found.size() == 1 && found.get(0).id().equals(made.id()),
                "exactly the record that was made with the key, within " + can.keyVisibleWithin() + ", got " + found);
        require(connector.find(key("nobody")).isEmpty(), "nothing for a key that nobody has");
    }

    private void sameKeyMakesOneRecord() {
        String key = key("twice");
        RemoteRecord first = create(key, 7);
        RemoteRecord second = create(key, 7);
        require(first.id().equals(second.id()), "the same key twice makes one record, got " + first + " and " + second);
    }

    private void changesAreComplete() {
        RemoteRecord first = create(key("since"), 8);
        Instant from = stamp(present(first.id()));
        Set<String> made = new HashSet<>(Set.of(first.id()));
        for (int i = 0; i < RECORDS; i++) {
            made.add(create(key("since" + i), 300 + i).id());
        }
        Set<String> seen = new HashSet<>();
        Instant last = Instant.MIN;
        String next = null;
        int pages = 0;
        do {
            Page page = connector.changesSince(from, next, 4);
            for (RemoteRecord record : page.records()) {
                Instant stamp = stamp(record);
                require(!stamp.isBefore(from), "no change is earlier than asked for");
                require(!stamp.isBefore(last), "changes come in the order of their times");
                last = stamp;
                seen.add(record.id());
            }
            next = page.next();
            require(++pages < 100_000, "the changes end");
        } while (next != null);
        require(seen.containsAll(made), "every change at or after the time is there, the first one too");
    }

    private Instant stamp(RemoteRecord record) {
        @Nullable String modified = record.modified();
        require(modified != null, "records have a time of change, since changes are told by it");
        return can.stamps().orElseThrow().parseInstant(modified);
    }

    private void tokenHasLaterChanges() {
        String token = connector.token();
        String id = create(key("token"), 9).id();
        Set<String> seen = new HashSet<>();
        String at = token;
        int pages = 0;
        do {
            Page page = connector.changesAfter(at, 10);
            page.records().forEach(record -> seen.add(record.id()));
            at = page.next();
            require(++pages < 100_000, "the changes end");
        } while (at != null);
        require(seen.contains(id), "a record made after the token is among the changes");
    }
}

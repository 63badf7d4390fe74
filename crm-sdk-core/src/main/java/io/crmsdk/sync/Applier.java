package io.crmsdk.sync;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Does what an approved plan says. Before a batch goes out its intents are committed; after its answer each result is committed
 * with the link and the bases it makes true. What a killed run left as intent is looked up before anything is repeated.
 */
final class Applier {
    private static final int ROUNDS = 3;
    private static final int TRIES = 3;
    private static final int FAILURES_IN_A_ROW = 20;
    private static final Duration LETTER_WAIT = Duration.ofMinutes(15);

    private final Setup setup;
    private final Lease lease;
    private final PairBooks books;
    private final PlanBooks plans;
    private final Swings swings;
    private final PlanBooks.Row plan;
    private final Tally done;
    private long adopted;
    private long failed;
    private long stale;
    private int failedInARow;
    private @Nullable String stopped;
    private @Nullable Instant retryAt;

    Applier(Setup setup, Lease lease, PlanBooks.Row plan) {
        this.setup = setup;
        this.lease = lease;
        this.plan = plan;
        this.books = new PairBooks(setup.store(), setup.pair());
        this.plans = new PlanBooks(setup.store(), setup.pair());
        this.swings = new Swings(setup);
        this.done = new Tally(setup.guard());
    }

    SyncReport apply() {
        List<String> kinds = allowedKinds();
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            plans.state(connection, plan.id(), "APPLYING");
            return null;
        });
        setup.steps().reached("applying");
        recover();
        for (int round = 0; round < ROUNDS && stopped == null && hasIntentsAfter(kinds); round++) {
            recover();
        }
        return finish(kinds);
    }

    private boolean hasIntentsAfter(List<String> kinds) {
        for (Side side : Side.values()) {
            for (String kind : kinds) {
                applyAll(side, kind);
            }
        }
        return count(Actions.INTENT) > 0 || count(Actions.PLANNED, kinds) > 0;
    }

    /** What no hold keeps back: everything once it was approved, except what no approval lifts. */
    private List<String> allowedKinds() {
        List<String> kinds = new ArrayList<>(List.of(Actions.CREATE, Actions.UPDATE, Actions.ARCHIVE));
        if (plan.ceiling() == null) {
            plan.summary().holds().forEach(hold -> kinds.removeIf(hold::holds));
        }
        return kinds;
    }

    private void applyAll(Side side, String kind) {
        String after = "";
        int size = setup.on(side).capabilities().batchSize();
        while (stopped == null) {
            String from = after;
            List<Change> batch = setup.store()
                    .read(connection -> plans.inState(
                            connection, plan.id(), Actions.PLANNED, List.of(kind), from, Math.max(size, 50)));
            if (batch.isEmpty()) {
                return;
            }
            after = batch.get(batch.size() - 1).item();
            List<Change> ours =
                    batch.stream().filter(change -> change.side() == side).toList();
            for (int i = 0; i < ours.size() && stopped == null; i += size) {
                write(side, ours.subList(i, Math.min(ours.size(), i + size)));
            }
        }
    }

    private void write(Side side, List<Change> batch) {
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            plans.move(connection, plan.id(), batch, Actions.INTENT, null);
            return null;
        });
        setup.steps().reached("intent");
        Map<String, Written> results;
        try {
            List<Write> writes = new ArrayList<>();
            for (Change change : batch) {
                writes.add(write(change));
            }
            results = byRef(setup.on(side).write(writes));
        } catch (ConnectorException e) {
            refusedWhole(batch, e);
            return;
        }
        setup.steps().reached("written");
        record(batch, readBack(side, results));
        setup.steps().reached("recorded");
    }

    private Write write(Change change) {
        String key = change.side() == Side.TARGET ? change.sourceId() : change.targetId();
        String id = change.writtenId();
        return switch (change.kind()) {
            case Actions.CREATE -> new Write.Create(change.item(), Objects.requireNonNull(key), words(change));
            case Actions.UPDATE ->
                new Write.Update(change.item(), Objects.requireNonNull(id), change.version(), words(change));
            default -> new Write.Archive(change.item(), Objects.requireNonNull(id), change.version());
        };
    }

    private Fields words(Change change) {
        return change.side() == Side.TARGET
                ? change.changes()
                : setup.translation().toSource(change.changes());
    }

    private static Map<String, Written> byRef(List<Written> results) {
        Map<String, Written> byRef = new HashMap<>();
        results.forEach(result -> byRef.put(result.ref(), result));
        return byRef;
    }

    /** The whole batch was turned away, or nothing is known of it. */
    private void refusedWhole(List<Change> batch, ConnectorException e) {
        retryAt = e.retryAt().orElse(retryAt);
        stopped = e.code();
        if (e.kind() == Cause.LIMIT || e.kind() == Cause.DOWN || e.kind() == Cause.PERMISSION) {
            setup.store().inTransaction(connection -> {
                lease.renew(connection);
                plans.move(connection, plan.id(), batch, Actions.PLANNED, e.code());
                return null;
            });
        }
    }

    /** Fetches what the system only confirmed. */
    private Map<String, Written> readBack(Side side, Map<String, Written> results) {
        Map<String, Written> whole = new HashMap<>();
        results.forEach((ref, result) ->
                whole.put(ref, result instanceof Written.Accepted accepted ? readBack(side, accepted) : result));
        return whole;
    }

    private Written readBack(Side side, Written.Accepted accepted) {
        try {
            return setup.on(side).fetch(accepted.id()) instanceof Found.Present present
                    ? new Written.Stored(accepted.ref(), present.record())
                    : new Written.Unknown(accepted.ref(), "SYNC_NOT_READABLE");
        } catch (ConnectorException e) {
            return new Written.Unknown(accepted.ref(), e.code());
        }
    }

    private void record(List<Change> batch, Map<String, Written> results) {
        Outcome outcome = setup.store().inTransaction(connection -> {
            lease.renew(connection);
            Outcome all = new Outcome();
            for (Change change : batch) {
                settle(connection, change, results.get(change.item()), all);
            }
            keep(connection, all.done);
            return all;
        });
        add(outcome);
    }

    private void keep(Connection connection, List<Change> written) throws SQLException {
        if (setup.bothWays()) {
            swings.count(connection, written);
        }
        books.audit(connection, plan.id(), written);
    }

    /** What one transaction recorded; counted once it is committed. */
    private static final class Outcome {
        private final List<Change> done = new ArrayList<>();
        private int failed;
        private int stale;
        private boolean adopted;
    }

    private void add(Outcome outcome) {
        for (Change change : outcome.done) {
            switch (change.kind()) {
                case Actions.CREATE -> done.creates++;
                case Actions.UPDATE -> done.updates++;
                default -> done.archives++;
            }
        }
        if (outcome.adopted) {
            adopted += outcome.done.size();
        }
        failed += outcome.failed;
        stale += outcome.stale;
        failedInARow = outcome.done.isEmpty() ? failedInARow + outcome.failed : 0;
        if (failedInARow >= FAILURES_IN_A_ROW && stopped == null) {
            stopped = "SYNC_ALL_FAIL";
        }
    }

    private void settle(Connection connection, Change change, @Nullable Written result, Outcome all)
            throws SQLException {
        if (result instanceof Written.Stored stored) {
            stored(connection, change, stored.record(), all);
        } else if (result instanceof Written.Changed) {
            stale(connection, change, all);
        } else if (result instanceof Written.Refused refused) {
            failed(connection, change, refused.cause(), refused.code(), refused.reason(), all);
        } else if (result instanceof Written.NotTaken not) {
            notTaken(connection, change, not, all);
        }
    }

    private void notTaken(Connection connection, Change change, Written.NotTaken not, Outcome all) throws SQLException {
        if (change.tries() + 1 < TRIES) {
            plans.move(connection, plan.id(), List.of(change), Actions.PLANNED, not.code());
        } else {
            failed(connection, change, not.cause(), not.code(), "turned away " + TRIES + " times", all);
        }
    }

    private void stale(Connection connection, Change change, Outcome all) throws SQLException {
        plans.move(connection, plan.id(), List.of(change), Actions.STALE, "SYNC_CHANGED");
        books.bury(connection, change.item(), Cause.CONFLICT, "SYNC_CHANGED", "somebody changed it meanwhile", 0);
        all.stale++;
    }

    private void failed(Connection connection, Change change, Cause cause, String code, String reason, Outcome all)
            throws SQLException {
        plans.move(connection, plan.id(), List.of(change), Actions.FAILED, code);
        long wait = cause.isRetried() ? LETTER_WAIT.toNanos() / 1000 : 0;
        books.bury(connection, change.item(), cause, code, reason, wait);
        all.failed++;
    }

    private void stored(Connection connection, Change change, RemoteRecord stored, Outcome all) throws SQLException {
        if (change.kind().equals(Actions.CREATE)) {
            if (!link(connection, change, made(change, stored, all.adopted))) {
                String reason = "the system gave a record that belongs to another one";
                failed(connection, change, Cause.DATA, "SYNC_LINKED_ALREADY", reason, all);
                return;
            }
        } else {
            Link link = books.linksOfSources(connection, List.of(Objects.requireNonNull(change.sourceId())))
                    .get(change.sourceId());
            books.agree(connection, List.of(after(Objects.requireNonNull(link), change, stored)));
        }
        plans.move(connection, plan.id(), List.of(change), Actions.DONE, null);
        books.raise(connection, change.item());
        if (change.kind().equals(Actions.ARCHIVE)) {
            books.raise(connection, Change.toTarget(Objects.requireNonNull(change.sourceId())));
            books.raise(connection, Change.toSource(Objects.requireNonNull(change.targetId())));
        }
        settleConflicts(connection, change);
        all.done.add(change);
    }

    /** What was written is in conflict no more; of a record that is gone nothing is. Other fields go on waiting. */
    private void settleConflicts(Connection connection, Change change) throws SQLException {
        if (change.sourceId() == null) {
            return;
        }
        String item = Change.toTarget(change.sourceId());
        if (change.kind().equals(Actions.ARCHIVE)) {
            books.settled(connection, item);
        } else {
            List<String> paths = List.copyOf(change.changes().paths());
            books.settled(connection, item, paths);
            swings.settled(connection, item, paths);
        }
    }

    /** A record that is made in the place of one that is gone takes over its link. */
    private boolean link(Connection connection, Change change, Link made) throws SQLException {
        return change.side() == Side.TARGET && change.targetId() != null
                ? books.relink(connection, made)
                : books.link(connection, made);
    }

    /**
     * The link of a record that was made. Agreed is only what was written: what else the record holds is the other side's own,
     * and so is what it holds instead, if it was found later and may have been edited since.
     */
    private Link made(Change change, RemoteRecord stored, boolean found) {
        boolean toTarget = change.side() == Side.TARGET;
        Fields there = toTarget ? stored.fields() : setup.translation().toTarget(stored.fields());
        Fields base = found ? change.changes() : there.only(change.changes().paths()::contains);
        return toTarget
                ? new Link(
                        Objects.requireNonNull(change.sourceId()),
                        stored.id(),
                        true,
                        change.ours(),
                        base,
                        null,
                        stored.version())
                : new Link(
                        stored.id(),
                        Objects.requireNonNull(change.targetId()),
                        true,
                        base,
                        change.theirs(),
                        stored.version(),
                        null);
    }

    /** The link once a write is done: what was written is what both agree on, as each side holds it. */
    private Link after(Link link, Change change, RemoteRecord stored) {
        if (change.kind().equals(Actions.ARCHIVE)) {
            return new Link(
                    link.sourceId(),
                    link.targetId(),
                    false,
                    link.sourceBase(),
                    link.targetBase(),
                    link.sourceVersion(),
                    stored.version());
        }
        boolean toTarget = change.side() == Side.TARGET;
        Fields now = toTarget ? stored.fields() : setup.translation().toTarget(stored.fields());
        Predicate<String> written = change.changes().paths()::contains;
        Predicate<String> shared = written.and(path -> isFromOtherSide(change, path));
        Fields ours = toTarget ? change.ours().only(written) : now.only(shared);
        Fields theirs = toTarget ? now.only(shared) : change.theirs().only(written);
        return new Link(
                link.sourceId(),
                link.targetId(),
                true,
                link.sourceBase().with(ours),
                link.targetBase().with(theirs),
                toTarget ? link.sourceVersion() : stored.version(),
                toTarget ? stored.version() : link.targetVersion());
    }

    /**
     * Whether the other side holds what was written. A value joined of both is new to both: as long as only one side has it, that
     * side counts as changed, so that the other gets it too.
     */
    private static boolean isFromOtherSide(Change change, String path) {
        Fields other = change.side() == Side.TARGET ? change.ours() : change.theirs();
        return Diff.isSame(other.get(path), change.changes().get(path));
    }

    /** Looks up what may have gone out. */
    private void recover() {
        String after = "";
        while (stopped == null) {
            String from = after;
            List<Change> intents = setup.store()
                    .read(connection -> plans.inState(
                            connection,
                            plan.id(),
                            Actions.INTENT,
                            List.of(Actions.CREATE, Actions.UPDATE, Actions.ARCHIVE),
                            from,
                            50));
            if (intents.isEmpty()) {
                return;
            }
            for (Change change : intents) {
                recover(change);
            }
            after = intents.get(intents.size() - 1).item();
        }
    }

    private void recover(Change change) {
        try {
            if (change.kind().equals(Actions.CREATE)) {
                recoverCreate(change);
            } else {
                recoverWrite(change);
            }
        } catch (ConnectorException e) {
            stopped = e.code();
            retryAt = e.retryAt().orElse(retryAt);
        }
        setup.steps().reached("recovered");
    }

    private void recoverCreate(Change change) {
        Connector connector = setup.on(change.side());
        Capabilities can = connector.capabilities();
        if (can.keys() == Capabilities.Keys.NONE) {
            settleAlone(
                    change,
                    new Written.Refused(
                            change.item(),
                            Cause.UNKNOWN,
                            "SYNC_CREATE_UNKNOWN",
                            "it may have been made, and the system keeps no key to find it by"));
            return;
        }
        String key = Objects.requireNonNull(change.side() == Side.TARGET ? change.sourceId() : change.targetId());
        Optional<RemoteRecord> first = connector.find(key).stream().min((a, b) -> a.id().compareTo(b.id()));
        if (first.isPresent()) {
            adopt(change, first.get());
        } else if (can.keys() == Capabilities.Keys.UPSERT || isVisible(change, can.keyVisibleWithin())) {
            replan(change);
        }
    }

    private boolean isVisible(Change change, Duration within) {
        long now = setup.store().read(setup.store()::nowMicros);
        return now - change.intentMicros() > within.toNanos() / 1000;
    }

    private void recoverWrite(Change change) {
        String id = Objects.requireNonNull(change.writtenId());
        Found found = setup.on(change.side()).fetch(id);
        boolean archive = change.kind().equals(Actions.ARCHIVE);
        if (!(found instanceof Found.Present present)) {
            settleAlone(change, archive ? gone(change, id) : lost(change));
        } else if (!archive && holds(present.record(), change)) {
            adopt(change, present.record());
        } else if (Objects.equals(present.record().version(), change.version())
                || !setup.on(change.side()).capabilities().hasConditionalWrites()) {
            replan(change);
        } else {
            settleAlone(change, new Written.Changed(change.item(), Optional.of(present.record())));
        }
    }

    private static Written gone(Change change, String id) {
        return new Written.Stored(change.item(), RemoteRecord.gone(id));
    }

    private static Written lost(Change change) {
        return new Written.Refused(change.item(), Cause.CONFLICT, "SYNC_GONE", "the record is no longer there");
    }

    /** Whether a record says all that was to be written. */
    private boolean holds(RemoteRecord record, Change change) {
        Fields wanted = words(change);
        return wanted.paths().stream()
                .allMatch(
                        path -> Objects.equals(wanted.get(path), record.fields().get(path)));
    }

    private void adopt(Change change, RemoteRecord record) {
        Outcome outcome = setup.store().inTransaction(connection -> {
            lease.renew(connection);
            Outcome all = new Outcome();
            all.adopted = true;
            stored(connection, change, record, all);
            keep(connection, all.done);
            return all;
        });
        add(outcome);
    }

    private void replan(Change change) {
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            plans.move(connection, plan.id(), List.of(change), Actions.PLANNED, null);
            return null;
        });
    }

    private void settleAlone(Change change, Written result) {
        record(List.of(change), Map.of(change.item(), result));
    }

    private SyncReport finish(List<String> kinds) {
        long unsettled = count(Actions.INTENT);
        long allowed = count(Actions.PLANNED, kinds);
        long waiting = count(Actions.PLANNED) - allowed;
        if (unsettled == 0 && allowed == 0 && waiting == 0) {
            setup.store().inTransaction(connection -> {
                lease.renew(connection);
                books.advance(connection, plan.sourceCursor(), plan.targetCursor(), plan.sourceCount());
                plans.state(connection, plan.id(), "APPLIED");
                books.ran(connection, plan.id(), done);
                swings.forget(connection);
                return null;
            });
            setup.steps().reached("finished");
        }
        return new SyncReport(
                done.creates,
                done.updates,
                done.archives,
                adopted,
                failed,
                stale,
                waiting,
                unsettled,
                allowed,
                Optional.ofNullable(stopped),
                Optional.ofNullable(retryAt));
    }

    private long count(String state) {
        return setup.store().read(connection -> plans.count(connection, plan.id(), state));
    }

    private long count(String state, List<String> kinds) {
        return setup.store().read(connection -> plans.count(connection, plan.id(), state, kinds));
    }

    /** Settles what an unfinished plan may have sent, so that another plan can be made. */
    void settleIntents() {
        recover();
        if (stopped != null || count(Actions.INTENT) > 0) {
            throw new SyncException(
                    "SYNC_IN_DOUBT",
                    "an earlier run of pair " + setup.pair()
                            + " sent something of which it is not known yet whether it was" + " taken"
                            + (stopped == null ? "" : " (" + stopped + ")") + "; nothing was planned. Ask again later",
                    null);
        }
    }
}

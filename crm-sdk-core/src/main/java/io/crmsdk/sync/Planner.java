package io.crmsdk.sync;

import io.crmsdk.CrmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes one plan: reads what changed, compares, and writes down what would be done. Writes to neither side. */
final class Planner {
    private static final int PAGE = 200;
    private static final long MEDIAN_MICROS = 30L * 24 * 3600 * 1_000_000;

    private final Setup setup;
    private final Lease lease;
    private final PairBooks books;
    private final PlanBooks plans;
    private final Swings swings;
    private final Tally tally;
    private final String plan = UUID.randomUUID().toString();
    private final long listing;
    private final Comparison comparison;

    Planner(Setup setup, Lease lease) {
        this.setup = setup;
        this.lease = lease;
        this.books = new PairBooks(setup.store(), setup.pair());
        this.plans = new PlanBooks(setup.store(), setup.pair());
        this.swings = new Swings(setup);
        this.tally = new Tally(setup.guard());
        this.comparison = new Comparison(setup);
        this.listing = setup.store().read(setup.store()::nowMicros);
    }

    /** What one page of records leads to, before any of it is written down. */
    static final class Draft {
        final List<String> items = new ArrayList<>();
        final List<Change> changes = new ArrayList<>();
        final List<Link> links = new ArrayList<>();
        final List<Link> agreed = new ArrayList<>();
        final List<String> handled = new ArrayList<>();
        final List<String> met = new ArrayList<>();
        final Map<String, List<Conflict>> conflicts = new LinkedHashMap<>();
        /** Fields by item of which there was a conflict and is none any more. */
        final Map<String, List<String>> settled = new LinkedHashMap<>();

        final List<DeadLetter> dead = new ArrayList<>();

        void dead(String item, Cause cause, String code, String message) {
            dead.add(DeadLetter.of(item, cause, code, message, 1, 0, 0));
        }
    }

    /** What is known of the records of a page. */
    private record Known(
            Map<String, Link> links,
            Map<String, RemoteRecord> remotes,
            Map<String, Map<String, Diff.Ruling>> rulings) {}

    SyncPlan make(boolean everything) {
        PairBooks.Position position = begin();
        @Nullable String targetCursor = position.targetCursor();
        if (setup.bothWays()) {
            Feed feed = new Feed(setup.target(), tally::inFuture);
            Feed.End end = feed.read(targetCursor, everything, this::stage);
            targetCursor = end.cursor();
            if (end.complete()) {
                tally.targetListed = end.seen();
                confirmMissingAtTarget();
            }
        }
        Feed feed = new Feed(setup.source(), tally::inFuture);
        Feed.End end = feed.read(position.sourceCursor(), everything, page -> keep(draft(page)));
        tally.seen = end.seen();
        if (end.complete()) {
            tally.listed = end.seen();
            tally.listedBefore = position.sourceCount().orElse(0);
            confirmMissing();
        }
        if (setup.bothWays()) {
            targetOnly();
        }
        again();
        return finish(end, targetCursor);
    }

    PairBooks.Position begin() {
        return setup.store().inTransaction(connection -> {
            lease.renew(connection);
            PairBooks.Position position = books.position(connection);
            plans.begin(connection, plan, setup.translation().version(), position.generation());
            books.clearStage(connection);
            return position;
        });
    }

    void stage(List<RemoteRecord> page) {
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            books.stage(connection, List.copyOf(unique(page).values()));
            return null;
        });
        setup.steps().reached("staged");
    }

    /** The last of each id, since a page may repeat a record. */
    private static Map<String, RemoteRecord> unique(List<RemoteRecord> page) {
        Map<String, RemoteRecord> records = new LinkedHashMap<>();
        page.forEach(record -> records.put(record.id(), record));
        return records;
    }

    private Known known(List<String> sourceIds) {
        return setup.store().read(connection -> {
            Map<String, Link> links = books.linksOfSources(connection, sourceIds);
            List<String> targets = links.values().stream().map(Link::targetId).toList();
            List<String> items = sourceIds.stream().map(Change::toTarget).toList();
            return new Known(links, books.staged(connection, targets), rulings(connection, items));
        });
    }

    /** What is or was in conflict, and what two systems fight over. */
    Map<String, Map<String, Diff.Ruling>> rulings(Connection connection, List<String> items) throws SQLException {
        Map<String, Map<String, Diff.Ruling>> rulings = books.rulings(connection, items);
        if (setup.bothWays()) {
            swings.addTo(rulings, connection, items);
        }
        return rulings;
    }

    Draft draft(List<RemoteRecord> page) {
        Draft draft = new Draft();
        Map<String, RemoteRecord> records = unique(page);
        Known known = known(List.copyOf(records.keySet()));
        records.values().forEach(record -> take(record, known, draft));
        return draft;
    }

    private void take(RemoteRecord record, Known known, Draft draft) {
        Link link = known.links().get(record.id());
        String item = Change.toTarget(record.id());
        draft.items.add(item);
        draft.met.add(record.id());
        if (record.gone()) {
            gone(link, item, known, draft);
        } else {
            present(record, item, link, known, draft);
        }
    }

    /** A deletion outweighs what the target changed meanwhile: its record is archived as it is now. */
    private static void gone(@Nullable Link link, String item, Known known, Draft draft) {
        if (link == null || !link.live()) {
            return;
        }
        RemoteRecord remote = known.remotes().get(link.targetId());
        draft.handled.add(link.targetId());
        draft.items.add(Change.toSource(link.targetId()));
        draft.changes.add(Change.planned(
                item,
                Actions.ARCHIVE,
                Side.TARGET,
                link.sourceId(),
                link.targetId(),
                remote == null ? link.targetVersion() : remote.version(),
                link.sourceBase(),
                link.targetBase(),
                Fields.none()));
    }

    private void present(RemoteRecord record, String item, @Nullable Link link, Known known, Draft draft) {
        Fields ours;
        try {
            ours = setup.translation().toTarget(record.fields());
        } catch (CrmException e) {
            draft.dead(item, Cause.DATA, e.code(), "the record cannot be said in the target's words");
            return;
        }
        if (link == null) {
            unlinked(record, item, ours, draft);
        } else if (link.live()) {
            Map<String, Diff.Ruling> rulings = known.rulings().getOrDefault(item, Map.of());
            RemoteRecord remote = known.remotes().get(link.targetId());
            if (remote == null && isToBeLookedAt(ours, link, rulings)) {
                remote = look(setup.target(), link.targetId());
            }
            compare(record, item, ours, link, remote, rulings, draft);
        }
    }

    /**
     * A target's record that no change tells of is as it was agreed, except where a conflict is open; and in pairs that go one way
     * nobody asked the target for changes.
     */
    private boolean isToBeLookedAt(Fields ours, Link link, Map<String, Diff.Ruling> rulings) {
        Diff diff = setup.diff();
        return !rulings.isEmpty()
                || (!setup.bothWays()
                        && ours.paths().stream()
                                .anyMatch(
                                        path -> diff.minds(path) && link.bases().sourceChanged(path, ours.get(path))));
    }

    private void compare(
            RemoteRecord record,
            String item,
            Fields ours,
            Link link,
            @Nullable RemoteRecord remote,
            Map<String, Diff.Ruling> rulings,
            Draft draft) {
        if (remote != null) {
            draft.handled.add(remote.id());
        }
        if (remote != null && remote.gone()) {
            targetGone(link, record.version(), draft);
            return;
        }
        Fields theirs = remote == null ? link.targetBase() : comparison.spoken(remote.fields());
        String version = remote == null ? link.targetVersion() : remote.version();
        Diff.Decision decision = setup.diff().with(rulings).compare(ours, theirs, link.bases());
        settle(item, rulings, decision, draft);
        note(item, ours, theirs, link.bases(), decision, draft);
        Link now = agreed(link, ours, theirs, decision, record.version(), version);
        plan(now, ours, theirs, decision, draft);
        if (!now.equals(link)) {
            draft.agreed.add(now);
        }
    }

    private RemoteRecord withSpoken(RemoteRecord record) {
        return new RemoteRecord(
                record.id(),
                record.version(),
                record.modified(),
                record.key(),
                record.gone(),
                comparison.spoken(record.fields()));
    }

    /** The link after both sides were seen: what they agree on is agreed from now on. */
    static Link agreed(
            Link link,
            Fields ours,
            Fields theirs,
            Diff.Decision decision,
            @Nullable String sourceVersion,
            @Nullable String targetVersion) {
        return new Link(
                link.sourceId(),
                link.targetId(),
                true,
                link.sourceBase().with(ours.only(decision.agreed()::contains)),
                link.targetBase().with(theirs.only(decision.agreed()::contains)),
                sourceVersion,
                targetVersion);
    }

    void plan(Link link, Fields ours, Fields theirs, Diff.Decision decision, Draft draft) {
        Fields toTarget = withoutGrants(Change.toTarget(link.sourceId()), decision.toTarget(), theirs);
        Fields toSource = withoutGrants(Change.toSource(link.targetId()), decision.toSource(), ours);
        if (!toTarget.isEmpty()) {
            draft.changes.add(Change.planned(
                    Change.toTarget(link.sourceId()),
                    Actions.UPDATE,
                    Side.TARGET,
                    link.sourceId(),
                    link.targetId(),
                    link.targetVersion(),
                    ours,
                    theirs,
                    toTarget));
        }
        draft.items.add(Change.toSource(link.targetId()));
        if (!toSource.isEmpty()) {
            draft.changes.add(Change.planned(
                    Change.toSource(link.targetId()),
                    Actions.UPDATE,
                    Side.SOURCE,
                    link.sourceId(),
                    link.targetId(),
                    link.sourceVersion(),
                    ours,
                    theirs,
                    toSource));
        }
    }

    /**
     * Plans a new record of the target.
     *
     * @param ours what the source says
     * @param values what to make it with
     * @param replaced the target's record that is gone and whose place the new one takes, if any
     */
    void create(String item, String sourceId, Fields ours, Fields values, @Nullable String replaced, Draft draft) {
        Fields whole = values.only(path -> !values.isEmptyAt(path)
                && setup.policies().getOrDefault(path, setup.usual()) != FieldPolicy.TARGET_OWNS);
        draft.changes.add(Change.planned(
                item,
                Actions.CREATE,
                Side.TARGET,
                sourceId,
                replaced,
                null,
                ours,
                Fields.none(),
                withoutGrants(item, whole, Fields.none())));
    }

    /** Forgets decisions that are carried out or that no longer decide anything. */
    void settle(String item, Map<String, Diff.Ruling> rulings, Diff.Decision decision, Draft draft) {
        tally.swinging += decision.conflicts().stream()
                .map(rulings::get)
                .filter(ruling -> ruling != null && ruling.swings())
                .count();
        List<String> settled = rulings.keySet().stream()
                .filter(path ->
                        decision.agreed().contains(path) || decision.conflicts().contains(path))
                .toList();
        if (!settled.isEmpty()) {
            draft.settled.put(item, settled);
        }
    }

    void note(String item, Fields ours, Fields theirs, Diff.Bases bases, Diff.Decision decision, Draft draft) {
        tally.drifted += decision.drifted();
        tally.conflicts += decision.conflicts().size();
        List<Conflict> conflicts = new ArrayList<>();
        for (String path : decision.conflicts()) {
            String base = bases.source() == null ? null : bases.source().get(path);
            conflicts.add(new Conflict(item, path, base, ours.get(path), theirs.get(path)));
        }
        draft.conflicts.put(item, conflicts);
    }

    /**
     * Takes out what only a person may grant.
     *
     * @param there what the record to be written says now
     */
    private Fields withoutGrants(String item, Fields changes, Fields there) {
        boolean grants = setup.grants().keySet().stream().anyMatch(path -> grants(path, changes, there));
        if (!grants) {
            return changes;
        }
        tally.granted(item);
        return changes.only(path -> !grants(path, changes, there));
    }

    /** A "no" that is emptied is undone as well: in many a tool an empty field is a yes. */
    private boolean grants(String path, Fields changes, Fields there) {
        String grant = setup.grants().get(path);
        if (grant == null) {
            return false;
        }
        String before = there.get(path);
        boolean no = before != null && !Fields.isEmptyValue(before) && !before.equals(grant);
        return grant.equals(changes.get(path)) || (no && changes.isEmptyAt(path));
    }

    private void unlinked(RemoteRecord record, String item, Fields ours, Draft draft) {
        String targetId = setup.known().apply(record);
        if (targetId == null) {
            create(item, record.id(), ours, ours, null, draft);
            return;
        }
        Found found = setup.target().fetch(targetId);
        if (found instanceof Found.MergedInto merged) {
            found = setup.target().fetch(merged.id());
        }
        if (!(found instanceof Found.Present present)) {
            draft.dead(
                    item, Cause.DATA, "SYNC_KNOWN_GONE", "the target no longer has the record that the source names");
            return;
        }
        RemoteRecord theirs = withSpoken(present.record());
        Diff.Decision decision = setup.diff().compare(ours, theirs.fields(), Diff.Bases.NONE);
        note(item, ours, theirs.fields(), Diff.Bases.NONE, decision, draft);
        Link link = new Link(
                record.id(),
                theirs.id(),
                true,
                ours.only(decision.agreed()::contains),
                theirs.fields().only(decision.agreed()::contains),
                record.version(),
                theirs.version());
        draft.links.add(link);
        draft.handled.add(theirs.id());
        plan(link, ours, theirs.fields(), decision, draft);
    }

    private void targetGone(Link link, @Nullable String sourceVersion, Draft draft) {
        String item = Change.toSource(link.targetId());
        draft.items.add(item);
        if (setup.bothWays()) {
            draft.changes.add(Change.planned(
                    item,
                    Actions.ARCHIVE,
                    Side.SOURCE,
                    link.sourceId(),
                    link.targetId(),
                    sourceVersion,
                    link.sourceBase(),
                    link.targetBase(),
                    Fields.none()));
        }
    }

    void keep(Draft draft) {
        List<String> refused = setup.store().inTransaction(connection -> {
            lease.renew(connection);
            plans.replace(connection, plan, draft.items, draft.changes);
            books.agree(connection, draft.agreed);
            List<String> taken = new ArrayList<>();
            for (Link link : draft.links) {
                if (!books.link(connection, link)) {
                    taken.add(Change.toTarget(link.sourceId()));
                }
            }
            plans.replace(connection, plan, taken, List.of());
            books.seen(connection, listing, draft.met);
            books.handled(connection, draft.handled);
            for (Map.Entry<String, List<String>> entry : draft.settled.entrySet()) {
                books.settled(connection, entry.getKey(), entry.getValue());
            }
            for (Map.Entry<String, List<Conflict>> entry : draft.conflicts.entrySet()) {
                books.conflicts(connection, entry.getKey(), entry.getValue());
            }
            for (DeadLetter letter : draft.dead) {
                books.bury(connection, letter.item(), letter.cause(), letter.code(), letter.message(), 0);
            }
            for (String item : taken) {
                books.bury(
                        connection,
                        item,
                        Cause.DATA,
                        "SYNC_LINKED_ALREADY",
                        "the target's record that the source names belongs to another record of the source",
                        0);
            }
            return taken;
        });
        setup.steps().reached("planned " + refused.size());
    }

    /** What a complete listing did not have is looked at directly before it counts as deleted. */
    private void confirmMissing() {
        String after = "";
        for (List<Link> links = unseen(after); !links.isEmpty(); links = unseen(after)) {
            List<RemoteRecord> found = new ArrayList<>();
            for (Link link : links) {
                found.add(look(setup.source(), link.sourceId()));
            }
            keep(draft(found));
            after = links.get(links.size() - 1).sourceId();
        }
    }

    private void confirmMissingAtTarget() {
        String after = "";
        for (List<Link> links = unstaged(after); !links.isEmpty(); links = unstaged(after)) {
            List<RemoteRecord> found = new ArrayList<>();
            for (Link link : links) {
                found.add(look(setup.target(), link.targetId()));
            }
            stage(found);
            after = links.get(links.size() - 1).sourceId();
        }
    }

    private List<Link> unstaged(String after) {
        return setup.store().read(connection -> books.unstaged(connection, after, PAGE));
    }

    private List<Link> unseen(String after) {
        return setup.store().read(connection -> books.unseen(connection, listing, after, PAGE));
    }

    static RemoteRecord look(Connector connector, String id) {
        Found found = connector.fetch(id);
        return found instanceof Found.Present present && present.record().id().equals(id)
                ? present.record()
                : RemoteRecord.gone(id);
    }

    /** What only the target changed. */
    private void targetOnly() {
        String after = "";
        for (List<RemoteRecord> page = staged(after); !page.isEmpty(); page = staged(after)) {
            keep(fromTarget(page));
            after = page.get(page.size() - 1).id();
        }
    }

    private List<RemoteRecord> staged(String after) {
        return setup.store().read(connection -> books.stagedAfter(connection, after, PAGE));
    }

    Draft fromTarget(List<RemoteRecord> page) {
        Draft draft = new Draft();
        List<String> ids = page.stream().map(RemoteRecord::id).toList();
        Map<String, Link> links = setup.store().read(connection -> books.linksOfTargets(connection, ids));
        List<String> items = links.values().stream()
                .map(link -> Change.toTarget(link.sourceId()))
                .toList();
        Map<String, Map<String, Diff.Ruling>> rulings = setup.store().read(connection -> rulings(connection, items));
        for (RemoteRecord remote : page) {
            Link link = links.get(remote.id());
            if (link == null) {
                unlinkedTarget(remote, draft);
            } else if (link.live()) {
                linkedTarget(remote, link, rulings, draft);
            }
        }
        return draft;
    }

    /** A source's record that no change tells of is as it was agreed, except where a conflict is open. */
    private void linkedTarget(
            RemoteRecord remote, Link link, Map<String, Map<String, Diff.Ruling>> rulings, Draft draft) {
        String item = Change.toTarget(link.sourceId());
        if (rulings.containsKey(item)) {
            Known known = new Known(Map.of(link.sourceId(), link), Map.of(remote.id(), remote), rulings);
            take(look(setup.source(), link.sourceId()), known, draft);
            return;
        }
        draft.items.add(item);
        RemoteRecord source =
                RemoteRecord.of(link.sourceId(), link.sourceBase()).withVersion(link.sourceVersion());
        compare(source, item, link.sourceBase(), link, remote, Map.of(), draft);
    }

    private void unlinkedTarget(RemoteRecord remote, Draft draft) {
        String item = Change.toSource(remote.id());
        draft.items.add(item);
        draft.handled.add(remote.id());
        if (remote.gone()) {
            return;
        }
        if (remote.key() != null && isOurs(remote, draft)) {
            return;
        }
        draft.changes.add(Change.planned(
                item,
                Actions.CREATE,
                Side.SOURCE,
                null,
                remote.id(),
                null,
                Fields.none(),
                remote.fields(),
                withoutGrants(item, remote.fields(), Fields.none())));
    }

    /** Whether a record that carries a source's id as its key is that source's: then both are linked and compared. */
    private boolean isOurs(RemoteRecord carrier, Draft draft) {
        String sourceId = Objects.requireNonNull(carrier.key());
        if (!(setup.source().fetch(sourceId) instanceof Found.Present present)) {
            return false;
        }
        Link known = setup.store()
                .read(connection -> books.linksOfSources(connection, List.of(sourceId)))
                .get(sourceId);
        if (known != null) {
            draft.dead(
                    Change.toSource(carrier.id()),
                    Cause.DATA,
                    "SYNC_DUPLICATE",
                    "the target has a second record with the key of " + sourceId);
            return true;
        }
        RemoteRecord source = present.record();
        RemoteRecord remote = withSpoken(carrier);
        Fields ours = setup.translation().toTarget(source.fields());
        Diff.Decision decision = setup.diff().compare(ours, remote.fields(), Diff.Bases.NONE);
        String item = Change.toTarget(sourceId);
        draft.items.add(item);
        note(item, ours, remote.fields(), Diff.Bases.NONE, decision, draft);
        Link link = new Link(
                sourceId,
                remote.id(),
                true,
                ours.only(decision.agreed()::contains),
                remote.fields().only(decision.agreed()::contains),
                source.version(),
                remote.version());
        draft.links.add(link);
        plan(link, ours, remote.fields(), decision, draft);
        return true;
    }

    /** Dead letters that are due, and records whose conflicts were decided. */
    private void again() {
        String after = "";
        for (List<DeadLetter> page = due(after); !page.isEmpty(); page = due(after)) {
            page.stream()
                    .filter(letter -> letter.cause().isRetried())
                    .map(DeadLetter::item)
                    .forEach(this::lookAgain);
            after = page.get(page.size() - 1).item();
        }
        after = "";
        for (List<String> page = resolved(after); !page.isEmpty(); page = resolved(after)) {
            page.forEach(this::lookAgain);
            after = page.get(page.size() - 1);
        }
    }

    private List<DeadLetter> due(String after) {
        return setup.store().read(connection -> books.dead(connection, after, PAGE, true));
    }

    private List<String> resolved(String after) {
        return setup.store().read(connection -> books.resolved(connection, after, PAGE));
    }

    private void lookAgain(String item) {
        String id = item.substring(2);
        Link link = setup.store()
                .read(connection -> item.startsWith("t:")
                        ? books.linksOfSources(connection, List.of(id)).get(id)
                        : books.linksOfTargets(connection, List.of(id)).get(id));
        if (link != null) {
            stage(List.of(look(setup.target(), link.targetId())));
            keep(draft(List.of(look(setup.source(), link.sourceId()))));
        } else if (item.startsWith("t:")) {
            keep(draft(List.of(look(setup.source(), id))));
        } else if (setup.bothWays()) {
            keep(fromTarget(List.of(look(setup.target(), id))));
        }
    }

    SyncPlan finish(Feed.End end, @Nullable String targetCursor) {
        Digest digest = new Digest().line(setup.pair()).line(setup.translation().version());
        plans.each(plan, change -> {
            digest.line(change.canonical());
            count(change);
        });
        OptionalLong median = setup.store()
                .read(connection ->
                        books.medianCreates(connection, setup.store().nowMicros(connection) - MEDIAN_MICROS));
        tally.medianCreates = median;
        tally.linked = setup.store().read(books::linked);
        List<Hold> holds = new ArrayList<>(setup.guard().judge(tally));
        holds.addAll(setup.controls().get());
        Summary summary = Summary.of(tally, holds);
        String hash = digest.hex();
        Long count = tally.listed < 0 ? null : tally.listed;
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            plans.finish(connection, plan, hash, summary, end.cursor(), targetCursor, count);
            return null;
        });
        setup.steps().reached("plan finished");
        return new SyncPlan(setup, plan, hash, summary);
    }

    private void count(Change change) {
        String id = change.item();
        switch (change.kind()) {
            case Actions.CREATE -> tally.created(id, change.changes());
            case Actions.UPDATE -> tally.updated(id, change.changes(), change.before());
            default -> tally.archived(id);
        }
    }
}

package io.crmsdk.sync;

import io.crmsdk.CrmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan of what a comparison found. Every record is read again, so that the plan is of what both sides say now; the policies
 * decide whose value stands, also where only the target changed. An opt-out outweighs any policy, and no value that only a person
 * may grant is written to either side.
 */
final class Repair {
    private static final int PAGE = 200;

    private final Setup setup;
    private final Lease lease;
    private final Planner planner;
    private final PairBooks books;
    private final Comparison comparison;

    Repair(Setup setup, Lease lease) {
        this.setup = setup;
        this.lease = lease;
        this.planner = new Planner(setup, lease);
        this.books = new PairBooks(setup.store(), setup.pair());
        this.comparison = new Comparison(setup);
    }

    SyncPlan make(CheckBooks findings) {
        PairBooks.Position position = planner.begin();
        List<Difference> page = new ArrayList<>();
        findings.each(difference -> {
            page.add(difference);
            if (page.size() == PAGE) {
                page.forEach(this::mend);
                page.clear();
            }
        });
        page.forEach(this::mend);
        return planner.finish(new Feed.End(position.sourceCursor(), false, 0), position.targetCursor());
    }

    private void mend(Difference found) {
        switch (found.kind()) {
            case CONSENT, FIELDS, BROKEN_LINK -> linked(source(found), link(source(found)));
            case LOST_LINK -> linked(source(found), relinked(source(found), Objects.requireNonNull(found.targetId())));
            case ONLY_SOURCE -> onlySource(source(found));
            case ONLY_TARGET -> onlyTarget(Objects.requireNonNull(found.targetId()));
            case DUPLICATE, UNREADABLE -> {
                // Which of two records is the right one, and what a broken value should be, only people know.
            }
        }
    }

    private static String source(Difference found) {
        return Objects.requireNonNull(found.sourceId());
    }

    private @Nullable Link link(String sourceId) {
        return setup.store()
                .read(connection -> books.linksOfSources(connection, List.of(sourceId)))
                .get(sourceId);
    }

    private void onlySource(String sourceId) {
        if (setup.target().capabilities().keys() != Capabilities.Keys.NONE && link(sourceId) == null) {
            for (RemoteRecord carrier : setup.target().find(sourceId)) {
                Link link = carrier.gone() ? null : relinked(sourceId, carrier.id());
                if (link != null) {
                    linked(sourceId, link);
                    return;
                }
            }
        }
        planner.keep(planner.draft(List.of(Planner.look(setup.source(), sourceId))));
    }

    /** In pairs that go one way it is the target's own. */
    private void onlyTarget(String targetId) {
        if (setup.bothWays()) {
            planner.keep(planner.fromTarget(List.of(Planner.look(setup.target(), targetId))));
        }
    }

    /** Links what belongs together if that is still so; the link that there is otherwise. */
    private @Nullable Link relinked(String sourceId, String targetId) {
        Link old = link(sourceId);
        boolean isKept = old != null
                && old.live()
                && !Planner.look(setup.target(), old.targetId()).gone();
        if (isKept || Planner.look(setup.target(), targetId).gone()) {
            return old;
        }
        Link link = new Link(sourceId, targetId, true, Fields.none(), Fields.none(), null, null);
        boolean linked = setup.store().inTransaction(connection -> {
            lease.renew(connection);
            return books.relink(connection, link);
        });
        return linked ? link : old;
    }

    private void linked(String sourceId, @Nullable Link link) {
        if (link == null) {
            return;
        }
        RemoteRecord source = Planner.look(setup.source(), sourceId);
        RemoteRecord target = Planner.look(setup.target(), link.targetId());
        if (!source.gone() && !target.gone()) {
            both(source, target, link);
        } else if (source.gone() && target.gone()) {
            end(link);
        } else if (target.gone() && !(setup.bothWays() && link.live())) {
            again(source, link);
        } else if (link.live()) {
            planner.stage(List.of(target));
            planner.keep(planner.draft(List.of(source)));
        }
    }

    /** A link of two records that are gone is no link any more; neither side is written. */
    private void end(Link link) {
        Link ended = new Link(
                link.sourceId(),
                link.targetId(),
                false,
                link.sourceBase(),
                link.targetBase(),
                link.sourceVersion(),
                link.targetVersion());
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            books.agree(connection, List.of(ended));
            return null;
        });
    }

    /** The target's record is gone and the source's is there: it is made again, in the place of the old one. */
    private void again(RemoteRecord source, Link link) {
        Planner.Draft draft = new Planner.Draft();
        String item = Change.toTarget(source.id());
        draft.items.add(item);
        Fields ours = said(source, item, draft);
        if (ours != null) {
            Fields no = link.targetBase().only(path -> isNo(path, link.targetBase()) && !isNo(path, ours));
            planner.create(item, source.id(), ours, ours.with(no), link.targetId(), draft);
        }
        planner.keep(draft);
    }

    /** Whether a record says no where only a person may say yes. */
    private boolean isNo(String path, Fields fields) {
        String grant = setup.grants().get(path);
        String value = fields.get(path);
        return grant != null && value != null && !Fields.isEmptyValue(value) && !value.equals(grant);
    }

    private @Nullable Fields said(RemoteRecord source, String item, Planner.Draft draft) {
        try {
            return setup.translation().toTarget(source.fields());
        } catch (CrmException e) {
            draft.dead(item, Cause.DATA, e.code(), "the record cannot be said in the target's words");
            return null;
        }
    }

    private void both(RemoteRecord source, RemoteRecord target, Link link) {
        Planner.Draft draft = new Planner.Draft();
        String item = Change.toTarget(source.id());
        draft.items.add(item);
        Fields ours = said(source, item, draft);
        if (ours == null) {
            planner.keep(draft);
            return;
        }
        Link live = link.live()
                ? link
                : new Link(link.sourceId(), link.targetId(), true, Fields.none(), Fields.none(), null, null);
        Fields theirs = comparison.spoken(target.fields());
        Diff.Bases bases = setup.bothWays() ? live.bases() : Diff.Bases.NONE;
        Set<String> differing = comparison.differing(ours, theirs, link.live() ? link : null);
        Map<String, Diff.Ruling> rulings = rulings(item);
        Diff.Decision decided = setup.diff().with(rulings).compare(ours, theirs, bases);
        planner.settle(item, rulings, decided, draft);
        Diff.Decision decision = withNo(decided.only(differing), differing, ours, theirs);
        planner.note(item, ours, theirs, live.bases(), decision, draft);
        Link now = Planner.agreed(live, ours, theirs, decision, source.version(), target.version());
        planner.plan(now, ours, theirs, decision, draft);
        if (!now.equals(link)) {
            draft.agreed.add(now);
        }
        planner.keep(draft);
    }

    private Map<String, Diff.Ruling> rulings(String item) {
        return setup.store()
                .read(connection -> planner.rulings(connection, List.of(item)))
                .getOrDefault(item, Map.of());
    }

    /**
     * Where one side holds a no and the other does not, the no is written wherever this pair may write; and no no is emptied, since
     * many systems read nothing as a yes.
     */
    private Diff.Decision withNo(Diff.Decision decision, Set<String> differing, Fields ours, Fields theirs) {
        Fields.Builder toTarget = filled(decision.toTarget()).toBuilder();
        Fields.Builder toSource = filled(decision.toSource()).toBuilder();
        Set<String> paths = new TreeSet<>(comparison.optedOut(ours, theirs).keySet());
        paths.addAll(differing);
        for (String path : paths) {
            if (isNo(path, ours) && !isNo(path, theirs)) {
                toTarget.copy(path, ours, path);
                toSource.remove(path);
            } else if (isNo(path, theirs) && !isNo(path, ours) && setup.bothWays()) {
                toSource.copy(path, theirs, path);
                toTarget.remove(path);
            }
        }
        return new Diff.Decision(
                toTarget.build(), toSource.build(), decision.agreed(), decision.conflicts(), decision.drifted());
    }

    private Fields filled(Fields changes) {
        return changes.only(path -> !setup.grants().containsKey(path) || !changes.isEmptyAt(path));
    }
}

package io.crmsdk.sync;

import io.crmsdk.CrmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides completely. The first reading only adds up hashes; if all sums agree, that is all. Otherwise both are read
 * again, and the records of the buckets that differ are kept in the store and compared field by field. What then seems to be
 * missing is looked at directly before it is called so. Writes to neither side.
 */
final class Reconciler {
    private static final int PAGE = 200;
    /** Direct looks at most, so that a side that is empty does not cost a call for each record of the other. */
    private static final int LOOKS = 10_000;

    private static final int RECENT = 4096;
    private static final int MOST_PATHS = 10_000;
    private static final int SAMPLES = 10;

    private final Setup setup;
    private final Lease lease;
    private final PairBooks books;
    private final CheckBooks checks;
    private final Comparison comparison;
    private final Buckets buckets = new Buckets();
    private final Set<String> paths = new HashSet<>();
    private Reading reading;
    private boolean isLoose;
    private long unconfirmed;
    private int looks = LOOKS;

    Reconciler(Setup setup, Lease lease) {
        this.setup = setup;
        this.lease = lease;
        this.books = new PairBooks(setup.store(), setup.pair());
        this.checks = new CheckBooks(setup.store(), setup.pair());
        this.comparison = new Comparison(setup);
        this.reading = new Reading(setup);
        this.paths.addAll(setup.grants().keySet());
    }

    /** What one reading of both sides counted. */
    private static final class Reading {
        private final MoneyTotals totals;
        private Recent recent = new Recent();
        private long source;
        private long target;
        private long equal;
        private long repeated;

        private Reading(Setup setup) {
            this.totals = new MoneyTotals(setup.money());
        }
    }

    /** The ids that came last, since a page may be given again. */
    private static final class Recent extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > RECENT;
        }
    }

    /** What one page led to. */
    private static final class Draft {
        private final List<Difference> found = new ArrayList<>();
        private final List<Difference> carried = new ArrayList<>();
        private final List<String> matched = new ArrayList<>();
    }

    ReconcileReport run() {
        long started = setup.store().read(setup.store()::nowMicros);
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            checks.begin(connection, setup.translation().version(), started);
            return null;
        });
        try {
            return compare(started);
        } catch (RuntimeException e) {
            forget(e);
            throw e;
        }
    }

    /** What was kept of a comparison that failed is personal, and no use any more. */
    private void forget(RuntimeException failure) {
        try {
            setup.store().inTransaction(connection -> {
                lease.renew(connection);
                checks.clear(connection);
                return null;
            });
        } catch (CrmException e) {
            failure.addSuppressed(e);
        }
    }

    private ReconcileReport compare(long started) {
        read(Side.SOURCE, this::addSource);
        read(Side.TARGET, this::addTarget);
        addLinks();
        int differing = buckets.differing();
        if (differing > 0 || isLoose) {
            reading = new Reading(setup);
            read(Side.SOURCE, this::keepSource);
            keepLinks();
            read(Side.TARGET, this::compareTarget);
            settleCarriers();
            settleUnmatched();
        }
        return finish(started, differing);
    }

    /** Takes a page of records by their ids. */
    private interface Pages {
        void take(Map<String, RemoteRecord> page);
    }

    private void read(Side side, Pages pages) {
        reading.recent = new Recent();
        new Feed(setup.on(side), id -> {}).read(null, true, page -> pages.take(fresh(page)));
        setup.steps().reached("read");
    }

    /** The live records of a page that did not come just before. */
    private Map<String, RemoteRecord> fresh(List<RemoteRecord> page) {
        Map<String, RemoteRecord> records = new LinkedHashMap<>();
        for (RemoteRecord record : page) {
            if (record.gone()) {
                continue;
            }
            if (reading.recent.put(record.id(), true) == null) {
                records.put(record.id(), record);
            } else {
                reading.repeated++;
                records.computeIfPresent(record.id(), (id, old) -> record);
            }
        }
        return records;
    }

    private void addSource(Map<String, RemoteRecord> page) {
        Map<String, Link> links = links(Side.SOURCE, page);
        for (RemoteRecord record : page.values()) {
            Fields ours = said(record);
            count(Side.SOURCE, ours);
            Link link = links.get(record.id());
            if (ours == null || link == null || !link.live()) {
                buckets.suspect(record.id());
            } else {
                buckets.met(link.sourceId(), link.targetId());
                buckets.ours(record.id(), comparison.ours(ours));
            }
            if (ours != null && paths.size() < MOST_PATHS) {
                paths.addAll(ours.paths());
            }
        }
    }

    private void addTarget(Map<String, RemoteRecord> page) {
        Map<String, Link> links = links(Side.TARGET, page);
        for (RemoteRecord record : page.values()) {
            count(Side.TARGET, record.fields());
            Link link = links.get(record.id());
            if (link == null) {
                isLoose = true;
                if (record.key() != null) {
                    buckets.suspect(record.key());
                }
            } else if (link.live()) {
                reading.equal++;
                buckets.theirs(link.sourceId(), comparison.theirs(record.fields(), link, this::isWanted));
            } else {
                buckets.suspect(link.sourceId());
            }
        }
    }

    /** In pairs that go one way what the source never speaks of is the target's own. */
    private boolean isWanted(String path) {
        return setup.bothWays() || paths.size() >= MOST_PATHS || paths.contains(path);
    }

    private void count(Side side, @Nullable Fields fields) {
        if (side == Side.SOURCE) {
            reading.source++;
        } else {
            reading.target++;
        }
        if (fields != null) {
            reading.totals.add(side, fields);
        }
    }

    private @Nullable Fields said(RemoteRecord record) {
        try {
            return setup.translation().toTarget(record.fields());
        } catch (CrmException e) {
            // Reported as UNREADABLE; what exactly is wrong with it, the next plan's dead letter says.
            return null;
        }
    }

    private Map<String, Link> links(Side side, Map<String, RemoteRecord> page) {
        List<String> ids = List.copyOf(page.keySet());
        return setup.store().inTransaction(connection -> {
            lease.renew(connection);
            return side == Side.SOURCE ? books.linksOfSources(connection, ids) : books.linksOfTargets(connection, ids);
        });
    }

    private void addLinks() {
        String after = "";
        for (Map<String, String> page = live(after); !page.isEmpty(); page = live(after)) {
            for (Map.Entry<String, String> link : page.entrySet()) {
                buckets.known(link.getKey(), link.getValue());
                after = link.getKey();
            }
        }
    }

    private Map<String, String> live(String after) {
        return setup.store().read(connection -> books.liveIds(connection, after, 1000));
    }

    private void keepSource(Map<String, RemoteRecord> page) {
        Map<String, @Nullable Fields> kept = new LinkedHashMap<>();
        List<Difference> unreadable = new ArrayList<>();
        for (RemoteRecord record : page.values()) {
            Fields ours = said(record);
            count(Side.SOURCE, ours);
            if (buckets.differs(record.id())) {
                kept.put(record.id(), ours);
            }
            if (ours == null) {
                unreadable.add(Difference.of(Difference.Kind.UNREADABLE, record.id(), null));
            }
        }
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            checks.ours(connection, kept);
            checks.found(connection, unreadable);
            return null;
        });
        setup.steps().reached("kept");
    }

    private void keepLinks() {
        String after = "";
        for (Map<String, String> page = live(after); !page.isEmpty(); page = live(after)) {
            List<String> ids = page.keySet().stream().filter(buckets::differs).toList();
            setup.store().inTransaction(connection -> {
                lease.renew(connection);
                checks.linked(connection, ids);
                return null;
            });
            after = List.copyOf(page.keySet()).get(page.size() - 1);
        }
    }

    private void compareTarget(Map<String, RemoteRecord> page) {
        Map<String, Link> links = links(Side.TARGET, page);
        List<String> sources = links.values().stream()
                .map(Link::sourceId)
                .filter(buckets::differs)
                .toList();
        Map<String, CheckBooks.Checked> kept = setup.store().read(connection -> checks.checked(connection, sources));
        Draft draft = new Draft();
        for (RemoteRecord record : page.values()) {
            count(Side.TARGET, record.fields());
            Link link = links.get(record.id());
            if (link == null) {
                unlinked(record, draft);
            } else if (!buckets.differs(link.sourceId())) {
                reading.equal += link.live() ? 1 : 0;
            } else {
                CheckBooks.Checked source = kept.get(link.sourceId());
                draft.matched.add(link.sourceId());
                if (source != null && source.sourceSeen()) {
                    both(link, source.fields(), record, draft.found);
                }
            }
        }
        keep(draft);
    }

    private static void unlinked(RemoteRecord record, Draft draft) {
        if (record.key() == null) {
            draft.found.add(Difference.of(Difference.Kind.ONLY_TARGET, null, record.id()));
        } else {
            draft.carried.add(Difference.of(Difference.Kind.DUPLICATE, record.key(), record.id()));
        }
    }

    private void keep(Draft draft) {
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            checks.theirs(connection, draft.matched);
            checks.found(connection, draft.found);
            checks.carried(connection, draft.carried);
            return null;
        });
        setup.steps().reached("compared");
    }

    /** Two records that belong together and are both there. */
    private void both(Link link, @Nullable Fields ours, RemoteRecord theirs, List<Difference> found) {
        if (!link.live()) {
            found.add(Difference.of(Difference.Kind.BROKEN_LINK, link.sourceId(), link.targetId()));
        }
        if (ours != null
                && compareFields(link.sourceId(), ours, theirs, link.live() ? link : null, found)
                && link.live()) {
            reading.equal++;
        }
    }

    /** Whether both say the same. */
    private boolean compareFields(
            String sourceId, Fields ours, RemoteRecord theirs, @Nullable Link link, List<Difference> found) {
        int before = found.size();
        Map<String, Side> optedOut = comparison.optedOut(ours, theirs.fields());
        for (Side side : Side.values()) {
            List<String> fields = optedOut.keySet().stream()
                    .filter(path -> optedOut.get(path) == side)
                    .toList();
            if (!fields.isEmpty()) {
                found.add(new Difference(Difference.Kind.CONSENT, sourceId, theirs.id(), fields, side));
            }
        }
        Set<String> differing = comparison.differing(ours, theirs.fields(), link);
        if (!differing.isEmpty()) {
            found.add(new Difference(Difference.Kind.FIELDS, sourceId, theirs.id(), List.copyOf(differing), null));
        }
        return found.size() == before;
    }

    /** The target's records that carry a key and have no link. */
    private void settleCarriers() {
        String after = "";
        for (List<Difference> page = carriers(after); !page.isEmpty(); page = carriers(after)) {
            List<String> keys = page.stream().map(Reconciler::source).distinct().toList();
            Map<String, CheckBooks.Checked> kept =
                    new HashMap<>(setup.store().read(connection -> checks.checked(connection, keys)));
            Map<String, Link> links = setup.store().read(connection -> books.linksOfSources(connection, keys));
            Draft draft = new Draft();
            for (Difference carrier : page) {
                CheckBooks.Checked source = kept.get(source(carrier));
                if (carries(carrier, source, links.get(source(carrier)), draft) && source != null) {
                    kept.put(source.sourceId(), new CheckBooks.Checked(source.sourceId(), true, true, null));
                }
            }
            keep(draft);
            after = page.get(page.size() - 1).item();
        }
    }

    private List<Difference> carriers(String after) {
        return setup.store().read(connection -> checks.carriers(connection, after, PAGE));
    }

    private static String source(Difference difference) {
        return Objects.requireNonNull(difference.sourceId());
    }

    /** Whether the carrier is the source's record whose link was lost. */
    private boolean carries(Difference carrier, CheckBooks.@Nullable Checked source, @Nullable Link link, Draft draft) {
        String targetId = Objects.requireNonNull(carrier.targetId());
        if (source == null || !source.sourceSeen()) {
            // Without a row there the record of this key was not looked at, since it is linked and the same on both
            // sides.
            boolean isSecond = source == null && link != null && link.live();
            draft.found.add(isSecond ? carrier : Difference.of(Difference.Kind.ONLY_TARGET, null, targetId));
            return false;
        }
        RemoteRecord linked = link == null || source.targetSeen() ? null : look(Side.TARGET, link.targetId());
        if (source.targetSeen() || (linked != null && !linked.gone())) {
            draft.found.add(carrier);
            return false;
        }
        lost(source.sourceId(), source.fields(), targetId, draft);
        return true;
    }

    private void lost(String sourceId, @Nullable Fields ours, String targetId, Draft draft) {
        draft.found.add(Difference.of(Difference.Kind.LOST_LINK, sourceId, targetId));
        draft.matched.add(sourceId);
        RemoteRecord there = look(Side.TARGET, targetId);
        if (ours != null && there != null && !there.gone()) {
            compareFields(sourceId, ours, there, null, draft.found);
        }
    }

    /** A direct look; null if there were too many of them. */
    private @Nullable RemoteRecord look(Side side, String id) {
        if (looks <= 0) {
            unconfirmed++;
            return null;
        }
        looks--;
        return Planner.look(setup.on(side), id);
    }

    /** Records that only one side gave, and links of which no side gave any. */
    private void settleUnmatched() {
        String after = "";
        for (List<CheckBooks.Checked> page = unmatched(after); !page.isEmpty(); page = unmatched(after)) {
            List<String> ids = page.stream().map(CheckBooks.Checked::sourceId).toList();
            Map<String, Link> links = setup.store().read(connection -> books.linksOfSources(connection, ids));
            Draft draft = new Draft();
            for (CheckBooks.Checked one : page) {
                Link link = links.get(one.sourceId());
                if (link != null) {
                    missing(link, draft);
                } else if (one.sourceSeen()) {
                    onlySource(one, draft);
                }
            }
            keep(draft);
            after = page.get(page.size() - 1).sourceId();
        }
    }

    private List<CheckBooks.Checked> unmatched(String after) {
        return setup.store().read(connection -> checks.unmatched(connection, after, PAGE));
    }

    private void missing(Link link, Draft draft) {
        RemoteRecord ours = look(Side.SOURCE, link.sourceId());
        RemoteRecord theirs = look(Side.TARGET, link.targetId());
        if (ours == null || theirs == null) {
            draft.found.add(Difference.of(Difference.Kind.BROKEN_LINK, link.sourceId(), link.targetId()));
        } else if (!ours.gone() && !theirs.gone()) {
            both(link, said(ours), theirs, draft.found);
        } else if (link.live() || !ours.gone() || !theirs.gone()) {
            draft.found.add(Difference.of(Difference.Kind.BROKEN_LINK, link.sourceId(), link.targetId()));
        }
    }

    private void onlySource(CheckBooks.Checked one, Draft draft) {
        if (one.fields() == null) {
            return;
        }
        if (setup.target().capabilities().keys() != Capabilities.Keys.NONE) {
            if (looks <= 0) {
                unconfirmed++;
            } else {
                looks--;
                RemoteRecord carrier = free(setup.target().find(one.sourceId()));
                if (carrier != null) {
                    lost(one.sourceId(), one.fields(), carrier.id(), draft);
                    return;
                }
            }
        }
        draft.found.add(Difference.of(Difference.Kind.ONLY_SOURCE, one.sourceId(), null));
    }

    /** The first of these that no link names. */
    private @Nullable RemoteRecord free(List<RemoteRecord> carriers) {
        List<String> ids = carriers.stream().map(RemoteRecord::id).toList();
        Map<String, Link> links = setup.store().read(connection -> books.linksOfTargets(connection, ids));
        return carriers.stream()
                .filter(carrier -> !carrier.gone() && !links.containsKey(carrier.id()))
                .min((a, b) -> a.id().compareTo(b.id()))
                .orElse(null);
    }

    private ReconcileReport finish(long started, int differing) {
        Map<Difference.Kind, Long> kinds = new EnumMap<>(Difference.Kind.class);
        Map<String, Long> fields = new TreeMap<>();
        Map<Difference.Kind, List<Difference>> samples = new EnumMap<>(Difference.Kind.class);
        Digest digest = new Digest().line(setup.pair()).line(setup.translation().version());
        setup.store().inTransaction(connection -> {
            lease.renew(connection);
            checks.forgetCarriers(connection);
            return null;
        });
        checks.each(difference -> {
            digest.line(difference.canonical());
            kinds.merge(difference.kind(), 1L, Long::sum);
            difference.fields().forEach(field -> {
                if (fields.size() < MOST_PATHS || fields.containsKey(field)) {
                    fields.merge(field, 1L, Long::sum);
                }
            });
            List<Difference> ofKind = samples.computeIfAbsent(difference.kind(), kind -> new ArrayList<>());
            if (ofKind.size() < SAMPLES) {
                ofKind.add(difference);
            }
        });
        String hash = digest.hex();
        Reckoning reckoning = setup.store().inTransaction(connection -> {
            lease.renew(connection);
            Reckoning made = new Reckoning(
                    started,
                    setup.store().nowMicros(connection),
                    reading.source,
                    reading.target,
                    books.linked(connection),
                    reading.equal,
                    reading.repeated,
                    unconfirmed,
                    differing,
                    kinds,
                    fields,
                    reading.totals.totals(),
                    samples.values().stream().flatMap(List::stream).toList());
            checks.finish(connection, hash, made);
            return made;
        });
        setup.steps().reached("reconciled");
        return new ReconcileReport(setup, hash, reckoning);
    }
}

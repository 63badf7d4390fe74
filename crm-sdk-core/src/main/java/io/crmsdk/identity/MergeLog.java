package io.crmsdk.identity;

import io.crmsdk.identity.DecisionTable.Decided;
import io.crmsdk.identity.MergeEntry.Kind;
import io.crmsdk.store.Store;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Joins customers, takes joins back, and knows every change of who is whose customer.
 *
 * <p>A merge writes down that records belong together; it changes none of them. To take it back is to withdraw that: every
 * record, id and field is then what it would be without the merge, with all later edits on the record they were made to.
 * Thread-safe; writes in the transaction of the connection it is given.
 */
public final class MergeLog {
    private final Store store;
    private final MatchRules rules;
    private final RecordTable records;
    private final DecisionTable decisions;
    private final LogTable log;
    private final Relinking relinking;
    private final RecordIds ids;

    MergeLog(
            Store store,
            MatchRules rules,
            RecordTable records,
            DecisionTable decisions,
            LogTable log,
            Relinking relinking,
            RecordIds ids) {
        this.store = store;
        this.rules = rules;
        this.records = records;
        this.decisions = decisions;
        this.log = log;
        this.relinking = relinking;
        this.ids = ids;
    }

    /**
     * Joins two customers on a person's word.
     *
     * @param customerA an id of one customer
     * @param customerB an id of the other
     * @param author who decides
     * @param reason why; null if none is given
     * @return the entry; its id takes the merge back
     * @throws IdentityException {@code IDENTITY_VETO} if something says that they are two: different names, dates of birth or tax
     *     ids, or an earlier decision; ask again, then use {@link #mergeDespite}. {@code IDENTITY_SAME} if they are one already;
     *     {@code IDENTITY_UNKNOWN} if there is no such customer
     */
    public MergeEntry merge(
            Connection connection, String customerA, String customerB, String author, @Nullable String reason)
            throws SQLException {
        return merge(connection, customerA, customerB, author, reason, false);
    }

    /** As {@link #merge}, also against what says that they are two: the author has been told and stays with it. */
    public MergeEntry mergeDespite(
            Connection connection, String customerA, String customerB, String author, @Nullable String reason)
            throws SQLException {
        return merge(connection, customerA, customerB, author, reason, true);
    }

    private MergeEntry merge(
            Connection connection,
            String customerA,
            String customerB,
            String author,
            @Nullable String reason,
            boolean despite)
            throws SQLException {
        String a = known(connection, customerA).customerId;
        String b = known(connection, customerB).customerId;
        if (a.equals(b)) {
            throw new IdentityException("IDENTITY_SAME", a + " and " + customerB + " are one customer already", null);
        }
        Map<String, StoredRecord> left = records.ofCustomers(connection, List.of(a));
        Map<String, StoredRecord> right = records.ofCustomers(connection, List.of(b));
        List<String> against = against(connection, left, right);
        if (!against.isEmpty() && !despite) {
            throw new IdentityException(
                    "IDENTITY_VETO",
                    a + " and " + b + ": " + String.join("; ", against)
                            + ". Nothing was changed; if they are one customer nevertheless, say so again",
                    null);
        }
        Set<Decided> said = new LinkedHashSet<>();
        said.add(Decided.of(a, b, true));
        if (!against.isEmpty()) {
            left.keySet().stream().filter(id -> !id.equals(a)).forEach(id -> said.add(Decided.of(a, id, true)));
            right.keySet().stream().filter(id -> !id.equals(b)).forEach(id -> said.add(Decided.of(b, id, true)));
        }
        return write(connection, Kind.MERGE, said, List.of(a, b), author, reason, null);
    }

    /** What says that the two are not one customer, in words. */
    private List<String> against(Connection connection, Map<String, StoredRecord> left, Map<String, StoredRecord> right)
            throws SQLException {
        Set<String> found = new TreeSet<>();
        Judge judge = new Judge(rules);
        for (StoredRecord x : left.values()) {
            for (StoredRecord y : right.values()) {
                Facts facts = new Facts(x.evidence(), y.evidence(), MatchContext.none());
                if (judge.apart(facts)) {
                    found.addAll(judge.contra(facts));
                }
            }
        }
        for (Decided decided : decisions.about(connection, left.keySet())) {
            boolean cross = right.containsKey(decided.a()) || right.containsKey(decided.b());
            if (!decided.same() && cross) {
                found.add("somebody decided that they are two");
            }
        }
        return List.copyOf(found);
    }

    /**
     * Says that some records of a customer are another customer's.
     *
     * @param customerId an id of the customer
     * @param recordIds our ids of the records that do not belong to it; they stay together as far as evidence joins them
     * @param author who decides
     * @param reason why; null if none is given
     * @throws IdentityException {@code IDENTITY_UNKNOWN} if a record is not one of this customer's, or no record would be left
     */
    public MergeEntry separate(
            Connection connection,
            String customerId,
            Collection<String> recordIds,
            String author,
            @Nullable String reason)
            throws SQLException {
        Map<String, StoredRecord> members =
                records.ofCustomers(connection, List.of(known(connection, customerId).customerId));
        Set<String> others = new TreeSet<>(members.keySet());
        if (!others.removeAll(recordIds)
                || others.isEmpty()
                || !members.keySet().containsAll(recordIds)) {
            throw new IdentityException(
                    "IDENTITY_UNKNOWN",
                    "expected some but not all records of customer " + customerId + ", got " + recordIds
                            + "; nothing was changed",
                    null);
        }
        return write(connection, Kind.SEPARATE, apart(recordIds, others), members.keySet(), author, reason, null);
    }

    /** Two customers stay two, whatever evidence may come. */
    MergeEntry keepApart(Connection connection, String recordA, String recordB, String author, @Nullable String reason)
            throws SQLException {
        Set<String> left = records.ofCustomers(connection, List.of(known(connection, recordA).customerId))
                .keySet();
        Set<String> right = records.ofCustomers(connection, List.of(known(connection, recordB).customerId))
                .keySet();
        List<String> seeds = new ArrayList<>(left);
        seeds.addAll(right);
        return write(connection, Kind.SEPARATE, apart(left, right), seeds, author, reason, null);
    }

    private static Set<Decided> apart(Collection<String> some, Collection<String> others) {
        Set<Decided> said = new LinkedHashSet<>();
        for (String x : some) {
            for (String y : others) {
                said.add(Decided.of(x, y, false));
            }
        }
        return said;
    }

    /**
     * Takes an entry back, also one that evidence made, and also an unmerge. What happened since stays: edits remain on their
     * records, and other merges remain in force.
     *
     * @param entryId of the entry
     * @param author who decides
     * @param reason why; null if none is given
     * @throws IdentityException {@code IDENTITY_UNKNOWN} if there is no such entry; {@code IDENTITY_UNDONE} if it was taken back
     *     already
     */
    public MergeEntry unmerge(Connection connection, String entryId, String author, @Nullable String reason)
            throws SQLException {
        MergeEntry entry = log.find(connection, entryId);
        if (entry == null) {
            throw new IdentityException("IDENTITY_UNKNOWN", "no entry " + entryId + " in the merge log", null);
        }
        if (entry.undoneBy() != null) {
            throw new IdentityException(
                    "IDENTITY_UNDONE", "entry " + entryId + " was taken back by entry " + entry.undoneBy(), null);
        }
        long now = store.nowMicros(connection);
        Set<String> seeds = new TreeSet<>();
        entry.moves().forEach(move -> seeds.add(move.recordId()));
        seeds.addAll(decisions.recordsOf(connection, entryId));
        int withdrawn = decisions.withdraw(connection, entryId, now);
        Set<Decided> said = new LinkedHashSet<>();
        if (entry.undoes() != null) {
            said.addAll(decisions.withdrawnBy(connection, entry.undoes()));
        } else if (withdrawn == 0) {
            said.addAll(asBefore(entry));
        }
        return write(connection, Kind.UNMERGE, said, seeds, author, reason, entryId);
    }

    /** Whoever came together by evidence stays apart from now on. */
    private static Set<Decided> asBefore(MergeEntry entry) {
        Set<Decided> said = new LinkedHashSet<>();
        for (MergeEntry.Move x : entry.moves()) {
            for (MergeEntry.Move y : entry.moves()) {
                boolean joined = x.after().equals(y.after()) && !x.before().equals(y.before());
                if (joined && x.recordId().compareTo(y.recordId()) < 0) {
                    said.add(Decided.of(x.recordId(), y.recordId(), false));
                }
            }
        }
        return said;
    }

    private MergeEntry write(
            Connection connection,
            Kind kind,
            Set<Decided> said,
            Collection<String> seeds,
            String author,
            @Nullable String reason,
            @Nullable String undoes)
            throws SQLException {
        Objects.requireNonNull(author, "author");
        long now = store.nowMicros(connection);
        String id = ids.next(now);
        for (Decided decided : said) {
            decisions.add(connection, decided, ids.next(now), id);
        }
        relinking.decided(connection, seeds, new Relinking.Cause(id, kind.name(), author, reason, undoes), now);
        return Objects.requireNonNull(log.find(connection, id));
    }

    private StoredRecord known(Connection connection, String id) throws SQLException {
        StoredRecord record = records.byId(connection, id);
        if (record == null) {
            throw new IdentityException("IDENTITY_UNKNOWN", "no customer or record has the id " + id, null);
        }
        return record;
    }

    /** One entry; empty if there is none of this id. */
    public Optional<MergeEntry> entry(String entryId) {
        return Optional.ofNullable(store.read(connection -> log.find(connection, entryId)));
    }

    /** Every entry that concerned one of the customer's present records, oldest first. */
    public List<MergeEntry> history(String customerId) {
        return store.read(connection -> {
            Map<String, MergeEntry> found = new TreeMap<>();
            StoredRecord record = records.byId(connection, customerId);
            if (record != null) {
                for (String id : records.ofCustomers(connection, List.of(record.customerId))
                        .keySet()) {
                    log.about(connection, id).forEach(entry -> found.put(entry.at() + entry.id(), entry));
                }
            }
            return List.copyOf(found.values());
        });
    }

    /**
     * Why two records are, or are not, one customer, by their present evidence. What people decided comes before evidence and
     * is found in {@link #history}.
     *
     * @throws IdentityException {@code IDENTITY_UNKNOWN} if there is no such record
     */
    public MatchDecision explain(String recordA, String recordB) {
        return store.read(connection -> {
            StoredRecord a = known(connection, recordA);
            StoredRecord b = known(connection, recordB);
            MatchContext context = relinking.context(connection, List.of(a, b));
            return new Judge(rules).decide(a.evidence(), b.evidence(), context);
        });
    }
}

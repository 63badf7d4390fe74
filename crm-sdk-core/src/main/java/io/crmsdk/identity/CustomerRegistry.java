package io.crmsdk.identity;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.model.Customer;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.ExternalId;
import io.crmsdk.model.internal.CustomerJson;
import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every customer record of every system, linked where strong evidence says that two are the same customer.
 *
 * <p>Records are kept as they came, revision by revision; a link changes no record and can be taken back exactly. Which records
 * are linked depends only on the records and on what people decided, never on the order in which they arrived. Every writing
 * method takes part in the transaction of the connection it is given, which neither commits nor rolls back; the methods
 * without a connection run in a transaction of their own. Thread-safe.
 *
 * <pre>{@code
 * CustomerRegistry customers = CustomerRegistry.open(store);
 * Upserted now = customers.upsert(connection, SourceRecord.of("salesforce", customer));
 * }</pre>
 */
public final class CustomerRegistry {
    private final Store store;
    private final MatchRules rules;
    private final RecordTable records;
    private final KeyTable keys;
    private final DecisionTable decisions;
    private final LogTable log = new LogTable();
    private final GenericTable generics = new GenericTable();
    private final Filing filing;
    private final Questions questions;
    private final Relinking relinking;
    private final Survivorship survivorship;
    private final RecordIds ids = new RecordIds();
    private final MergeLog merges;
    private final ReviewQueue reviews;

    private CustomerRegistry(Store store, MatchRules rules, @Nullable ConsentLedger ledger) {
        Dialect dialect = Dialect.of(store);
        this.store = store;
        this.rules = rules;
        this.records = new RecordTable(dialect);
        this.keys = new KeyTable(dialect);
        this.decisions = new DecisionTable(dialect);
        this.questions = new Questions(dialect, records, keys, rules);
        ConsentLinks consent = ledger == null ? null : new ConsentLinks(ledger);
        this.relinking = new Relinking(records, keys, decisions, log, questions, rules, consent);
        this.filing = new Filing(records, keys, generics, rules, ids);
        this.survivorship = new Survivorship(rules);
        this.merges = new MergeLog(store, rules, records, decisions, log, relinking, ids);
        this.reviews = new ReviewQueue(store, rules, records, questions, merges);
    }

    /** The registry in a store, with {@link MatchRules#defaults()}. */
    public static CustomerRegistry open(Store store) {
        return open(store, MatchRules.defaults());
    }

    /** The registry in a store. All processes that share the store must use the same rules. */
    public static CustomerRegistry open(Store store, MatchRules rules) {
        return new CustomerRegistry(
                Objects.requireNonNull(store, "store"), Objects.requireNonNull(rules, "rules"), null);
    }

    /**
     * The registry in a store, which tells the ledger in the same transaction what addresses each customer has: after a merge,
     * by evidence or by a person, what was said of either customer holds for the addresses of both. A merge taken back takes no
     * "no" from anybody.
     *
     * @param ledger in the same store; every writing method waits for whoever is recording consent
     */
    public static CustomerRegistry open(Store store, MatchRules rules, ConsentLedger ledger) {
        return new CustomerRegistry(
                Objects.requireNonNull(store, "store"),
                Objects.requireNonNull(rules, "rules"),
                Objects.requireNonNull(ledger, "ledger"));
    }

    /** As {@link #upsert(Connection, SourceRecord)} in a transaction of its own. */
    public Upserted upsert(SourceRecord record) {
        return store.inTransaction(connection -> upsert(connection, record));
    }

    /**
     * Takes a record in: new, changed or as it was. Links it, and perhaps others, to the customers that evidence now gives them.
     *
     * <p>The same record again changes nothing. Two workers that bring the same new customer at the same time make one: the
     * store keeps origins unique, and whoever comes second with a strong key waits for the first.
     *
     * @param connection of the store's database, in the host's transaction
     * @throws IdentityException {@code IDENTITY_BUSY} if others keep changing the same customers; roll back and repeat
     * @throws SQLException if the database refused; roll back
     */
    public Upserted upsert(Connection connection, SourceRecord record) throws SQLException {
        byte[] content = CustomerJson.write(record.customer());
        StoredRecord stored = records.byOrigin(connection, record.origin(), true);
        long now = store.nowMicros(connection);
        if (stored == null) {
            String id = ids.next(now);
            StoredRecord fresh = new StoredRecord(id, record.origin(), id, 1, content, now, now);
            if (records.insert(connection, fresh)) {
                return placed(connection, fresh, Map.of(), now);
            }
            stored = records.byOrigin(connection, record.origin(), true);
            if (stored == null) {
                throw new IdentityException(
                        "IDENTITY_BUSY",
                        "another transaction is storing " + record.origin()
                                + "; nothing was stored: roll back and do it again",
                        null);
            }
        }
        if (Arrays.equals(stored.content, content)) {
            return new Upserted(
                    Upserted.Outcome.UNCHANGED,
                    stored.customerId,
                    stored.id,
                    stored.revision,
                    List.of(),
                    questions.openFor(connection, stored.id));
        }
        records.revise(connection, stored, content, now);
        StoredRecord revised = new StoredRecord(
                stored.id, stored.origin, stored.customerId, stored.revision + 1, content, stored.createdUs, now);
        return placed(connection, revised, keys.of(connection, stored.id), now);
    }

    /** Files the record under its keys and links what is to be linked. */
    private Upserted placed(Connection connection, StoredRecord record, Map<Long, Boolean> before, long now)
            throws SQLException {
        Filing.Touched touched = filing.file(connection, record, before, now);
        Relinking.Cause cause = new Relinking.Cause(ids.next(now), MergeEntry.Kind.AUTOMATIC.name(), null, null, null);
        Relinking.Result result = relinking.changed(connection, touched, cause, now);
        String customerId = Objects.requireNonNull(result.customerOf().get(record.id));
        return upserted(connection, record, customerId, result);
    }

    private Upserted upserted(Connection connection, StoredRecord record, String customerId, Relinking.Result result)
            throws SQLException {
        List<MatchDecision> because = new ArrayList<>();
        Judge judge = new Judge(rules);
        for (Neighbourhood.Linked link : result.around().linksOf(record.id)) {
            String other = link.a().equals(record.id) ? link.b() : link.a();
            StoredRecord partner = result.around().seen.get(other);
            if (partner != null && customerId.equals(result.customerOf().get(other))) {
                MatchContext context = relinking.context(connection, List.of(record, partner));
                because.add(judge.decide(record.evidence(), partner.evidence(), context));
            }
        }
        int open = questions.openFor(connection, record.id);
        Upserted.Outcome outcome = record.revision > 1
                ? Upserted.Outcome.CHANGED
                : !customerId.equals(record.id) || !because.isEmpty()
                        ? Upserted.Outcome.LINKED
                        : open > 0 ? Upserted.Outcome.REVIEW : Upserted.Outcome.CREATED;
        return new Upserted(outcome, customerId, record.id, record.revision, because, open);
    }

    /**
     * The customer that an id stands for: its own, that of one of its records, or one that was merged into it since.
     *
     * @return empty if no record ever had the id, or all were erased
     */
    public Optional<GoldenCustomer> find(String customerId) {
        return store.read(connection -> find(connection, customerId));
    }

    /** As {@link #find(String)}, within the host's transaction. */
    public Optional<GoldenCustomer> find(Connection connection, String customerId) throws SQLException {
        StoredRecord record = records.byId(connection, customerId);
        return record == null ? Optional.empty() : golden(connection, record.customerId);
    }

    private Optional<GoldenCustomer> golden(Connection connection, String customerId) throws SQLException {
        List<StoredRecord> members =
                List.copyOf(records.ofCustomers(connection, List.of(customerId)).values());
        boolean any = members.stream().anyMatch(member -> member.content != null);
        return any ? Optional.of(survivorship.golden(customerId, members)) : Optional.empty();
    }

    /** The customer whose record came from this object of this system; empty if it never did. */
    public Optional<GoldenCustomer> find(ExternalId origin) {
        return store.read(connection -> find(connection, origin));
    }

    /** As {@link #find(ExternalId)}, within the host's transaction. */
    public Optional<GoldenCustomer> find(Connection connection, ExternalId origin) throws SQLException {
        StoredRecord record = records.byOrigin(connection, origin, false);
        return record == null ? Optional.empty() : golden(connection, record.customerId);
    }

    /** All customers with this e-mail address, of whom there may be several; by id. */
    public List<GoldenCustomer> findByEmail(EmailAddress address) {
        Evidence probe = Evidence.builder(io.crmsdk.model.CustomerKind.PERSON)
                .email(address.canonical(), false)
                .build();
        Set<Long> asked = new TreeSet<>();
        BlockKeys.strong(probe, asked::add);
        return store.read(connection -> {
            Set<String> found = new LinkedHashSet<>();
            for (long key : asked) {
                found.addAll(keys.sharers(connection, key, Integer.MAX_VALUE, true));
            }
            Map<String, GoldenCustomer> customers = new TreeMap<>();
            for (StoredRecord record : records.byIds(connection, found).values()) {
                Customer customer = record.customer();
                boolean has = customer != null
                        && customer.emails().stream()
                                .anyMatch(email -> email.address().canonical().equals(address.canonical()));
                if (has && !customers.containsKey(record.customerId)) {
                    golden(connection, record.customerId).ifPresent(g -> customers.put(g.id(), g));
                }
            }
            return List.copyOf(customers.values());
        });
    }

    /**
     * A page of all customers, ordered by id.
     *
     * @param after the last id of the page before; empty for the first page
     * @param limit at most so many
     */
    public List<GoldenCustomer> list(String after, int limit) {
        return store.read(connection -> {
            List<String> page = records.customersAfter(connection, after, limit);
            Map<String, List<StoredRecord>> members = new TreeMap<>();
            for (StoredRecord record : records.ofCustomers(connection, page).values()) {
                members.computeIfAbsent(record.customerId, id -> new ArrayList<>())
                        .add(record);
            }
            List<GoldenCustomer> customers = new ArrayList<>();
            members.forEach((id, list) -> {
                if (list.stream().anyMatch(record -> record.content != null)) {
                    customers.add(survivorship.golden(id, list));
                }
            });
            return customers;
        });
    }

    /** The record of an origin as it is now; empty if it never came or was erased. */
    public Optional<GoldenCustomer.Member> record(Connection connection, ExternalId origin) throws SQLException {
        StoredRecord record = records.byOrigin(connection, origin, false);
        return record == null || record.content == null
                ? Optional.empty()
                : Optional.of(new GoldenCustomer.Member(
                        record.id,
                        record.revision,
                        new SourceRecord(record.origin, Objects.requireNonNull(record.customer()))));
    }

    /**
     * Every id that stands for the customer of this id: those of all its records, so also those it had before it was merged.
     * A restriction recorded for one of them holds for the customer. Empty if the id is unknown.
     */
    public Set<String> ids(Connection connection, String customerId) throws SQLException {
        StoredRecord record = records.byId(connection, customerId);
        return record == null
                ? Set.of()
                : Set.copyOf(records.ofCustomers(connection, List.of(record.customerId))
                        .keySet());
    }

    /**
     * Tells a ledger which addresses belong to the customer of this id, for a registry that was opened without one. Repeating
     * changes nothing; an unknown id neither.
     *
     * @param ledger in the same store
     */
    public void relate(Connection connection, ConsentLedger ledger, String customerId) throws SQLException {
        StoredRecord record = records.byId(connection, customerId);
        if (record != null) {
            new ConsentLinks(ledger)
                    .relate(
                            connection,
                            records.ofCustomers(connection, List.of(record.customerId))
                                    .values());
        }
    }

    /** A table without ids of its own, such as a spreadsheet, as a source of records. */
    public Sheet sheet(String name) {
        return new Sheet(this, name);
    }

    /** Whether a source brought any record. */
    boolean hasOrigins(String system, String instance, String type) {
        return store.read(connection -> records.hasOrigins(connection, system, instance, type));
    }

    /** What the records of a source hold whose id there is the prefix and a number, by that number. */
    SortedMap<Integer, byte[]> contents(String system, String instance, String type, String prefix) {
        return store.read(connection -> records.contents(connection, system, instance, type, prefix));
    }

    Map<String, StoredRecord> recordsOf(Connection connection, Collection<String> recordIds) throws SQLException {
        return records.byIds(connection, recordIds);
    }

    Set<DecisionTable.Decided> decisionsAbout(Connection connection, Collection<String> recordIds) throws SQLException {
        return decisions.about(connection, recordIds);
    }

    /** Joins customers and takes joins back. */
    public MergeLog merges() {
        return merges;
    }

    /** The pairs that people should look at. */
    public ReviewQueue reviews() {
        return reviews;
    }

    /**
     * When values became generic, since too many different people share them, and when they ceased to be, in the order in which it
     * happened. One event for each such change, however many records share the value, in the transaction that opened the decisions
     * again which had used it.
     *
     * @param after the last id of the page before; empty for the first page
     * @param limit at most so many
     */
    public List<GenericValue> genericValues(String after, int limit) {
        return store.read(connection -> generics.after(connection, after, limit));
    }

    /** The rules it was opened with. */
    public MatchRules rules() {
        return rules;
    }
}

package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.store.internal.Sql;
import io.crmsdk.time.HybridClock;
import io.crmsdk.time.UtcClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The append-only record of what people said about being addressed, and the one place that decides who may be.
 *
 * <p>Nothing in it is ever changed or taken away. A grant beats an opt-out only by naming it, so no order of arrival, repeat,
 * clock, import, merge or restore turns a no into a yes. Thread-safe; any number of processes may share one store.
 *
 * <pre>{@code
 * ConsentLedger ledger = ConsentLedger.open(store);
 * ledger.record(ledger.person("one-click").unsubscribe(ContactKey.email(address), Scope.ALL, evidence));
 * ledger.decide(ContactKey.email(address), Scope.of("marketing/newsletter")).allowed();   // false
 * }</pre>
 */
public final class ConsentLedger implements AutoCloseable {
    private final Store store;
    private final Dialect dialect;
    private final ConsentPolicy policy;
    private final Pepper pepper;
    private final UtcClock clock;
    private final IssuerKeys issuers;
    private final KeyTable keys;
    private final EventLog log;
    private final StateReader reader;
    private final StateCache cache;
    private final Polls polls;
    private final People people;
    private final Archive archive;
    private final Watch watch;

    private ConsentLedger(Builder builder, Pepper pepper) {
        store = builder.store;
        dialect = Dialect.of(store);
        policy = builder.policy;
        this.pepper = pepper;
        clock = builder.clock;
        issuers = new IssuerKeys(builder.issuers);
        keys = new KeyTable(dialect, pepper);
        log = new EventLog(dialect, HybridClock.of(clock, builder.node), builder.node, keys);
        reader = new StateReader(dialect, policy.freshness().keySet());
        cache = new StateCache(reader, pepper);
        polls = new Polls(dialect, pepper);
        people = new People(dialect);
        archive = new Archive(pepper);
        watch = new Watch(builder.witness == null ? null : new Witness(builder.witness));
    }

    /** The ledger of a store with the defaults of {@link Builder}. */
    public static ConsentLedger open(Store store) {
        return builder(store).open();
    }

    /** Says how a ledger is opened. */
    public static Builder builder(Store store) {
        return new Builder(store);
    }

    /** What this ledger was told to decide by. */
    public ConsentPolicy policy() {
        return policy;
    }

    /**
     * Writes down what a person says.
     *
     * @param way how it is said, for example {@code one-click} or {@code preference page}
     * @throws ConsentException {@code INVALID_SOURCE} if it is not 1 to 80 characters without {@code @}, {@code :} and controls
     */
    public PersonWriter person(String way) {
        return new PersonWriter(way);
    }

    /** Writes down what a mail provider reports; otherwise as {@link #person}. */
    public ProviderWriter provider(String name) {
        return new ProviderWriter(pepper, name);
    }

    /** Writes down what another system's records hold; otherwise as {@link #person}. */
    public SystemWriter system(String name) {
        return new SystemWriter(pepper, name);
    }

    /** Writes down what a member of staff notes or decides; otherwise as {@link #person}. */
    public StaffWriter staff(String operator) {
        return new StaffWriter(operator);
    }

    /**
     * Adds an event in a transaction of its own. Once this returns it is durable, and no hand-over to anybody it forbids
     * begins any more. The very same event again changes nothing.
     *
     * @throws ConsentException {@code EVENT_ID_REUSED} if the id is there with other content; {@code GRANT_NOT_PROVEN} if a
     *     confirmed grant is not signed by an issuer that this ledger trusts
     * @throws StoreException if it could not be stored, or its outcome is not known: repeating the same event is safe
     */
    public Recorded record(ConsentEvent event) {
        return recordAll(List.of(event)).get(0);
    }

    /** Adds events with one commit, all or none; otherwise as {@link #record(ConsentEvent)}. */
    public List<Recorded> recordAll(Collection<? extends ConsentEvent> events) {
        EventLog.Appended appended = store.inTransaction(connection -> append(connection, events));
        watch.reached(appended.end());
        return appended.answers();
    }

    /**
     * Adds an event as part of the host's transaction. From here to its commit all other writers of the ledger wait, and so
     * does every hand-over to the same person: keep the transaction short.
     *
     * @param connection of the ledger's store, with auto-commit off
     * @throws ConsentException as {@link #record(ConsentEvent)}; the transaction stays usable
     */
    public Recorded record(Connection connection, ConsentEvent event) throws SQLException {
        return recordAll(connection, List.of(event)).get(0);
    }

    /** Adds events as part of the host's transaction, as {@link #record(Connection, ConsentEvent)}. */
    public List<Recorded> recordAll(Connection connection, Collection<? extends ConsentEvent> events)
            throws SQLException {
        refuseAutoCommit(connection);
        return append(connection, events).answers();
    }

    private static void refuseAutoCommit(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new ConsentException(
                    "CONNECTION_AUTOCOMMIT",
                    "this joins a transaction, but the connection commits by itself; nothing was recorded. Call"
                            + " setAutoCommit(false), or the method without a connection");
        }
    }

    private EventLog.Appended append(Connection connection, Collection<? extends ConsentEvent> events)
            throws SQLException {
        return append(connection, Head.lock(connection, dialect), events);
    }

    private EventLog.Appended append(Connection connection, Head head, Collection<? extends ConsentEvent> events)
            throws SQLException {
        List<Draft> drafts = new ArrayList<>();
        for (ConsentEvent event : events) {
            issuers.check(event);
            drafts.add(Draft.of(event, pepper));
        }
        return log.append(connection, head, drafts, store.nowMicros(connection));
    }

    /**
     * Whether this contact may be addressed about this scope, by what is committed now. For the hand-over of a message use
     * {@link #decide(Connection, Collection)}, which others cannot overtake.
     *
     * @throws StoreException if the ledger cannot be read; then nothing may be sent
     */
    public ConsentDecision decide(ContactKey key, Scope scope) {
        Watch.Mark before = watch.mark();
        StateSet states = store.read(connection -> reader.read(connection, List.of(id(key))));
        if (!watch.saw(states, before)) {
            beginRestore();
        }
        return states.decide(id(key), scope, policy, latestNow(states));
    }

    /** As {@link #decide(Connection, Collection)}, for one scope; one answer for each distinct key. */
    public Map<ContactKey, ConsentDecision> decide(Connection connection, Scope scope, Collection<ContactKey> contacts)
            throws SQLException {
        List<ContactKey> distinct = contacts.stream().distinct().toList();
        List<ConsentDecision> decisions = decide(
                connection,
                distinct.stream().map(key -> new ConsentQuestion(key, scope)).toList());
        Map<ContactKey, ConsentDecision> answers = new LinkedHashMap<>();
        for (int i = 0; i < distinct.size(); i++) {
            answers.put(distinct.get(i), decisions.get(i));
        }
        return answers;
    }

    /**
     * The gate of a hand-over: decides within the transaction that hands over, one query for up to 500 contacts, and has
     * whoever records something about one of them wait until that transaction ends. So a hand-over either comes before the
     * opt-out's commit, or sees it.
     *
     * @param connection of the ledger's store. With auto-commit on this is a reading like any other, which nobody waits for.
     *     On SQLite its transaction must have begun as {@code IMMEDIATE}, as those of {@link Store#inTransaction} do;
     *     elsewhere it should be read-committed: an older snapshot is held back
     * @return one answer for each question, in order
     */
    public List<ConsentDecision> decide(Connection connection, Collection<ConsentQuestion> questions)
            throws SQLException {
        if (questions.isEmpty()) {
            return List.of();
        }
        List<String> ids =
                questions.stream().map(question -> id(question.key())).toList();
        Watch.Mark before = watch.mark();
        List<String> distinct = ids.stream().distinct().sorted().toList();
        StateSet states = connection.getAutoCommit()
                ? reader.read(connection, distinct)
                : reader.readLocking(connection, distinct);
        watch.compare(states, before);
        Instant latestNow = latestNow(states);
        List<ConsentDecision> decisions = new ArrayList<>();
        int at = 0;
        for (ConsentQuestion question : questions) {
            decisions.add(states.decide(ids.get(at++), question.scope(), policy, latestNow));
        }
        return decisions;
    }

    /** The key as the ledger stores it. */
    public HashedKey hashed(ConsentKey key) {
        return pepper.hash(key);
    }

    /**
     * Notes that all opt-outs which a connected tool knows were taken over just now; see {@link ConsentPolicy#withFreshness}.
     *
     * @param source the tool's name, at most 90 characters
     */
    public void pulled(String source) {
        store.inTransaction(connection -> Sql.update(
                connection,
                dialect.upsert("crm_consent_pull", List.of("source"), List.of("pulled_us")),
                source,
                store.nowMicros(connection)));
    }

    /**
     * A view of the ledger as it stands now; see {@link ConsentView}.
     *
     * @param connection kept open while the view is used
     * @throws ConsentException {@code LEDGER_UNREADABLE} from the view if the database fails later
     */
    public ConsentView view(Connection connection) throws SQLException {
        Watch.Mark before = watch.mark();
        StateSet standing = reader.read(connection, List.of(""));
        watch.compare(standing, before);
        cache.bringUpTo(connection, standing);
        return cache.view(connection, standing, policy, () -> latestNow(standing));
    }

    /**
     * Takes over what a list that can only be asked says of its contacts, in the host's transaction: an opt-out for each
     * contact that was not seen as opted out before, or whose version changed. Looking again at the same state adds nothing,
     * however often; "not opted out" grants nothing.
     *
     * @param tool the tool's name, as in {@link #person}
     * @param list the list within the tool
     * @param scope what the list is about
     * @return the opt-outs that were added
     */
    public List<Recorded> observe(
            Connection connection, String tool, String list, Scope scope, Collection<PolledStatus> statuses)
            throws SQLException {
        refuseAutoCommit(connection);
        Head head = Head.lock(connection, dialect);
        List<OptOut> acts = polls.acts(connection, head, tool, list, scope, statuses);
        return append(connection, head, acts).answers();
    }

    /**
     * Notes what a list says because this program wrote it there, in the host's transaction, so that seeing it again is no act
     * of the person: an opt-out that was written and read back, or, before it is written, the end of one.
     *
     * <p>An opt-out that this ledger does not hold of the contact, open or cleared, was not ours to write: it is taken over as by
     * {@link #observe}.
     *
     * @param statuses as in {@link #observe}
     * @return the opt-outs that were added nevertheless
     */
    public List<Recorded> wrote(
            Connection connection, String tool, String list, Scope scope, Collection<PolledStatus> statuses)
            throws SQLException {
        refuseAutoCommit(connection);
        Head head = Head.lock(connection, dialect);
        List<PolledStatus> ours = new ArrayList<>();
        List<PolledStatus> theirs = new ArrayList<>();
        for (PolledStatus status : statuses) {
            boolean known = !status.optedOut() || holds(connection, status.key(), scope);
            (known ? ours : theirs).add(status);
        }
        polls.note(connection, tool, list, ours);
        return append(connection, head, polls.acts(connection, head, tool, list, scope, theirs))
                .answers();
    }

    /** Whether an opt-out of a contact covers a scope, be it cleared, or one of the customer's does and is open. */
    private boolean holds(Connection connection, ContactKey key, Scope scope) throws SQLException {
        if (stops(connection, key, scope).stream().anyMatch(stop -> stop.scope().covers(scope))) {
            return true;
        }
        StateSet states = reader.read(connection, List.of(id(key)));
        return states.decide(id(key), scope, policy, latestNow(states)).verdict() == ConsentDecision.Verdict.OPTED_OUT;
    }

    /**
     * A person's address was replaced: what is open for the old one is repeated for the new one, unless the policy says
     * otherwise. Nothing is taken from the old one. Repeating adds nothing.
     *
     * @return the opt-outs that were added
     */
    public List<Recorded> addressReplaced(Connection connection, ContactKey before, ContactKey after)
            throws SQLException {
        refuseAutoCommit(connection);
        Head head = Head.lock(connection, dialect);
        if (!policy.carriesOptOuts() || before.equals(after)) {
            return List.of();
        }
        Set<String> open = openStops(connection, before);
        String to = id(after);
        List<OptOut> carried = new ArrayList<>();
        for (ConsentEvent stop : stops(connection, before, Scope.ALL)) {
            if (open.contains(stop.id())) {
                OptOutReason reason = stop instanceof OptOut optOut ? optOut.reason() : OptOutReason.UNKNOWN_EVENT;
                String id = pepper.eventId("carried", stop.id(), to);
                carried.add(new OptOut(id, Set.of(after), stop.scope(), reason, "ledger:carry", stop.id(), null));
            }
        }
        return append(connection, head, carried).answers();
    }

    /**
     * These contacts belong to this customer: what is said of the customer holds for them from now on. After customers were
     * merged, link each contact to the ids of all. Repeating changes nothing.
     */
    public void link(Connection connection, SubjectKey subject, Collection<ContactKey> contacts) throws SQLException {
        relate(connection, subject, contacts, "LINKED", people::link);
    }

    /**
     * These contacts belong to this customer no more. No event is taken from anybody: what was said of the contacts
     * themselves stays with them, and what was said of the customer with the customer.
     */
    public void unlink(Connection connection, SubjectKey subject, Collection<ContactKey> contacts) throws SQLException {
        relate(connection, subject, contacts, "UNLINKED", people::unlink);
    }

    private void relate(
            Connection connection, SubjectKey subject, Collection<ContactKey> contacts, String what, Relation relation)
            throws SQLException {
        refuseAutoCommit(connection);
        Head head = Head.lock(connection, dialect);
        String id = pepper.hash(subject).text();
        List<String> ids = contacts.stream().map(this::id).distinct().toList();
        Set<String> changed = relation.change(connection, id, ids);
        if (!changed.isEmpty() && log.touches(connection, id)) {
            // Decisions may change, so the ledger moves on: whoever kept an answer learns of it.
            List<HashedKey> keysChanged = changed.stream().map(HashedKey::new).toList();
            note(connection, head, keysChanged, Scope.ALL, what, id);
        }
    }

    private EventLog.Appended note(
            Connection connection, Head head, Collection<HashedKey> about, Scope scope, String what, String detail)
            throws SQLException {
        String id = "note:" + Nonces.fresh();
        return append(connection, head, List.of(new ConsentNote(id, about, scope, "ledger:note", what, detail, null)));
    }

    /**
     * Erases a person: addresses, customer ids and evidence go; keyed hashes, scopes, reasons and dates stay, so that the
     * same address is still suppressed when it comes again. Copies of the ledger elsewhere are the host's to erase.
     *
     * @param keys every contact and customer id of the person
     * @param by who asked for it, free of the person's own data
     */
    public void erase(Connection connection, Collection<? extends ConsentKey> keys, String by) throws SQLException {
        refuseAutoCommit(connection);
        Head head = Head.lock(connection, dialect);
        List<HashedKey> hashed = keys.stream().map(pepper::hash).distinct().toList();
        people.erase(connection, hashed.stream().map(HashedKey::text).toList());
        note(connection, head, hashed, Scope.ALL, ConsentNote.ERASED, by);
    }

    /**
     * Writes all that the ledger holds of a person as one JSON array, in the order in which it was recorded: each event with
     * its position, time, stamp, chain and evidence.
     *
     * @param keys every contact and customer id of the person
     * @param out in UTF-8; flushed, not closed
     */
    public void exportPerson(Collection<? extends ConsentKey> keys, OutputStream out) throws IOException {
        List<String> ids =
                keys.stream().map(key -> pepper.hash(key).text()).distinct().toList();
        transfer(connection -> archive.writePerson(connection, log.positionsOf(connection, ids), out));
        out.flush();
    }

    /**
     * Writes the events after a position as lines of JSON, for an append-only copy on another machine. The lines hold the
     * plain addresses and the evidence that are not erased.
     *
     * @param after 0 for all
     * @param out in UTF-8; flushed, not closed
     * @return the position of the last event written, for the next time
     */
    public long export(long after, OutputStream out) throws IOException {
        long at = after;
        while (true) {
            long from = at;
            at = transfer(connection -> archive.write(connection, from, out));
            if (at == from) {
                out.flush();
                return at;
            }
        }
    }

    private <T extends @Nullable Object> T transfer(Transfer<T> transfer) throws IOException {
        try {
            return store.read(connection -> {
                try {
                    return transfer.run(connection);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Takes over the events of a copy that {@link #export} wrote; what is here already stays as it is. It can only add, and
     * may be repeated. A confirmed grant is taken only with the signature of a trusted issuer.
     *
     * @return how many events were new
     */
    public long unite(InputStream copy) throws IOException {
        BufferedReader lines = Archive.reader(copy);
        long fresh = 0;
        for (List<Draft> page = archive.read(lines); !page.isEmpty(); page = archive.read(lines)) {
            List<Draft> drafts = page;
            EventLog.Appended appended = store.inTransaction(connection -> unite(connection, drafts));
            watch.reached(appended.end());
            fresh += appended.answers().stream().filter(Recorded::fresh).count();
        }
        return fresh;
    }

    EventLog.Appended unite(Connection connection, List<Draft> drafts) throws SQLException {
        drafts.forEach(draft -> issuers.check(draft.event()));
        return log.append(connection, Head.lock(connection, dialect), drafts, store.nowMicros(connection));
    }

    /** Whether marketing waits for {@link #finishRestore}: a restore was begun, or the ledger is not as far as it had been. */
    public boolean held() {
        return store.read(this::held);
    }

    /**
     * Whether marketing waits, as {@link #held()}.
     *
     * @param connection reads within this connection's transaction
     */
    public boolean held(Connection connection) throws SQLException {
        return Head.read(connection, dialect).held();
    }

    /**
     * Begins a restore after the database was brought back from a backup: marketing waits, for every process, and what was
     * seen of polled lists is forgotten, so that their opt-outs are taken over anew. Opening a ledger that is behind its
     * witness does this by itself. Repeating is safe.
     *
     * <p>Then {@linkplain #unite unite} the ledger with its copy, take over the opt-outs of every connected tool, and {@link
     * #finishRestore}.
     */
    public void beginRestore() {
        watch.reached(store.inTransaction(connection -> beginRestore(connection, Head.lock(connection, dialect))));
    }

    private Head beginRestore(Connection connection, Head head) throws SQLException {
        Head held = head.raised(incarnationAfter(head), true);
        held.write(connection);
        Sql.update(connection, "DELETE FROM crm_consent_poll");
        return held;
    }

    /** Higher than any that this ledger or its witness has had, so that no id which the lost part used can come again. */
    private long incarnationAfter(Head head) {
        Witness witness = watch.witness();
        Witness.Note note = witness == null ? null : witness.read();
        return Math.max(head.incarnation(), note == null ? 0 : note.incarnation()) + 1;
    }

    /**
     * Ends a restore: marketing goes on, under a new incarnation.
     *
     * @param by who ends it
     * @param unitedWith what the ledger was united with, for the audit
     * @throws ConsentException {@code NO_RESTORE} if none was begun
     */
    public void finishRestore(String by, String unitedWith) {
        watch.reached(store.inTransaction(connection -> {
            Head head = Head.lock(connection, dialect);
            if (!head.held()) {
                throw new ConsentException("NO_RESTORE", "no restore was begun: call beginRestore() first");
            }
            Head raised = head.raised(incarnationAfter(head), false);
            raised.write(connection);
            return note(
                            connection,
                            raised,
                            List.of(),
                            Scope.ALL,
                            ConsentNote.INCARNATION_RAISED,
                            by + ": " + unitedWith)
                    .end();
        }));
    }

    boolean trusts(PublicKey key) {
        return issuers.trusts(key);
    }

    long nowMicros(Connection connection) throws SQLException {
        return store.nowMicros(connection);
    }

    /** Every opt-out of a contact, open or not, whose scope meets this one. */
    List<ConsentEvent> stops(Connection connection, ContactKey key, Scope scope) throws SQLException {
        KeyTable.Events events = keys.eventsOf(connection, id(key), id(key.family()));
        List<ConsentEvent> stops = new ArrayList<>(events.own());
        if (policy.wideSuppression()) {
            stops.addAll(events.family());
        }
        stops.removeIf(event -> !(event instanceof OptOut || event instanceof UnknownEvent)
                || !(event.scope().covers(scope) || scope.covers(event.scope())));
        return stops;
    }

    /** The ids of those that are open somewhere. */
    Set<String> openStops(Connection connection, ContactKey key) throws SQLException {
        KeyTable.Events events = keys.eventsOf(connection, id(key), id(key.family()));
        return KeyState.of(events.own(), events.family()).open(policy.wideSuppression());
    }

    Challenge issue(Store.Work<Challenge> issue) {
        Issued issued = store.inTransaction(connection -> {
            Head head = Head.lock(connection, dialect);
            Challenge challenge = issue.run(connection);
            Challenges.insert(connection, challenge);
            List<HashedKey> about = List.of(challenge.key());
            return new Issued(
                    challenge,
                    note(connection, head, about, challenge.scope(), ConsentNote.CHALLENGE_ISSUED, challenge.method())
                            .end());
        });
        watch.reached(issued.end);
        return issued.challenge;
    }

    @Nullable
    Challenge challenge(String nonce) {
        return store.read(connection -> Challenges.find(connection, nonce));
    }

    Confirmation confirm(Challenge challenge, Grant grant) {
        Answered answered = store.inTransaction(connection -> {
            Head head = Head.lock(connection, dialect);
            Recorded before = log.find(connection, grant.id());
            if (before != null) {
                return new Answered(new Confirmation(Confirmation.Outcome.ALREADY_CONFIRMED, before), head);
            }
            Instant now = Micros.instant(store.nowMicros(connection));
            if (now.isBefore(challenge.notBefore())) {
                return new Answered(Confirmation.refused(Confirmation.Outcome.TOO_EARLY), head);
            } else if (!now.isBefore(challenge.expires())) {
                return new Answered(Confirmation.refused(Confirmation.Outcome.EXPIRED), head);
            }
            EventLog.Appended appended = append(connection, head, List.of(grant));
            Recorded recorded = appended.answers().get(0);
            return new Answered(new Confirmation(Confirmation.Outcome.CONFIRMED, recorded), appended.end());
        });
        watch.reached(answered.end);
        return answered.confirmation;
    }

    /**
     * Looks through the whole ledger: whether the chain is unbroken and every state is what its events say. Reads all of it,
     * with all writers of the ledger waiting.
     */
    public ConsentCheck check() {
        return store.inTransaction(connection -> new Inspection(connection, keys).run(Head.lock(connection, dialect)));
    }

    /** Makes the states of all keys again from their events, for a ledger whose {@link #check()} found some that differ. */
    public void rebuild() {
        store.inTransaction(connection -> {
            Head head = Head.lock(connection, dialect);
            Head end = note(connection, head, List.of(), Scope.ALL, "STATES_REBUILT", "")
                    .end();
            keys.rebuildAll(connection, end.position());
            return end;
        });
    }

    private String id(ContactKey key) {
        return cache.id(key);
    }

    /** The latest that any clock says, so that an error of a clock can only shorten a grant. */
    private Instant latestNow(StateSet states) {
        Instant latest = clock.read().latest();
        Instant database = Micros.instant(states.nowUs());
        return latest.isAfter(database) ? latest : database;
    }

    /** Compares with the witness; a ledger that is not what it was holds marketing back from now on, for every process. */
    private void start() {
        Head head = store.inTransaction(this::inspect);
        if (!head.held()) {
            watch.reached(head);
        }
    }

    private Head inspect(Connection connection) throws SQLException {
        Head head = Head.lock(connection, dialect);
        Witness witness = watch.witness();
        Witness.Note note = witness == null ? null : witness.read();
        boolean sound = log.endsWith(connection, head) && (note == null || log.continues(connection, head, note));
        if (dialect == Dialect.H2) {
            // Killed while it writes, H2 was seen to keep parts of a transaction.
            keys.rebuild(connection, log.lastTouched(connection, head), head.position());
        }
        return sound || head.held() ? head : beginRestore(connection, head);
    }

    /** Ends the use of this ledger; the store is the caller's and stays open. Repeating does nothing. */
    @Override
    public void close() {
        // Every event was durable and witnessed when it was recorded: nothing waits to be written.
    }

    /** Adds or takes away links; gives those that changed. */
    @FunctionalInterface
    private interface Relation {
        Set<String> change(Connection connection, String subject, Collection<String> contacts) throws SQLException;
    }

    /** Moves events out of the ledger. */
    @FunctionalInterface
    private interface Transfer<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException, IOException;
    }

    private record Issued(Challenge challenge, Head end) {}

    private record Answered(Confirmation confirmation, Head end) {}

    /** Collects how a {@link ConsentLedger} is opened; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final List<PublicKey> issuers = new ArrayList<>();
        private ConsentPolicy policy = ConsentPolicy.defaults();
        private UtcClock clock = UtcClock.system();
        private byte @Nullable [] pepper;
        private @Nullable Path witness;
        private int node = ByteBuffer.wrap(Nonces.bytes(4)).getInt();

        private Builder(Store store) {
            this.store = store;
        }

        /** What to decide by; {@link ConsentPolicy#defaults()} unless stated. */
        public Builder policy(ConsentPolicy policy) {
            this.policy = policy;
            return this;
        }

        /**
         * The secret behind the hashes of addresses, at least 16 bytes, the same for the life of the ledger: keep it in the
         * host's secret store and never erase it with a customer. Without one the ledger makes its own and keeps it in the
         * database, which protects erased addresses from whoever sees the events, not from whoever takes the whole database.
         */
        public Builder pepper(byte[] secret) {
            this.pepper = secret.clone();
            return this;
        }

        /**
         * A file outside the database, on a disk of its own backup, that notices when the database is brought back from a
         * backup: marketing then waits until {@link ConsentLedger#finishRestore}.
         */
        public Builder witness(Path file) {
            this.witness = file;
            return this;
        }

        /** Trusts an issuer's confirmed grants; more than one while keys are changed. */
        public Builder trustIssuer(PublicKey key) {
            issuers.add(key);
            return this;
        }

        /** The clock for stamps and expiry; {@link UtcClock#system()} unless stated. */
        public Builder clock(UtcClock clock) {
            this.clock = clock;
            return this;
        }

        /** A number of its own for each process that stamps events; drawn at random unless stated. */
        public Builder node(int node) {
            this.node = node;
            return this;
        }

        /**
         * Opens the ledger; a new one is begun where there is none.
         *
         * @throws ConsentException {@code PEPPER_WRONG} if the ledger was begun with another pepper; {@code
         *     WITNESS_UNREADABLE}
         * @throws StoreException if the database does not answer
         */
        public ConsentLedger open() {
            byte[] secret = store.inTransaction(connection -> Foundation.lay(connection, Dialect.of(store), pepper));
            ConsentLedger ledger = new ConsentLedger(this, new Pepper(secret));
            ledger.start();
            return ledger;
        }
    }
}

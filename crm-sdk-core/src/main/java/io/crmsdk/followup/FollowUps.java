package io.crmsdk.followup;

import io.crmsdk.delivery.DeliveryArchive;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.followup.FollowUpCase.Hold;
import io.crmsdk.followup.FollowUpCase.Kind;
import io.crmsdk.internal.LogThread;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reminders and steps with deadlines that outlive restarts.
 *
 * <p>A follow-up is stored, in the host's transaction if wanted, and an {@linkplain #startEngine() engine} in this or any other process on
 * the same store carries it out: at each due time it asks the host whether the step is still needed, and fires it once. What was missed
 * while nothing ran fires once, marked late. Due times and leases go by the database's clock. Thread-safe.
 *
 * <pre>{@code
 * FollowUp quote = FollowUp.define("quote", 1)
 *         .calendar(WorkingCalendar.china())
 *         .unless(firing -> quotes.isConfirmed(firing.subject()))
 *         .step(Step.message("remind owner", Delay.workingDays(3).at(LocalTime.of(9, 0)), letters::toOwner))
 *         .step(Step.message("tell manager", Delay.workingDays(1), letters::toManager))
 *         .build();
 * FollowUps followUps = FollowUps.builder(store, outbox).definition(quote).build();
 * followUps.start(connection, FollowUpStart.of("quote/4711", "quote", "quote/4711", zone));
 * }</pre>
 */
public final class FollowUps implements AutoCloseable {
    /** So many are taken out with one commit. */
    private static final int SOME = 200;

    private final Store store;
    private final Outbox outbox;
    private final Map<String, FollowUp> byReference;
    private final Map<String, FollowUp> newest = new LinkedHashMap<>();
    private final Book book;
    private final Callbacks callbacks;
    private final Builder options;
    private final AtomicLong failures = new AtomicLong();
    private final LogThread told = new LogThread("crm-followup-listener");
    private final LogThread log = new LogThread("crm-followup-log");
    private final List<EngineLoop> engines = new CopyOnWriteArrayList<>();

    private FollowUps(Builder builder) {
        store = builder.store;
        outbox = builder.outbox;
        byReference = Map.copyOf(builder.definitions);
        byReference
                .values()
                .forEach(each -> newest.merge(each.name(), each, (a, b) -> a.version() > b.version() ? a : b));
        FollowUpListener listener = builder.listener;
        book = new Book(
                store, byReference.keySet(), noted -> told.write(() -> listener.onEntry(noted.key(), noted.entry())));
        callbacks = new Callbacks(builder.callLimit.toNanos());
        options = builder;
    }

    /** Starts from a store and the outbox on it, into which messages go. */
    public static Builder builder(Store store, Outbox outbox) {
        return new Builder(store, outbox);
    }

    /**
     * Stores a follow-up in a transaction of its own; the same start under the same key again changes nothing.
     *
     * @return the follow-up as it stands
     * @throws FollowUpException {@code FOLLOWUP_UNKNOWN_DEFINITION} if no definition of this name is registered here; {@code
     *     FOLLOWUP_KEY_CONFLICT} if the key is taken by another start; {@code FOLLOWUP_ZONE} if the zone cannot be counted by
     * @throws StoreException if it could not be stored; starting it again with the same key is safe
     */
    public FollowUpCase start(FollowUpStart start) {
        FollowUpCase started = book.inTransaction(connection -> insert(connection, start));
        engines.forEach(EngineLoop::wake);
        return started;
    }

    /**
     * Stores a follow-up as part of the host's transaction: it exists if and only if that commits.
     *
     * @param connection of the store's database, with auto-commit off; neither committed nor closed here
     * @throws FollowUpException as {@link #start(FollowUpStart)}, with the transaction still usable; {@code CONNECTION_AUTOCOMMIT} if the
     *     connection is in no transaction
     * @throws SQLException if the database failed: roll the transaction back
     */
    public FollowUpCase start(Connection connection, FollowUpStart start) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new FollowUpException(
                    "CONNECTION_AUTOCOMMIT",
                    "start(Connection, ...) joins a transaction, but this connection commits by itself; nothing was stored. Call"
                            + " setAutoCommit(false), or start(FollowUpStart)",
                    null);
        }
        return insert(connection, start);
    }

    private FollowUpCase insert(Connection connection, FollowUpStart start) throws SQLException {
        FollowUp definition = newest.get(start.definition());
        if (definition == null) {
            throw new FollowUpException(
                    "FOLLOWUP_UNKNOWN_DEFINITION",
                    "there is no definition " + start.definition() + " here, only " + newest.keySet()
                            + "; nothing was stored",
                    null);
        }
        start.zone().check();
        long nowUs = store.nowMicros(connection);
        Instant anchor = start.anchor() == null ? Micros.instant(nowUs) : start.anchor();
        Step first = definition.steps().get(0);
        Position position = Position.at(definition, first, anchor, start.zone());
        if (book.insert(connection, start, definition, position, nowUs)) {
            Book.Line line = new Book.Line(
                    Kind.STARTED, first.name(), position.dueUs(), false, position.provisional(), "host", "");
            book.note(connection, start.key(), line, nowUs);
        }
        Row row = book.current(connection, start.key());
        if (row == null || !row.hash().equals(start.hash())) {
            throw new FollowUpException(
                    "FOLLOWUP_KEY_CONFLICT",
                    "key " + start.key() + " was used for another follow-up: expected parameters " + start.hash()
                            + ", got " + (row == null ? "none" : row.hash())
                            + "; nothing was stored. Use a key of its own",
                    null);
        }
        return book.withHistory(connection, row);
    }

    /** The follow-up with this key, with its history; empty if there is none. */
    public Optional<FollowUpCase> find(String key) {
        return store.read(connection -> {
            Row row = book.find(connection, key);
            return row == null ? Optional.<FollowUpCase>empty() : Optional.of(book.withHistory(connection, row));
        });
    }

    /**
     * Follow-ups in one state, oldest due first.
     *
     * @param most 1 to 10,000
     */
    public List<FollowUpCase> list(FollowUpState state, int most) {
        if (most < 1 || most > 10_000) {
            throw new IllegalArgumentException("most: expected 1 to 10000, got " + most);
        }
        return store.read(connection -> book.list(connection, state, most));
    }

    /**
     * Records the answer to a question that was put. The first answer counts; one that comes after the deadline still counts if no engine
     * has acted on the silence yet.
     *
     * <p>What follows from it is the definition's business: where that is not known, the answer is kept and an engine that knows it goes on.
     *
     * @param step the question's step
     * @param by who answered
     * @param why one line for the history
     * @return false if this follow-up does not wait for an answer to this step (any more)
     * @throws IllegalArgumentException for {@link Answer#TIMED_OUT}
     * @throws FollowUpException {@code FOLLOWUP_UNKNOWN} if there is none of this key
     */
    public boolean answer(String key, String step, Answer answer, String by, String why) {
        if (answer == Answer.TIMED_OUT) {
            throw new IllegalArgumentException("answer: expected ANSWERED or REFUSED, got TIMED_OUT");
        }
        boolean recorded = book.inTransaction(connection -> {
            Row row = locked(connection, key);
            if (row.state() != FollowUpState.AWAITING_ANSWER
                    || row.answer() != null
                    || !row.step().equals(step)) {
                return false;
            }
            FollowUp definition = byReference.get(row.reference());
            long nowUs = store.nowMicros(connection);
            if (definition == null) {
                book.keepAnswer(connection, row, answer);
            } else {
                book.move(connection, row, Position.answered(definition, row, answer, nowUs), nowUs);
            }
            Kind kind = answer == Answer.ANSWERED ? Kind.ANSWERED : Kind.REFUSED;
            book.note(connection, key, Book.Line.of(kind, row, nowUs > row.dueUs(), by, why), nowUs);
            return true;
        });
        engines.forEach(EngineLoop::wake);
        return recorded;
    }

    /**
     * Ends a follow-up; a step that is being carried out at this moment is not fired, unless it is an action that has begun.
     *
     * @param by who cancels it
     * @param why one line for the history
     * @return false if it had ended before
     * @throws FollowUpException {@code FOLLOWUP_UNKNOWN} if there is none of this key
     */
    public boolean cancel(String key, String by, String why) {
        return book.inTransaction(connection -> {
            Row row = locked(connection, key);
            if (row.state().isFinal()) {
                return false;
            }
            long nowUs = store.nowMicros(connection);
            book.move(connection, row, Position.ended(row, FollowUpState.CANCELLED), nowUs);
            book.note(connection, key, Book.Line.of(Kind.CANCELLED, row, false, by, why), nowUs);
            return true;
        });
    }

    /**
     * Lets a held follow-up go on: at its due time, or at once if that has passed; a due time that rests on days not announced is taken as
     * it is.
     *
     * @param by who decides it
     * @param why one line for the history
     * @return false if it is not held, or held for {@link Hold#UNKNOWN_DEFINITION}, which only an engine that knows it can end
     * @throws FollowUpException {@code FOLLOWUP_UNKNOWN} if there is none of this key
     */
    public boolean release(String key, String by, String why) {
        boolean released = book.inTransaction(connection -> {
            Row row = locked(connection, key);
            if (row.held() == null || row.held() == Hold.UNKNOWN_DEFINITION) {
                return false;
            }
            long nowUs = store.nowMicros(connection);
            book.release(connection, row, nowUs);
            book.note(connection, key, Book.Line.of(Kind.RELEASED, row, false, by, why), nowUs);
            return true;
        });
        engines.forEach(EngineLoop::wake);
        return released;
    }

    private Row locked(Connection connection, String key) throws SQLException {
        Row row = book.lock(connection, key);
        if (row == null) {
            throw new FollowUpException("FOLLOWUP_UNKNOWN", "there is no follow-up " + key, null);
        }
        return row;
    }

    /** A snapshot of the open follow-ups and of this instance. */
    public FollowUpHealth health() {
        return store.read(connection -> book.health(
                connection, store.nowMicros(connection), failures.get(), callbacks.stuck(), told.dropped()));
    }

    /**
     * Takes out follow-ups that ended long ago, each with its history: first to the archive, then out of the store, {@value #SOME} with one
     * commit, beside whatever else goes on. Their keys are forgotten with them: the same start again is a new follow-up, of whose messages the
     * outbox says that it has them already for as long as it keeps their keys.
     *
     * <p>Lines are JSON objects with {@code followup} (the key), {@code definition}, {@code version}, {@code subject}, {@code data}, {@code
     * zone}, {@code state}, {@code step} and {@code history}. After a crash some may come again.
     *
     * @param endedFor how long ago they ended at least, by the database's clock; a day or more, and longer than a start may be repeated
     * @param atMost after which time to end although there is more, between two commits
     * @param archive where they go; {@link io.crmsdk.delivery.FileArchive} for a file
     * @throws IllegalArgumentException if {@code endedFor} is shorter than a day or {@code atMost} negative
     * @throws IOException if it is not sure that the archive keeps them; then the last batch stays
     * @throws StoreException if the database failed; running it again is safe
     */
    public FollowUpRetention retain(Duration endedFor, Duration atMost, DeliveryArchive archive) throws IOException {
        if (endedFor.compareTo(Duration.ofDays(1)) < 0 || atMost.isNegative()) {
            throw new IllegalArgumentException(
                    "retention: follow-ups stay at least a day after they ended, and a run takes no negative time; got "
                            + endedFor + " and " + atMost);
        }
        long beforeUs = store.read(store::nowMicros) - Micros.of(endedFor);
        long began = System.nanoTime();
        long taken = 0;
        while (System.nanoTime() - began < atMost.toNanos()
                && !Thread.currentThread().isInterrupted()) {
            Map<String, String> lines = store.read(connection -> lines(connection, beforeUs));
            if (lines.isEmpty()) {
                return new FollowUpRetention(taken, true);
            }
            archive.keep(List.copyOf(lines.values()));
            List<String> keys = lines.keySet().stream().sorted().toList();
            store.inTransaction(connection -> {
                book.remove(connection, keys, beforeUs);
                return true;
            });
            taken += keys.size();
        }
        return new FollowUpRetention(taken, false);
    }

    private Map<String, String> lines(Connection connection, long beforeUs) throws SQLException {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Row row : book.endedBefore(connection, beforeUs, SOME)) {
            lines.put(row.key(), CaseLines.line(row, book.withHistory(connection, row)));
        }
        return lines;
    }

    /**
     * Starts an engine that carries out what is due, until it is closed. Several may run on one store, in one process or many.
     *
     * <p>In a store that {@linkplain Store#restoration() came back from a backup} every follow-up that was due before the restore is held
     * first: it may have fired meanwhile. {@link #release} or {@link #cancel} it.
     *
     * @throws StoreException if the database does not answer
     * @throws IllegalStateException if this instance has {@linkplain Builder#definitionsElsewhere no definitions}
     */
    public FollowUpEngine startEngine() {
        if (byReference.isEmpty()) {
            throw new IllegalStateException("an engine needs definitions here; definitionsElsewhere() was stated");
        }
        String owner = ProcessHandle.current().pid() + "#" + UUID.randomUUID();
        Runner runner = new Runner(
                store, outbox, book, byReference, callbacks, owner, options.lateAfter, options.retryAfter, log);
        EngineLoop engine = new EngineLoop(
                store,
                book,
                runner,
                new Sweep(store, book, byReference, owner, log),
                owner,
                options.threads,
                options.lease(),
                options.poll,
                failures,
                log);
        engine.start();
        engines.add(engine);
        return engine;
    }

    /** Stops the engines of this instance; store and outbox stay open. */
    @Override
    public void close() {
        engines.forEach(EngineLoop::close);
        told.stop();
        log.stop();
    }

    /** Collects {@link FollowUps}; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final Outbox outbox;
        private final Map<String, FollowUp> definitions = new LinkedHashMap<>();
        private int threads = 4;
        private Duration poll = Duration.ofSeconds(1);
        private Duration callLimit = Duration.ofSeconds(15);
        private Duration lateAfter = Duration.ofMinutes(15);
        private Duration retryAfter = Duration.ofSeconds(30);
        private @Nullable Duration lease;
        private boolean elsewhere;
        private FollowUpListener listener = (key, entry) -> {};

        private Builder(Store store, Outbox outbox) {
            this.store = store;
            this.outbox = outbox;
        }

        /**
         * Registers a definition. Register every version of which follow-ups are open; new ones take the highest.
         *
         * @throws IllegalArgumentException if there is one of the same name and version
         */
        public Builder definition(FollowUp definition) {
            boolean taken = definitions.values().stream()
                    .anyMatch(each -> each.name().equals(definition.name()) && each.version() == definition.version());
            if (taken) {
                throw new IllegalArgumentException(
                        "there are two definitions " + definition.name() + " of version " + definition.version());
            }
            definitions.put(definition.reference(), definition);
            return this;
        }

        /**
         * Says that the definitions are known to other processes only: this instance looks, answers, cancels, releases and archives, and
         * neither starts follow-ups nor an engine.
         */
        public Builder definitionsElsewhere() {
            elsewhere = true;
            return this;
        }

        /** Who hears of what happens; nobody unless stated. */
        public Builder listener(FollowUpListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** How many follow-ups an engine carries out at once, 1 to 100; 4 unless stated. */
        public Builder threads(int threads) {
            if (threads < 1 || threads > 100) {
                throw new IllegalArgumentException("threads: expected 1 to 100, got " + threads);
            }
            this.threads = threads;
            return this;
        }

        /** The longest sleep between two looks at the store, at least 1 ms; one second unless stated. */
        public Builder poll(Duration poll) {
            this.poll = atLeast("poll", poll, Duration.ofMillis(1));
            return this;
        }

        /** How long one call of the host's code may take before it counts as failed, at least 10 ms; 15 seconds unless stated. */
        public Builder callLimit(Duration limit) {
            this.callLimit = atLeast("callLimit", limit, Duration.ofMillis(10));
            return this;
        }

        /**
         * How long a killed engine's follow-ups wait for another one, by the database's clock. At least twice the {@link #callLimit} and a
         * second; three times that limit and ten seconds unless stated.
         */
        public Builder lease(Duration lease) {
            this.lease = lease;
            return this;
        }

        /** From when on a step counts as late; 15 minutes after it was due unless stated. */
        public Builder lateAfter(Duration lateAfter) {
            this.lateAfter = atLeast("lateAfter", lateAfter, Duration.ZERO);
            return this;
        }

        /** When the host's code is called again after its first failure; doubled with each further one up to an hour; 30 seconds unless stated. */
        public Builder retryAfter(Duration retryAfter) {
            this.retryAfter = atLeast("retryAfter", retryAfter, Duration.ofMillis(1));
            return this;
        }

        private static Duration atLeast(String what, Duration value, Duration least) {
            if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(what + ": expected " + least + " to P1D, got " + value);
            }
            return value;
        }

        private Duration lease() {
            return lease == null ? callLimit.multipliedBy(3).plusSeconds(10) : lease;
        }

        /**
         * The service.
         *
         * @throws IllegalStateException if there is no definition, or the lease is too short for the limit of calls
         */
        public FollowUps build() {
            List<String> problems = new ArrayList<>();
            if (definitions.isEmpty() != elsewhere) {
                problems.add(
                        elsewhere
                                ? "definitionsElsewhere() was stated beside definition(...)"
                                : "there is no definition(...)");
            }
            Duration least = callLimit.multipliedBy(2).plusSeconds(1);
            if (lease().compareTo(least) < 0) {
                problems.add("lease: expected at least " + least + ", got " + lease());
            }
            if (!problems.isEmpty()) {
                throw new IllegalStateException("follow-ups: " + String.join("; ", problems));
            }
            return new FollowUps(this);
        }
    }
}

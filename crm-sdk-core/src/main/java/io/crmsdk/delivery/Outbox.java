package io.crmsdk.delivery;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.CommitUnknownException;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.time.UtcClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Messages that leave the house with the host's own commit, at most one clean copy each, and a true word about every one.
 *
 * <p>{@code enqueue} stores; a {@linkplain #startWorkers worker pool} in this or any other process on the same store sends.
 * What was stored is in exactly one {@link DeliveryState} at any later time, through crashes and restarts. Thread-safe.
 *
 * <pre>{@code
 * Outbox outbox = Outbox.builder(store).channel(smtp).consent(ledger).build();
 * EnqueueAnswer answer = outbox.enqueue(connection, message);   // inside the host's transaction
 * try (Workers workers = outbox.startWorkers(WorkerOptions.defaults())) { ... }
 * }</pre>
 */
public final class Outbox implements AutoCloseable {
    private final Store store;
    private final Map<String, Channel> channels;
    private final String defaultChannel;
    private final @Nullable ConsentGate consent;
    private final Gate gate;
    private final InstantSource clock;
    private final Disposition disposition;
    private final OrderingPolicy ordering;
    private final boolean portableSql;
    private final Notifier notifier;
    private final Ids ids;
    private final Enqueuer enqueuer;
    private final DeliveryReader reader;
    private final Settler settler;
    private final List<WorkerPool> pools = new CopyOnWriteArrayList<>();
    private final List<Watchdog> watchdogs = new CopyOnWriteArrayList<>();

    private Outbox(Builder builder) {
        store = builder.store;
        channels = Map.copyOf(builder.channels);
        defaultChannel = builder.channels.keySet().iterator().next();
        consent = builder.consent;
        clock = builder.clock;
        gate = new Gate(consent, builder.suppression);
        disposition = new Disposition(builder.retry, builder.afterDoubt, builder.random);
        notifier = new Notifier(builder.listeners);
        ids = new Ids(clock);
        ordering = builder.ordering;
        portableSql = builder.portableSql;
        Turns turns = new Turns(Dialect.of(store), ordering, portableSql);
        enqueuer = new Enqueuer(Dialect.of(store), turns, ids, portableSql);
        reader = new DeliveryReader(store);
        settler = new Settler(store, turns);
    }

    /**
     * Starts an outbox in a store.
     *
     * <p>H2 is for tests: killed while it writes, it was seen to bring back parts of a transaction, which are mended or removed
     * here as far as they can be.
     */
    public static Builder builder(Store store) {
        return new Builder(store);
    }

    /**
     * Stores a message in a transaction of its own.
     *
     * @return an acknowledgement once it is committed; a rejection if nothing was stored; unknown if the commit's outcome
     *     is not known. Never throws for anything that happened to the message
     */
    public EnqueueAnswer enqueue(Message message) {
        return enqueueAll(List.of(message)).get(0);
    }

    /**
     * Stores many messages with one commit. Each has its own answer, in order: a rejected one does not hinder the others.
     *
     * @return one answer for each message; if the commit fails, all that were to be stored share its answer
     */
    public List<EnqueueAnswer> enqueueAll(Collection<Message> messages) {
        List<Message> all = List.copyOf(messages);
        List<@Nullable EnqueueAnswer> early = new ArrayList<>();
        all.forEach(message -> early.add(validate(message)));
        List<EnqueueAnswer> stored;
        try {
            stored = store.inTransaction(connection -> insert(connection, all, early));
        } catch (CommitUnknownException e) {
            return answers(all, early, message -> new EnqueueAnswer.Unknown(message.key(), Texts.causeOf(e)));
        } catch (StoreException e) {
            return answers(all, early, message -> storeFailed(message, e));
        }
        pools.forEach(WorkerPool::wake);
        return stored;
    }

    /**
     * Stores a message as part of the host's transaction: it exists if and only if that transaction commits, and no attempt
     * begins before. A rejection leaves the transaction usable.
     *
     * <p>Workers in this process look for it within their poll interval; call {@link #wake()} after the commit to have them
     * look at once.
     *
     * @param connection of the store's store, with auto-commit off; neither committed nor closed here
     * @throws DeliveryException {@code CONNECTION_AUTOCOMMIT} if the connection is in no transaction; {@code
     *     TRANSACTION_BROKEN} if the database failed in a way that leaves the transaction unusable: roll it back
     */
    public EnqueueAnswer enqueue(Connection connection, Message message) {
        return enqueueAll(connection, List.of(message)).get(0);
    }

    /** Stores many messages as part of the host's transaction, as {@link #enqueue(Connection, Message)}. */
    public List<EnqueueAnswer> enqueueAll(Connection connection, Collection<Message> messages) {
        List<Message> all = List.copyOf(messages);
        List<@Nullable EnqueueAnswer> early = new ArrayList<>();
        all.forEach(message -> early.add(validate(message)));
        Savepoint savepoint = savepoint(connection);
        try {
            List<EnqueueAnswer> answers = insert(connection, all, early);
            connection.releaseSavepoint(savepoint);
            return answers;
        } catch (SQLException e) {
            undo(connection, savepoint, e);
            return answers(all, early, message -> storeFailed(message, e));
        }
    }

    private static Savepoint savepoint(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new DeliveryException(
                        "CONNECTION_AUTOCOMMIT",
                        "enqueue(Connection, ...) joins a transaction, but this connection commits by itself; nothing was"
                                + " stored. Call setAutoCommit(false), or enqueue(Message)",
                        null);
            }
            return connection.setSavepoint();
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    private static void undo(Connection connection, Savepoint savepoint, SQLException cause) {
        try {
            connection.rollback(savepoint);
        } catch (SQLException e) {
            cause.addSuppressed(e);
            throw broken(cause);
        }
    }

    private static DeliveryException broken(SQLException cause) {
        return new DeliveryException(
                "TRANSACTION_BROKEN", "the database failed within this transaction; roll it back and repeat it", cause);
    }

    private List<EnqueueAnswer> insert(Connection connection, List<Message> all, List<@Nullable EnqueueAnswer> early)
            throws SQLException {
        long nowUs = all.stream().anyMatch(message -> message.expires() != null)
                ? store.nowMicros(connection)
                : Long.MIN_VALUE;
        List<Enqueuer.Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Message message = all.get(i);
            if (early.get(i) == null && hasExpired(message, nowUs)) {
                early.set(i, alreadyExpired(message));
            }
            if (early.get(i) == null) {
                candidates.add(enqueuer.candidate(message, channelOf(message)));
            }
        }
        List<EnqueueAnswer> stored = candidates.isEmpty() ? List.of() : enqueuer.insert(connection, candidates);
        Iterator<EnqueueAnswer> next = stored.iterator();
        return answers(all, early, message -> next.next());
    }

    private static boolean hasExpired(Message message, long nowUs) {
        return message.expires() != null && Micros.of(message.expires()) <= nowUs;
    }

    private static EnqueueAnswer alreadyExpired(Message message) {
        return new EnqueueAnswer.Reject(
                message.key(),
                EnqueueAnswer.Reject.ALREADY_EXPIRED,
                "it expires at " + message.expires() + ", which is past by the database's clock; nothing was stored");
    }

    private static EnqueueAnswer storeFailed(Message message, Exception cause) {
        return new EnqueueAnswer.Reject(
                message.key(),
                EnqueueAnswer.Reject.STORE_FAILED,
                "nothing was stored: " + Texts.causeOf(cause) + ". Try again with the same key");
    }

    private static List<EnqueueAnswer> answers(
            List<Message> all, List<@Nullable EnqueueAnswer> early, Function<Message, EnqueueAnswer> rest) {
        List<EnqueueAnswer> answers = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            EnqueueAnswer known = early.get(i);
            answers.add(known == null ? rest.apply(all.get(i)) : known);
        }
        return answers;
    }

    private String channelOf(Message message) {
        String name = message.channel();
        return name == null ? defaultChannel : name;
    }

    private @Nullable EnqueueAnswer validate(Message message) {
        Channel channel = channels.get(channelOf(message));
        if (channel == null) {
            return new EnqueueAnswer.Reject(
                    message.key(),
                    EnqueueAnswer.Reject.NO_CHANNEL,
                    "there is no channel " + message.channel() + "; configured: " + channels.keySet());
        }
        if (message.kind() == MessageKind.MARKETING) {
            EnqueueAnswer.Reject problem = consent == null ? noLedger(message) : consent.problem(message);
            if (problem != null) {
                return problem;
            }
        }
        return channel.validate(message);
    }

    private static EnqueueAnswer.Reject noLedger(Message message) {
        return new EnqueueAnswer.Reject(
                message.key(),
                EnqueueAnswer.Reject.NO_CONSENT_LEDGER,
                "marketing needs a consent ledger: build the outbox with consent(...)");
    }

    /** Has the worker pools of this outbox look for due deliveries now; cheap, and never needed for correctness. */
    public void wake() {
        pools.forEach(WorkerPool::wake);
    }

    /**
     * Starts a pool that sends what is due, until it is closed. What an earlier pool of the same node left behind is free at
     * once; see {@link WorkerOptions.Builder#nodeId}.
     *
     * <p>In a store that {@linkplain Store#restoration() came back from a backup} every unfinished delivery that was due before the
     * restore is first held as unconfirmed, whatever its kind: it may have left under the store that was lost. {@link #settle} it.
     *
     * @throws DeliveryException {@code STORE_UNWRITABLE} if the node cannot be registered
     * @throws IllegalStateException if a channel was only {@linkplain Builder#channelElsewhere named}
     */
    public Workers startWorkers(WorkerOptions options) {
        if (channels.values().stream().anyMatch(ElsewhereChannel.class::isInstance)) {
            throw new IllegalStateException("workers need every channel here; one was named by channelElsewhere(...)");
        }
        WorkerPool pool = new WorkerPool(
                store, channels, options, notifier, gate, disposition, ordering, portableSql, ids.mark());
        try {
            pool.start();
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNWRITABLE", "the worker node could not be registered", e);
        }
        pools.add(pool);
        return pool;
    }

    /** The delivery with this id, with its history; empty if there is none. */
    public Optional<Delivery> delivery(String id) {
        return Optional.ofNullable(reader.read(id));
    }

    /**
     * All deliveries that match, oldest message first, read in pages while the stream is consumed: constant memory, no
     * connection held. A snapshot of each, not of all together.
     */
    public Stream<Delivery> deliveries(DeliveryQuery query) {
        int traits = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(reader.iterate(query), traits), false);
    }

    /**
     * Applies a later proof. The proof is kept in the history whatever it changes; the same proof again changes nothing; a
     * proof weaker than what is known is kept without changing the state, so the order in which proofs arrive does not
     * matter.
     *
     * @return the delivery afterwards
     * @throws DeliveryException {@code UNKNOWN_DELIVERY} if there is no such delivery; {@code STORE_UNWRITABLE} if it could
     *     not be written, then repeating is safe
     */
    public Delivery settle(String deliveryId, Confirmation confirmation) {
        boolean changed = settler.settle(deliveryId, confirmation);
        wake();
        Delivery settled = reader.read(deliveryId);
        if (settled == null) {
            throw new DeliveryException("UNKNOWN_DELIVERY", "there is no delivery " + deliveryId, null);
        }
        if (changed) {
            notifier.changed(changeOf(settled));
        }
        return settled;
    }

    private static DeliveryChange changeOf(Delivery delivery) {
        HistoryEntry last = delivery.history().get(delivery.history().size() - 1);
        return new DeliveryChange(
                delivery.id(),
                delivery.key(),
                delivery.recipient(),
                delivery.state(),
                delivery.attempts(),
                last.detail(),
                last.evidence(),
                last.at());
    }

    /**
     * Returns those of some messages that are not finished: at least one of their deliveries is still worked on, waits, or is held.
     *
     * @param connection reads within this connection's transaction
     */
    public Set<String> open(Connection connection, Collection<String> messageIds) throws SQLException {
        return DeliveryReader.open(connection, List.copyOf(messageIds));
    }

    /**
     * Withdraws a delivery that has not left and of which no attempt is in doubt. A dead one only if it holds others of its {@linkplain
     * Message#orderingKey() ordering key}, which then go on.
     *
     * @param by who withdraws it
     * @param why one line for the audit
     * @return false if it was too late
     * @throws DeliveryException as {@link #settle}
     */
    public boolean cancel(String deliveryId, String by, String why) {
        boolean cancelled =
                settler.cancel(deliveryId, Texts.cut(Texts.clean(by), 100), Texts.cut(Texts.clean(why), 1000));
        if (cancelled) {
            wake();
            delivery(deliveryId).map(Outbox::changeOf).ifPresent(notifier::changed);
        }
        return cancelled;
    }

    /**
     * What a person does by hand: sending again, correcting, settling, withdrawing, stopping, with an audit of all of it.
     *
     * @param by who does it, 1 to 100 characters; a person, not a program
     */
    public OutboxOperations operations(String by) {
        return new OutboxOperations(store, this, settler, by);
    }

    /**
     * Whether the outbox was stopped by hand, by whom and why.
     *
     * @throws DeliveryException {@code STORE_UNREADABLE} if the store does not answer
     */
    public Optional<OutboxPause> paused() {
        try {
            return Optional.ofNullable(store.read(Pauses::read));
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNREADABLE", "whether the outbox is paused could not be read", e);
        }
    }

    /**
     * Which destinations were stopped by hand, by whom and why; by what addresses have behind the at sign, in ASCII and lower case.
     *
     * @throws DeliveryException {@code STORE_UNREADABLE} if the store does not answer
     */
    public Map<String, OutboxPause> pausedDestinations() {
        try {
            return store.read(Pauses::destinations);
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNREADABLE", "which destinations are paused could not be read", e);
        }
    }

    /** Tells the listeners how a delivery stands now. */
    Delivery announce(String deliveryId) {
        Delivery delivery = reader.read(deliveryId);
        if (delivery == null) {
            throw new DeliveryException("UNKNOWN_DELIVERY", "there is no delivery " + deliveryId, null);
        }
        notifier.changed(changeOf(delivery));
        return delivery;
    }

    /** Validates and stores one message within a transaction of this package. */
    EnqueueAnswer insertOne(Connection connection, Message message) throws SQLException {
        List<@Nullable EnqueueAnswer> early = new ArrayList<>();
        early.add(validate(message));
        return insert(connection, List.of(message), early).get(0);
    }

    /**
     * A snapshot of the unfinished deliveries, of all worker pools on the store and of this outbox's threads.
     *
     * @throws DeliveryException {@code STORE_UNREADABLE} if the store does not answer
     */
    public OutboxHealth health() {
        try {
            return store.read(this::health);
        } catch (StoreException e) {
            throw new DeliveryException("STORE_UNREADABLE", "the queue could not be read", e);
        }
    }

    private OutboxHealth health(Connection connection) throws SQLException {
        long nowUs = store.nowMicros(connection);
        HealthReader read = new HealthReader(connection, nowUs);
        Map<String, String> pausedChannels = new LinkedHashMap<>();
        channels.forEach((name, channel) -> {
            String why = channel.paused();
            if (why != null) {
                pausedChannels.put(name, why);
            }
        });
        return new OutboxHealth(
                read.counts,
                read.due,
                read.oldestDue(),
                read.oldestWindow(),
                read.expired,
                read.held,
                read.stranded,
                read.nextUs >= Transition.HELD ? null : Micros.instant(read.nextUs),
                read.workers,
                read.oldestWaiting(),
                read.firstOfOldest,
                read.paused,
                read.pausedDestinations,
                read.parked,
                pausedChannels,
                pools.stream().mapToInt(WorkerPool::unrecorded).sum(),
                notifier.failures(),
                notifier.workerFailures(),
                Duration.between(clock.instant(), Micros.instant(nowUs)),
                consent != null && consent.held(connection),
                pools.stream().anyMatch(WorkerPool::sawStoreGoBack));
    }

    /**
     * Looks at the {@linkplain #health() health} again and again, on a thread of its own. A finding is logged and told to the {@linkplain
     * DeliveryListener#onFinding listeners} once when it begins and once when it is over; a backlog that grows from look to look and
     * a store that does not answer are findings, too.
     *
     * @param limits from when on something is a finding
     * @param every between two looks, at least a millisecond; each reads the unfinished deliveries once
     * @return ends it; so does {@link #close()}
     */
    public Watchdog watch(HealthLimits limits, Duration every) {
        if (every.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("watch: expected at least a millisecond between looks, got " + every);
        }
        Watchdog watchdog = new Watchdog(this::health, notifier, limits, every);
        watchdogs.add(watchdog);
        watchdog.start();
        return watchdog;
    }

    /** Stops all pools of this outbox, its watchdogs and its listeners, in bounded time; the store stays open. */
    @Override
    public void close() {
        watchdogs.forEach(Watchdog::close);
        pools.forEach(WorkerPool::close);
        notifier.stop();
    }

    /** Collects an {@link Outbox}; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final Map<String, Channel> channels = new LinkedHashMap<>();
        private final Map<MessageKind, DoubtPolicy> afterDoubt = new EnumMap<>(MessageKind.class);
        private final List<DeliveryListener> listeners = new ArrayList<>();
        private @Nullable ConsentGate consent;
        private @Nullable SuppressionGate suppression;
        private InstantSource clock = UtcClock.system();
        private RetryPolicy retry = RetryPolicy.defaults();
        private OrderingPolicy ordering = OrderingPolicy.HOLD;
        private boolean portableSql;
        private RandomGenerator random = new SplittableRandom();

        private Builder(Store store) {
            this.store = store;
            afterDoubt.put(MessageKind.MARKETING, DoubtPolicy.hold());
            afterDoubt.put(MessageKind.TRANSACTIONAL, DoubtPolicy.repeatOnceAfter(Duration.ofMinutes(5)));
        }

        /**
         * Adds a channel; the first one is the default.
         *
         * @throws IllegalArgumentException if there is one of the same name, or the name is longer than 40 characters
         */
        public Builder channel(Channel channel) {
            String name = channel.name();
            if (name.isBlank() || name.length() > 40) {
                throw new IllegalArgumentException("channel name: expected 1 to 40 characters, got " + name.length());
            }
            if (channels.putIfAbsent(name, channel) != null) {
                throw new IllegalArgumentException("there are two channels named " + name);
            }
            return this;
        }

        /**
         * The ledger that every hand-over asks, within the transaction that declares it: marketing goes only to those it
         * allows, waits while it cannot answer for sure, and a legal block stops any message. It must live in the outbox's
         * own database.
         */
        public Builder consent(ConsentLedger ledger) {
            return consent(new LedgerGate(ledger));
        }

        Builder consent(ConsentGate gate) {
            this.consent = gate;
            return this;
        }

        /**
         * The list that every hand-over asks, within the transaction that declares it: an address that bounced gets nothing more,
         * also of what is queued already. It must live in the outbox's own database.
         */
        public Builder suppression(SuppressionList list) {
            this.suppression = new SuppressionGate(list);
            return this;
        }

        /**
         * Names a channel that only other processes have, such as the workers behind a web application: this outbox stores
         * messages for it without a channel's judgement, lists and settles them, and starts no workers.
         *
         * @param name the channel's name over there; the first name given is the default
         */
        public Builder channelElsewhere(String name) {
            return channel(new ElsewhereChannel(name));
        }

        /** When deferred deliveries are tried again; {@link RetryPolicy#defaults()} unless stated. */
        public Builder retry(RetryPolicy retry) {
            this.retry = retry;
            return this;
        }

        /**
         * What happens after an unconfirmed attempt. Unless stated, marketing is held and transactional messages are repeated
         * once after five minutes.
         */
        public Builder afterDoubt(MessageKind kind, DoubtPolicy policy) {
            afterDoubt.put(kind, policy);
            return this;
        }

        /**
         * What a dead or unconfirmed delivery does to those behind it in its {@linkplain Message#orderingKey() ordering key}; {@link
         * OrderingPolicy#HOLD} unless stated. All outboxes of a store should say the same: whoever ends a delivery goes by its own.
         */
        public Builder ordering(OrderingPolicy policy) {
            this.ordering = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /**
         * Stores, claims and records without SKIP LOCKED, advisory locks, array parameters and changes within WITH, for distributed
         * databases that speak PostgreSQL's protocol and lack some of them. Slower on PostgreSQL itself; outboxes with and without it may
         * work on one store.
         */
        public Builder portableSql() {
            this.portableSql = true;
            return this;
        }

        /** Adds a listener to every change. */
        public Builder listener(DeliveryListener listener) {
            listeners.add(listener);
            return this;
        }

        /** The clock behind ids and the skew in {@link Outbox#health()}; no decision reads it. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The source of the random part of waits. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /**
         * The outbox.
         *
         * @throws IllegalStateException if it has no channel
         * @throws DeliveryException {@code STORE_UNREADABLE} if the database does not answer; {@code DEPENDENCY_MISSING} if a library
         *     that is needed later is not there
         */
        public Outbox build() {
            if (channels.isEmpty()) {
                throw new IllegalStateException("an outbox needs at least one channel: call channel(...)");
            }
            Dependencies.check(consent != null);
            try {
                new Mender(store).mend();
            } catch (StoreException e) {
                throw new DeliveryException("STORE_UNREADABLE", "the outbox could not look through its queue", e);
            }
            return new Outbox(this);
        }
    }
}

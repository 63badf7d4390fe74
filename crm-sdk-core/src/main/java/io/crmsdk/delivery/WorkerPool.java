package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims, attempts, renews: one claiming thread, one heartbeat, one recorder, and the workers.
 *
 * <p>No loop here ends because something in it failed: it counts the failure, waits and goes on. All waits are monotonic;
 * what is due is the database's business.
 */
final class WorkerPool implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long LEAST_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Of the time of one thread and one connection: a twentieth. */
    private static final int SWEEP_SHARE = 20;

    private static final Duration LAST_SECOND = Duration.ofSeconds(1);

    private final Store store;
    private final Dialect dialect;
    private final Map<String, Channel> channels;
    private final WorkerOptions options;
    private final Notifier notifier;
    private final Gate gate;
    private final Node node;
    private final Recorder recorder;
    private final Claims claims;
    private final HotPath hotPath;
    private final Turns turns;
    private final Set<Row> inHand = ConcurrentHashMap.newKeySet();

    /** What the workers take; an empty one ends the worker that takes it. */
    private final LinkedBlockingQueue<Optional<Claims.Work>> ready = new LinkedBlockingQueue<>();

    private final List<Thread> workers = new ArrayList<>();
    private final Thread claimer = new Thread(this::claimLoop, "crm-outbox-claimer");
    private final Thread heart = new Thread(this::heartLoop, "crm-outbox-heartbeat");
    private final Thread sweeper = new Thread(this::sweepLoop, "crm-outbox-sweeper");
    private volatile boolean stopping;
    /** As this pool last saw it; written by the claiming thread. */
    private volatile boolean paused;

    /** As this pool last saw them; written by the claiming thread. */
    private volatile Map<String, OutboxPause> pausedDestinations = Map.of();
    /** Whether somebody may have been let go since the last look for them. */
    private volatile boolean destinationsChanged = true;

    private final Parked parked;
    private long releasedNanos;
    private long lookedNanos = System.nanoTime() - TimeUnit.DAYS.toNanos(1);
    private boolean closed;

    WorkerPool(
            Store store,
            Map<String, Channel> channels,
            WorkerOptions options,
            Notifier notifier,
            Gate gate,
            Disposition disposition,
            OrderingPolicy ordering,
            boolean portableSql,
            String uniqueSuffix) {
        this.store = store;
        this.dialect = Dialect.of(store);
        this.channels = Map.copyOf(channels);
        this.options = options;
        this.notifier = notifier;
        this.gate = gate;
        this.node = Node.named(options.nodeId(), uniqueSuffix, RetryPolicy.micros(options.lease()));
        this.parked = new Parked(store);
        this.turns = new Turns(dialect, ordering, portableSql);
        this.recorder =
                new Recorder(store, node, gate, notifier, disposition, turns, options.lease(), portableSql, ready);
        this.hotPath = new HotPath(store, portableSql);
        this.claims = new Claims(
                dialect,
                node.owner(),
                RetryPolicy.micros(options.lease()),
                disposition,
                turns,
                portableSql,
                new MessageReader(notifier::log));
    }

    /** Holds what a restore put in doubt, registers the node, so that what its predecessors left behind is free, and starts the threads. */
    void start() {
        new AfterRestore(store, node.owner()).hold();
        node.committed(store.inTransaction(connection -> {
            long nowUs = store.nowMicros(connection);
            node.register(connection, nowUs);
            return nowUs;
        }));
        recorder.start();
        for (int i = 0; i < options.threads(); i++) {
            workers.add(new Thread(this::workLoop, "crm-outbox-worker-" + i));
        }
        workers.forEach(WorkerPool::startDaemon);
        startDaemon(claimer);
        startDaemon(heart);
        startDaemon(sweeper);
    }

    private static void startDaemon(Thread thread) {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String node() {
        return node.owner();
    }

    int unrecorded() {
        return recorder.unrecorded();
    }

    /** Whether the store forgot what this pool had committed; then it claims nothing any more. */
    boolean sawStoreGoBack() {
        return node.wentBack();
    }

    /** Something may have become due; coalesced, never lost, and only a hint. */
    void wake() {
        LockSupport.unpark(claimer);
    }

    private void claimLoop() {
        long pauseMs = 0;
        while (!stopping) {
            try {
                long waitNanos = claimOnce();
                pauseMs = 0;
                if (waitNanos > 0 && !stopping) {
                    LockSupport.parkNanos(this, waitNanos);
                }
            } catch (Throwable e) {
                pauseMs = Math.min(Math.max(100, pauseMs * 2), LONGEST_PAUSE_MS);
                loopFailed("claiming", pauseMs == 100, e);
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pauseMs));
            }
        }
    }

    private void loopFailed(String what, boolean first, Throwable e) {
        notifier.workerFailed();
        if (first) {
            notifier.log(() -> LOG.warn("{} on {} failed and is tried again", what, node.owner(), e));
        }
    }

    /** Claims once if there is room; returns how long to sleep, zero to claim again at once. */
    private long claimOnce() {
        if (isPaused()) {
            return options.poll().toNanos();
        }
        int room = options.claimBatch() * 2 - inHand.size();
        if (room < Math.max(1, options.claimBatch() / 2)) {
            return options.poll().toNanos();
        }
        if (!claims.skipsLocked() && !isAnythingFree()) {
            return untilNextDue();
        }
        int most = Math.min(room, options.claimBatch());
        Claims.Batch batch =
                store.inTransaction(connection -> claims.claim(connection, most, hotPath.begin(connection)));
        batch.changes().forEach(notifier::changed);
        for (Claims.Work work : batch.work()) {
            inHand.addAll(work.rows());
            ready.add(Optional.of(work));
        }
        return batch.claimed() > 0 ? 0 : untilNextDue();
    }

    /** Looks once a poll, so that a pause costs a claim nothing; while it lasts, each time. */
    private boolean isPaused() {
        if (node.wentBack()) {
            if (!paused) {
                paused = true;
                notifier.log(() -> LOG.error(
                        "{} claims nothing any more: the store is older than what it had committed. A backup was restored or a"
                                + " replica took over without the last commits; mark the store as restored and start anew",
                        node.owner()));
            }
            return true;
        }
        if (paused || System.nanoTime() - lookedNanos >= options.poll().toNanos()) {
            Pauses.Seen seen = store.read(Pauses.Seen::read);
            OutboxPause pause = seen.all();
            lookedNanos = System.nanoTime();
            see(seen.destinations());
            if ((pause != null) != paused) {
                paused = pause != null;
                String what = pause == null ? "claims again" : "claims nothing: paused by " + pause.by();
                notifier.log(() -> LOG.info("{} {}", node.owner(), what));
            }
        }
        return paused;
    }

    private void see(Map<String, OutboxPause> destinations) {
        if (!destinations.equals(pausedDestinations)) {
            pausedDestinations = destinations;
            destinationsChanged = true;
            notifier.log(() -> LOG.info("{} keeps back what goes to {}", node.owner(), destinations.keySet()));
        }
    }

    /** In an embedded file a claim takes the one write lock, so an idle poll only reads. */
    private boolean isAnythingFree() {
        return store.read(connection -> {
            long now = store.nowMicros(connection);
            return anyDue(connection, now, now);
        });
    }

    private long untilNextDue() {
        long poll = options.poll().toNanos();
        return store.read(connection -> {
            long now = store.nowMicros(connection);
            long next = nextDue(connection, now);
            return Math.min(poll, Math.max(1_000_000L, TimeUnit.MICROSECONDS.toNanos(Math.max(0, next - now))));
        });
    }

    private static long nextDue(Connection connection, long nowUs) throws SQLException {
        long next = Transition.HELD;
        String select = "SELECT MIN(due_us) FROM crm_delivery_queue WHERE lane = ? AND due_us > ?";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (Priority lane : Priority.values()) {
                statement.setInt(1, lane.lane());
                statement.setLong(2, nowUs);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long due = row.getLong(1);
                    next = row.wasNull() ? next : Math.min(next, due);
                }
            }
        }
        return next;
    }

    private void heartLoop() {
        while (!stopping || !inHand.isEmpty()) {
            try {
                LockSupport.parkNanos(this, options.lease().toNanos() / 3);
                recorder.renew(List.copyOf(inHand));
            } catch (Throwable e) {
                loopFailed("the heartbeat", true, e);
            }
        }
    }

    /** A thread of its own: with very many in line the look takes its time, and claims must not wait for it. */
    private void sweepLoop() {
        while (!stopping) {
            long began = System.nanoTime();
            try {
                boolean turned = turns.sweep(store);
                boolean released = releaseParked();
                if (turned || released) {
                    wake();
                }
            } catch (Throwable e) {
                loopFailed("sweeping ordering keys", true, e);
            }
            long pause = Math.max(
                    Math.max(LEAST_SWEEP_NANOS, options.poll().toNanos()), (System.nanoTime() - began) * SWEEP_SHARE);
            if (!stopping) {
                LockSupport.parkNanos(this, Math.min(pause, LONGEST_SWEEP_NANOS));
            }
        }
    }

    /** At once when a pause may be over, and now and then for what somebody else gave back just before that. */
    private boolean releaseParked() {
        if (!destinationsChanged && System.nanoTime() - releasedNanos < LONGEST_SWEEP_NANOS) {
            return false;
        }
        destinationsChanged = false;
        boolean released = parked.release() > 0;
        releasedNanos = System.nanoTime();
        return released;
    }

    private void workLoop() {
        while (true) {
            try {
                Optional<Claims.Work> work = ready.take();
                if (work.isEmpty()) {
                    return;
                }
                handle(work.get());
                recorder.awaitRoom();
            } catch (InterruptedException e) {
                if (stopping) {
                    return;
                }
            } catch (Throwable e) {
                loopFailed("a worker", true, e);
            }
        }
    }

    private void handle(Claims.Work work) {
        if (work.ahead().take()) {
            recorder.takenAhead();
        }
        Attempt attempt =
                new Attempt(work, store, gate, recorder, options.lease().toNanos());
        try {
            attempt(work, attempt);
        } finally {
            finish(work, attempt);
        }
    }

    /** The worker goes on before the outcome is written, so that it shares a commit with the next mark. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // Whether it was written is the recorder's to care for; here only that it
    // ended.
    private void finish(Claims.Work work, Attempt attempt) {
        attempt.written().whenComplete((nothing, never) -> {
            work.rows().forEach(inHand::remove);
            if (ready.size() < options.threads() + Recorder.MOST_UNRECORDED) {
                wake();
            }
        });
    }

    private void attempt(Claims.Work work, Attempt attempt) {
        Channel channel = channels.get(work.message().channel());
        if (stopping || paused) {
            attempt.giveBack(stopping ? "given back: the worker stopped" : "given back: the outbox is paused", 0);
            return;
        }
        if (channel == null) {
            attempt.giveBack("given back: this node lacks the channel", RetryPolicy.micros(Duration.ofMinutes(1)));
            return;
        }
        attempt.park(pausedDestinations);
        Throwable broken = null;
        try {
            if (!attempt.recheck().isEmpty()) {
                announce(work);
                channel.send(attempt);
            }
        } catch (Throwable e) {
            broken = e;
        }
        attempt.end(broken);
    }

    private void announce(Claims.Work work) {
        if (!notifier.hasListeners()) {
            return;
        }
        for (Row row : work.rows()) {
            notifier.attempt(Notifier.at(row, work.message().key(), row.stateBefore, work.nowUs()));
        }
    }

    @Override
    public boolean awaitIdle(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!isIdle()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    private boolean isIdle() {
        if (!inHand.isEmpty()) {
            return false;
        }
        try {
            boolean anyDue = store.read(connection -> {
                long now = store.nowMicros(connection);
                return anyDue(connection, now, Long.MAX_VALUE);
            });
            return !anyDue && inHand.isEmpty();
        } catch (StoreException e) {
            // Not knowing is not idle; the caller's deadline ends the wait.
            return false;
        }
    }

    private static boolean anyDue(Connection connection, long nowUs, long leaseUntilUs) throws SQLException {
        String select = "SELECT 1 FROM crm_delivery_queue WHERE lane = ? AND due_us <= ? AND lease_us <= ? LIMIT 1";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            for (Priority lane : Priority.values()) {
                statement.setInt(1, lane.lane());
                statement.setLong(2, nowUs);
                statement.setLong(3, leaseUntilUs);
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stopping = true;
        long deadline = System.nanoTime() + options.stopWithin().toNanos();
        try {
            wake();
            LockSupport.unpark(sweeper);
            claimer.join(LONGEST_PAUSE_MS);
            sweeper.join(LONGEST_PAUSE_MS);
            giveBackReady();
            workers.forEach(worker -> ready.add(Optional.empty()));
            joinAll(deadline);
            workers.forEach(Thread::interrupt);
            joinAll(System.nanoTime() + LAST_SECOND.toNanos());
            recorder.stop(longer(LAST_SECOND, Duration.ofNanos(deadline - System.nanoTime())));
            boolean nothingLeft = inHand.isEmpty();
            inHand.clear();
            LockSupport.unpark(heart);
            if (nothingLeft && recorder.unrecorded() == 0) {
                leave();
            }
        } catch (InterruptedException e) {
            workers.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    /** Not left to workers that may be stuck: what was marked ahead would be in doubt otherwise. */
    private void giveBackReady() {
        for (Optional<Claims.Work> work = ready.poll(); work != null; work = ready.poll()) {
            work.ifPresent(this::handle);
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private void joinAll(long deadlineNanos) throws InterruptedException {
        for (Thread worker : workers) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (left > 0) {
                worker.join(left);
            }
        }
    }

    /** Only if every attempt ended: otherwise the entry is what lets a successor see at once that this process is gone. */
    private void leave() {
        try {
            store.inTransaction(connection -> {
                node.leave(connection);
                return true;
            });
        } catch (StoreException e) {
            notifier.log(
                    () -> LOG.warn("{} stopped but could not sign off; its leases end by themselves", node.owner(), e));
        }
    }
}

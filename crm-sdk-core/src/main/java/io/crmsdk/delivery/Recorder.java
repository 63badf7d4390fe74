package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import io.crmsdk.store.internal.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a pool that writes: marks, outcomes and renewals of all workers that have come up by then share one
 * commit, so the cost of a commit is divided by the load. One job alone is written alone, at once; only under load does the
 * recorder give those that its last commit woke half a millisecond to come back.
 *
 * <p>When a shared transaction fails, each job is tried by itself, so one bad job fails alone. A mark that cannot be
 * written fails its attempt, which has sent nothing. An outcome that cannot be written is kept and tried again, with the
 * same fence, until it is written or the pool is told to give up.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
    private static final int MOST_AT_ONCE = 512;
    /** So many answers may wait for their commit before workers do: what a crash leaves in doubt stays small. */
    static final int MOST_UNRECORDED = 64;

    /** So many marks in the last commit are load. */
    private static final int COMPANY = 12;

    private static final int MOST_PAUSES = 5;
    private static final long PAUSE_NANOS = 100_000;
    private static final long FIRST_WAIT_MS = 100;
    private static final long LONGEST_WAIT_MS = 5_000;

    private final Store store;
    private final HotPath hotPath;
    private final Ledger ledger;
    private final Gate gate;
    private final Notifier notifier;
    private final Disposition disposition;
    private final Turns turns;
    private final Node node;
    private final long leaseUs;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final List<OutcomeJob> unwritten = new ArrayList<>();
    private final AtomicInteger unrecorded = new AtomicInteger();

    /** How many were marked ahead and no worker has taken yet. */
    private final AtomicInteger ahead = new AtomicInteger();

    private final Iterable<Optional<Claims.Work>> ready;
    private final boolean marksAhead;
    private final Object room = new Object();
    private final Thread thread;
    /** How many marks the last commit had; of the recorder's own thread. */
    private int expected;

    private volatile boolean stopping;
    private volatile boolean givingUp;
    private long waitMs = FIRST_WAIT_MS;
    private boolean failing;

    Recorder(
            Store store,
            Node node,
            Gate gate,
            Notifier notifier,
            Disposition disposition,
            Turns turns,
            Duration lease,
            boolean portableSql,
            Iterable<Optional<Claims.Work>> ready) {
        this.store = store;
        this.ready = ready;
        // H2 may tear a queue row from the rest, so its mark is a line of the history, too, which cannot be taken back.
        this.marksAhead = Dialect.of(store) != Dialect.H2;
        this.node = node;
        this.hotPath = new HotPath(store, portableSql);
        this.ledger = new Ledger(Dialect.of(store), node.owner(), portableSql);
        this.gate = gate;
        this.notifier = notifier;
        this.disposition = disposition;
        this.turns = turns;
        this.leaseUs = RetryPolicy.micros(lease);
        this.thread = new Thread(this::run, "crm-outbox-recorder");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int unrecorded() {
        return unrecorded.get();
    }

    /** Waits while too many outcomes are unwritten. */
    void awaitRoom() throws InterruptedException {
        synchronized (room) {
            while (unrecorded.get() > MOST_UNRECORDED && !givingUp) {
                room.wait(LONGEST_WAIT_MS);
            }
        }
    }

    /**
     * Waits until a worker may ask for a mark of its own: what is in doubt and in no worker's hands, marked ahead or waiting for
     * its outcome to be written, is 64 at most whenever anything is marked, and the workers hold one each.
     */
    void awaitRoomForMark() throws InterruptedException {
        synchronized (room) {
            while (unrecorded.get() + ahead.get() > MOST_UNRECORDED && !givingUp) {
                room.wait(LONGEST_WAIT_MS);
            }
        }
    }

    /** A worker took what was marked ahead. */
    void takenAhead() {
        ahead.decrementAndGet();
    }

    /** The window of what was marked ahead begins now. */
    void begun(Message message, List<Row> rows, long atUs) {
        if (notifier.hasListeners()) {
            rows.forEach(row -> notifier.changed(Notifier.sending(row, message.key(), atUs)));
        }
    }

    /** Declares the window for these rows of one message, all or none; completes once that is committed. */
    CompletableFuture<MarkResult> mark(Message message, List<Row> rows) {
        MarkJob job = new MarkJob(message, List.copyOf(rows), false, new CompletableFuture<>());
        jobs.add(job);
        return job.result();
    }

    /**
     * Writes what became of a row; completes once that is committed.
     *
     * @param window whether its window began, was only marked ahead, or neither
     */
    CompletableFuture<Void> record(Row row, Message message, Window window, Decision decision) {
        OutcomeJob job = new OutcomeJob(row, message, window, decision, new CompletableFuture<>());
        unrecorded.incrementAndGet();
        jobs.add(job);
        return job.result();
    }

    void renew(List<Row> rows) {
        jobs.add(new RenewJob(List.copyOf(rows)));
    }

    /** Writes what has been handed over so far, then ends; after the wait it gives up what it could not write. */
    void stop(Duration atMost) throws InterruptedException {
        stopping = true;
        jobs.add(new RenewJob(List.of()));
        thread.join(Math.max(1, atMost.toMillis()));
        givingUp = true;
        thread.interrupt();
        thread.join(1_000);
    }

    private void run() {
        while (!isDone()) {
            try {
                process(take());
            } catch (InterruptedException e) {
                LOG.trace("only stop() interrupts, and isDone() sees why", e);
            } catch (Throwable e) {
                notifier.workerFailed();
                notifier.log(() -> LOG.warn("the recorder of {} failed and goes on", node.owner(), e));
            }
        }
        abandon();
    }

    private boolean isDone() {
        return givingUp || (stopping && jobs.isEmpty() && unwritten.isEmpty());
    }

    private List<Job> take() throws InterruptedException {
        List<Job> batch = new ArrayList<>();
        Job first = unwritten.isEmpty() ? jobs.take() : jobs.poll(waitMs, TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
        }
        jobs.drainTo(batch, MOST_AT_ONCE);
        awaitCompany(batch);
        batch.addAll(0, unwritten);
        unwritten.clear();
        markAhead(batch);
        expected = marksIn(batch);
        return batch;
    }

    /**
     * Adds marks of what the workers will take next, as many as windows ended since the last commit: so a commit is shared by more
     * messages than there are workers, and hardly any is marked for a destination that lets no window begin. What can change
     * between mark and window, consent and expiry, is not marked ahead.
     */
    private void markAhead(List<Job> batch) {
        int outcomes = 0;
        int windows = 0;
        for (Job job : batch) {
            outcomes += job instanceof OutcomeJob ? 1 : 0;
            windows += job instanceof OutcomeJob outcome && outcome.window() == Window.BEGUN ? 1 : 0;
        }
        int waiting = ahead.get();
        int most = Math.min(windows - waiting, MOST_UNRECORDED - waiting - (unrecorded.get() - outcomes));
        if (!marksAhead || stopping || most <= 0) {
            return;
        }
        Iterator<Optional<Claims.Work>> next = ready.iterator();
        for (int looked = 0; most > 0 && looked < MOST_AT_ONCE && next.hasNext(); looked++) {
            Claims.Work work = next.next().orElse(null);
            if (work != null && mayBeMarkedAhead(work) && work.ahead().begin()) {
                ahead.incrementAndGet();
                CompletableFuture<MarkResult> result =
                        Objects.requireNonNull(work.ahead().mark());
                batch.add(new MarkJob(work.message(), work.rows(), true, result));
                most--;
            }
        }
    }

    private boolean mayBeMarkedAhead(Claims.Work work) {
        return work.rows().size() == 1 && work.rows().get(0).doubts == 0 && !gate.applies(work.message());
    }

    /**
     * Under load the workers that the last commit woke all come back within a moment; without it the first of them would have a
     * commit alone and the others the next. A few at a time never wait.
     */
    private void awaitCompany(List<Job> batch) {
        for (int n = 0; n < MOST_PAUSES && expected >= COMPANY && outcomesIn(batch) < expected && !stopping; n++) {
            LockSupport.parkNanos(this, PAUSE_NANOS);
            jobs.drainTo(batch, MOST_AT_ONCE);
        }
    }

    private static int outcomesIn(List<Job> batch) {
        return (int) batch.stream().filter(OutcomeJob.class::isInstance).count();
    }

    private static int marksIn(List<Job> batch) {
        return (int) batch.stream().filter(MarkJob.class::isInstance).count();
    }

    private void process(List<Job> batch) {
        RuntimeException failure = tryTogether(batch);
        if (failure == null) {
            waitMs = FIRST_WAIT_MS;
            failing = false;
            return;
        }
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
        if (batch.size() == 1) {
            failed(batch.get(0), failure);
            return;
        }
        for (Job job : batch) {
            RuntimeException alone = job.isSpare() ? failure : tryTogether(List.of(job));
            if (alone != null) {
                failed(job, alone);
            }
        }
    }

    private @Nullable RuntimeException tryTogether(List<Job> batch) {
        try {
            Written written = store.inTransaction(connection -> write(connection, batch));
            if (written.renewed) {
                node.committed(written.nowUs);
            }
            written.announce(notifier);
            synchronized (room) {
                room.notifyAll();
            }
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void failed(Job job, RuntimeException failure) {
        if (job instanceof MarkJob mark) {
            mark.result().completeExceptionally(failure);
        } else if (job instanceof OutcomeJob outcome) {
            unwritten.add(outcome);
            warnOnce(failure);
        }
        // A renewal that failed is repeated by the heartbeat, or the lease ends: nothing is lost by it.
    }

    private void warnOnce(RuntimeException failure) {
        if (!failing) {
            failing = true;
            notifier.log(() -> LOG.warn(
                    "outcomes on {} cannot be written now and are kept for another try", node.owner(), failure));
        }
    }

    private void abandon() {
        jobs.forEach(job -> {
            if (job instanceof OutcomeJob outcome) {
                unwritten.add(outcome);
            }
        });
        if (!unwritten.isEmpty()) {
            int left = unwritten.size();
            notifier.log(() -> LOG.warn(
                    "{} stopped with {} outcomes unwritten; their deliveries will show as unconfirmed or be tried again",
                    node.owner(),
                    left));
        }
        unwritten.forEach(job -> job.result().cancel(false));
    }

    private Written write(Connection connection, List<Job> batch) throws SQLException {
        long nowUs = hotPath.begin(connection);
        Written written = new Written(nowUs, unrecorded, notifier.hasListeners());
        List<OutcomeJob> outcomes = new ArrayList<>();
        for (Job job : batch) {
            if (job instanceof OutcomeJob outcome) {
                outcomes.add(outcome);
            } else if (job instanceof RenewJob renew) {
                renew(connection, renew, nowUs);
                written.renewed = true;
            }
        }
        // Marks first: an interrupted worker's mark and its "not sent" may meet here, and the later word has to win.
        writeMarks(connection, batch, written);
        writeOutcomes(connection, outcomes, written);
        return written;
    }

    private void renew(Connection connection, RenewJob job, long nowUs) throws SQLException {
        node.seen(connection, nowUs);
        Set<Row> kept = ledger.renew(connection, job.rows(), leaseUs, nowUs);
        job.rows().stream().filter(row -> !kept.contains(row)).forEach(Row::lose);
    }

    private void writeOutcomes(Connection connection, List<OutcomeJob> outcomes, Written written) throws SQLException {
        List<Transition> transitions = new ArrayList<>();
        for (OutcomeJob job : outcomes) {
            transitions.add(job.decision().decide(disposition, written.nowUs));
        }
        ledger.unmark(
                connection,
                outcomes.stream()
                        .filter(job -> job.window() == Window.ONLY_MARKED)
                        .map(OutcomeJob::row)
                        .toList());
        boolean[] applied = ledger.apply(connection, transitions, Journal.Step.OUTCOME, written.nowUs);
        Set<String> ended = new HashSet<>();
        for (int i = 0; i < applied.length; i++) {
            written.outcome(outcomes.get(i), transitions.get(i), applied[i]);
            boolean inLine = outcomes.get(i).message().orderingKey() != null;
            if (applied[i] && inLine && turns.mayEndBy(transitions.get(i))) {
                ended.add(transitions.get(i).row().deliveryId);
            }
        }
        if (!ended.isEmpty()) {
            turns.ended(connection, ended, written.nowUs);
        }
    }

    /** Marks of all messages in few statements: the gate decides first who may be marked at all. */
    private void writeMarks(Connection connection, List<Job> batch, Written written) throws SQLException {
        List<Row> wanted = new ArrayList<>();
        List<MarkJob> open = new ArrayList<>();
        Map<Row, Gate.Refusal> refused = refusals(connection, batch, written.nowUs);
        for (Job job : batch) {
            if (job instanceof MarkJob mark) {
                Map<Row, Gate.Refusal> ofThis = refused.isEmpty() ? Map.of() : new LinkedHashMap<>(refused);
                if (!refused.isEmpty()) {
                    ofThis.keySet().retainAll(mark.rows());
                }
                if (ofThis.isEmpty()) {
                    open.add(mark);
                    wanted.addAll(mark.rows());
                } else {
                    written.mark(mark, new MarkResult(true, List.of(), ofThis, written.nowUs));
                }
            }
        }
        Set<Row> marked = ledger.markBegun(connection, wanted, leaseUs, written.nowUs);
        for (MarkJob mark : open) {
            List<Row> lost =
                    mark.rows().stream().filter(row -> !marked.contains(row)).toList();
            written.mark(mark, new MarkResult(lost.isEmpty(), lost, Map.of(), written.nowUs));
        }
    }

    private Map<Row, Gate.Refusal> refusals(Connection connection, List<Job> batch, long nowUs) throws SQLException {
        List<Gate.Asked> asked = new ArrayList<>();
        for (Job job : batch) {
            if (job instanceof MarkJob mark && gate.applies(mark.message())) {
                mark.rows().forEach(row -> asked.add(new Gate.Asked(mark.message(), row)));
            }
        }
        return asked.isEmpty() ? Map.of() : gate.refusals(connection, asked, nowUs);
    }

    /**
     * What became of a mark.
     *
     * @param own false if some rows are no longer this node's; the others of the same message may be marked although
     *     nothing will be sent, which their outcome then says
     * @param lost the rows that are no longer this node's
     * @param refused who must not be addressed; then nothing was marked
     * @param atUs when, by the database's clock
     */
    record MarkResult(boolean own, List<Row> lost, Map<Row, Gate.Refusal> refused, long atUs) {}

    /** How far an attempt came. */
    enum Window {
        /** No mark was written for it. */
        NONE,
        /** It was marked ahead, and its window did not begin: nothing was sent, and the mark goes with the outcome. */
        ONLY_MARKED,
        /** The window began. */
        BEGUN
    }

    /** What an outcome means; asked within the transaction, with the database's clock. */
    @FunctionalInterface
    interface Decision {
        Transition decide(Disposition disposition, long nowUs);
    }

    private sealed interface Job {
        /** Nobody asked for it yet, so it is not tried again by itself. */
        default boolean isSpare() {
            return false;
        }
    }

    private record MarkJob(Message message, List<Row> rows, boolean ahead, CompletableFuture<MarkResult> result)
            implements Job {
        @Override
        public boolean isSpare() {
            return ahead;
        }
    }

    private record OutcomeJob(
            Row row, Message message, Window window, Decision decision, CompletableFuture<Void> result)
            implements Job {}

    private record RenewJob(List<Row> rows) implements Job {}

    /** What one transaction did, told to those who wait only after its commit. */
    private static final class Written {
        private final long nowUs;
        private final AtomicInteger unrecorded;
        private final boolean tells;
        private boolean renewed;
        private final IdentityHashMap<MarkJob, MarkResult> marks = new IdentityHashMap<>();
        private final List<Runnable> afterwards = new ArrayList<>();
        private final List<DeliveryChange> changes = new ArrayList<>();

        Written(long nowUs, AtomicInteger unrecorded, boolean tells) {
            this.nowUs = nowUs;
            this.tells = tells;
            this.unrecorded = unrecorded;
        }

        void mark(MarkJob job, MarkResult result) {
            marks.put(job, result);
        }

        void outcome(OutcomeJob job, Transition transition, boolean applied) {
            if (applied && tells) {
                changes.add(Notifier.change(transition, job.message().key(), nowUs));
            }
            afterwards.add(() -> {
                unrecorded.decrementAndGet();
                job.result().complete(null);
            });
        }

        void announce(Notifier notifier) {
            changes.forEach(notifier::changed);
            afterwards.forEach(Runnable::run);
            marks.forEach((job, result) -> {
                if (!job.ahead() && result.own() && result.refused().isEmpty()) {
                    job.rows().forEach(Row::countRepeat);
                    if (tells) {
                        job.rows()
                                .forEach(row -> notifier.changed(
                                        Notifier.sending(row, job.message().key(), nowUs)));
                    }
                }
                job.result().complete(result);
            });
        }
    }
}

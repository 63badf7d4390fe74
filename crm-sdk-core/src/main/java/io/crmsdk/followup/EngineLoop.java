package io.crmsdk.followup;

import io.crmsdk.internal.LogThread;
import io.crmsdk.internal.Micros;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims what is due and has it run. It never ends because something in it failed: it counts the failure, waits and goes on. All waits are
 * monotonic; what is due, and whose lease has ended, is the database's business.
 */
final class EngineLoop implements FollowUpEngine {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long STOP_MS = 10_000;

    private final Store store;
    private final Book book;
    private final Runner runner;
    private final Sweep sweep;
    private final String owner;
    private final int threads;
    private final long leaseUs;
    private final long pollNanos;
    private final AtomicLong failures;
    private final LogThread log;
    private final ExecutorService pool;
    private final Thread loop = new Thread(this::loop, "crm-followup-engine");
    private long sweptNanos;
    private volatile boolean stopping;

    EngineLoop(
            Store store,
            Book book,
            Runner runner,
            Sweep sweep,
            String owner,
            int threads,
            Duration lease,
            Duration poll,
            AtomicLong failures,
            LogThread log) {
        this.log = log;
        this.store = store;
        this.book = book;
        this.runner = runner;
        this.sweep = sweep;
        this.owner = owner;
        this.threads = threads;
        this.leaseUs = Micros.of(lease);
        this.pollNanos = poll.toNanos();
        this.failures = failures;
        this.pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "crm-followup-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        sweep.afterRestore();
        sweep.run();
        sweptNanos = System.nanoTime();
        loop.setDaemon(true);
        loop.start();
    }

    @Override
    public String node() {
        return owner;
    }

    /** Something may have become due; only a hint. */
    void wake() {
        LockSupport.unpark(loop);
    }

    private void loop() {
        long pauseMs = 0;
        while (!stopping) {
            try {
                int done = once();
                pauseMs = 0;
                if (done == 0 && !stopping) {
                    LockSupport.parkNanos(this, pollNanos);
                }
            } catch (InterruptedException e) {
                if (!stopping) {
                    log.write(() -> LOG.debug("the engine was interrupted and goes on"));
                }
            } catch (Throwable e) {
                pauseMs = Math.min(Math.max(100, pauseMs * 2), LONGEST_PAUSE_MS);
                failures.incrementAndGet();
                if (pauseMs == 100) {
                    log.write(() -> LOG.warn("the engine of follow-ups on {} failed and goes on", owner, e));
                }
                LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(pauseMs));
            }
        }
    }

    private int once() throws InterruptedException {
        if (System.nanoTime() - sweptNanos > SWEEP_NANOS) {
            sweptNanos = System.nanoTime();
            sweep.run();
        }
        int answers = sweep.applyAnswers();
        if (!store.read(connection -> book.isAnythingDue(connection, store.nowMicros(connection)))) {
            return answers;
        }
        long[] nowUs = new long[1];
        List<Row> rows = book.inTransaction(connection -> {
            nowUs[0] = store.nowMicros(connection);
            return book.claim(connection, threads, owner, leaseUs, nowUs[0]);
        });
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (Row row : rows) {
            tasks.add(() -> run(row, nowUs[0]));
        }
        for (Future<Boolean> done : pool.invokeAll(tasks)) {
            if (done.isCancelled()) {
                log.write(() -> LOG.debug("a follow-up was cut off by the stop"));
            }
        }
        return rows.size();
    }

    /** What fails here keeps its lease, so it is not tried again at once. */
    private boolean run(Row row, long nowUs) {
        try {
            runner.run(row, nowUs);
            return true;
        } catch (InterruptedException e) {
            giveBack(row);
            return false;
        } catch (Throwable e) {
            failures.incrementAndGet();
            log.write(() -> LOG.warn(
                    "a follow-up of {} at step {} could not be recorded; it is looked at again when its lease ends",
                    row.reference(),
                    row.step(),
                    e));
            return false;
        }
    }

    private void giveBack(Row row) {
        try {
            runner.giveBack(row);
        } catch (StoreException e) {
            log.write(() -> LOG.warn("a follow-up could not be given back; its lease ends by itself", e));
        }
    }

    @Override
    public synchronized void close() {
        stopping = true;
        wake();
        try {
            loop.join(STOP_MS);
            pool.shutdownNow();
            loop.interrupt();
            loop.join(1_000);
            if (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
                log.write(() -> LOG.warn(
                        "the engine of follow-ups on {} stopped while a call was running; its lease ends by itself",
                        owner));
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

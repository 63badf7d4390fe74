package io.crmsdk.internal;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes the lines of the log, or calls listeners, on a thread of its own: a log that blocks (a full disk, a pipe that nobody reads) must
 * not hold up any work. When it falls {@value #CAPACITY} lines behind, further ones are dropped and counted.
 */
public final class LogThread {
    private static final int CAPACITY = 1000;
    private static final Duration STOP = Duration.ofSeconds(1);

    private final ArrayBlockingQueue<Runnable> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::run);
    private volatile boolean stopping;
    private volatile boolean writing;
    private boolean started;

    /** @param name of the thread, which starts with the first line */
    public LogThread(String name) {
        thread.setName(name);
        thread.setDaemon(true);
    }

    /** Writes it soon, in the order of calls. */
    public void write(Runnable line) {
        start();
        if (stopping || !lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            thread.start();
        }
    }

    /** How many lines were dropped because the log did not take them. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        while (true) {
            try {
                Runnable line = lines.take();
                writing = true;
                line.run();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                // There is no log that could take what the log threw.
                dropped.incrementAndGet();
            } finally {
                writing = false;
            }
        }
    }

    /** Writes what waits, for at most a second, then ends. */
    public void stop() {
        long deadline = System.nanoTime() + STOP.toNanos();
        while ((!lines.isEmpty() || writing) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        stopping = true;
        thread.interrupt();
    }
}

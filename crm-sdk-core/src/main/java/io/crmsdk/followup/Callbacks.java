package io.crmsdk.followup;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls the host's code in a thread of its own within a time limit, so that code that never ends stops neither engine nor database. */
final class Callbacks {
    /** Threads that may hang; more calls are not begun, since each could hang too. */
    private static final int MOST_STUCK = 32;

    private final long limitNanos;
    private final AtomicInteger stuck = new AtomicInteger();

    Callbacks(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    int stuck() {
        return stuck.get();
    }

    /** A call that failed, threw an Error or took too long; the cause is the host's, or null after a timeout. */
    static final class CallFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        CallFailedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    <T> T call(String what, Callable<T> code) throws CallFailedException, InterruptedException {
        if (stuck.get() >= MOST_STUCK) {
            throw new CallFailedException(what + " was not called: " + MOST_STUCK + " calls do not end", null);
        }
        FutureTask<T> task = new FutureTask<>(code);
        Thread thread = new Thread(task, "crm-followup-callback");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limitNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CallFailedException(what + " failed: " + cause.getClass().getSimpleName(), cause);
        } catch (TimeoutException e) {
            abandon(thread);
            throw new CallFailedException(
                    what + " did not end within " + TimeUnit.NANOSECONDS.toMillis(limitNanos) + " ms", null);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    /** Counted until it really ends. */
    private void abandon(Thread thread) {
        stuck.incrementAndGet();
        thread.interrupt();
        Thread watch = new Thread(() -> awaitEnd(thread), "crm-followup-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void awaitEnd(Thread thread) {
        boolean ended = false;
        while (!ended) {
            try {
                thread.join();
                ended = true;
            } catch (InterruptedException e) {
                ended = !thread.isAlive(); // nobody interrupts this thread; if somebody does, it waits on
            }
        }
        stuck.decrementAndGet();
    }
}

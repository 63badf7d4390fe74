package io.crmsdk.delivery;

import io.crmsdk.internal.LogThread;
import io.crmsdk.internal.Micros;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the host's listeners on a thread of its own, so that nothing they do can touch a delivery. */
final class Notifier {
    /** How many calls may wait. */
    static final int CAPACITY = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final List<DeliveryListener> listeners;
    private final LogThread log = new LogThread("crm-outbox-log");
    private final ArrayBlockingQueue<Runnable> calls;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong workerFailures = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    Notifier(List<DeliveryListener> listeners) {
        this.listeners = List.copyOf(listeners);
        this.calls = new ArrayBlockingQueue<>(listeners.isEmpty() ? 1 : CAPACITY);
        this.thread = new Thread(this::run, "crm-outbox-listeners");
        thread.setDaemon(true);
        if (!listeners.isEmpty()) {
            thread.start();
        }
    }

    /** False if nobody would hear of a change, so that it need not be made. */
    boolean hasListeners() {
        return !listeners.isEmpty();
    }

    void attempt(DeliveryChange change) {
        tell(listener -> listener.onAttempt(change));
    }

    void changed(DeliveryChange change) {
        tell(listener -> listener.onChange(change));
    }

    void found(HealthFinding finding) {
        tell(listener -> listener.onFinding(finding));
    }

    void over(HealthFinding finding) {
        tell(listener -> listener.onFindingOver(finding));
    }

    /** Writes a line of the log without waiting for it. */
    void log(Runnable line) {
        log.write(line);
    }

    /** Counts a loop of a pool that broke and went on. */
    void workerFailed() {
        workerFailures.incrementAndGet();
    }

    long failures() {
        return failures.get();
    }

    long workerFailures() {
        return workerFailures.get();
    }

    /** Delivers what waits, for at most two seconds, then ends. */
    void stop() {
        log.stop();
        stopping = true;
        try {
            if (!calls.offer(() -> {})) {
                thread.interrupt();
            }
            thread.join(2_000);
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Consumer<DeliveryListener> call) {
        for (DeliveryListener listener : listeners) {
            if (stopping || !calls.offer(() -> call.accept(listener))) {
                failures.incrementAndGet();
            }
        }
    }

    private void run() {
        while (!stopping || !calls.isEmpty()) {
            try {
                calls.take().run();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                if (failures.getAndIncrement() == 0) {
                    log(() -> LOG.warn("a delivery listener failed; further failures are only counted", e));
                }
            }
        }
    }

    static DeliveryChange change(Transition t, String key, long nowUs) {
        Row row = t.row();
        return new DeliveryChange(
                row.deliveryId,
                key,
                row.recipient,
                t.to(),
                t.attempts(),
                t.detail(),
                t.evidence(),
                Micros.instant(nowUs));
    }

    static DeliveryChange sending(Row row, String key, long nowUs) {
        return at(row, key, DeliveryState.SENDING, nowUs);
    }

    static DeliveryChange at(Row row, String key, DeliveryState state, long nowUs) {
        return new DeliveryChange(
                row.deliveryId, key, row.recipient, state, row.attempt, "", null, Micros.instant(nowUs));
    }
}

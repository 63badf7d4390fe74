package io.crmsdk.delivery;

import io.crmsdk.store.Severity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the health of an outbox again and again and says what changed: once in the log and to the listeners when a finding
 * begins, once when it is over. So a trouble that lasts for days is two lines, not thousands. Begun by {@link Outbox#watch}; thread-safe.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** So many looks in a row, each with more due than the one before, are a backlog that grows. */
    private static final int LOOKS = 10;

    /** A few that wait are no backlog. */
    private static final long FEW = 100;

    private final Supplier<OutboxHealth> health;
    private final Notifier notifier;
    private final HealthLimits limits;
    private final Duration every;
    private final Deque<Long> due = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "crm-outbox-watchdog");
    private Map<String, HealthFinding> known = Map.of();
    private volatile boolean stopping;

    Watchdog(Supplier<OutboxHealth> health, Notifier notifier, HealthLimits limits, Duration every) {
        this.health = health;
        this.notifier = notifier;
        this.limits = limits;
        this.every = every;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!stopping) {
            try {
                look();
            } catch (Throwable e) {
                notifier.workerFailed();
                LOG.warn("the watchdog failed and goes on", e);
            }
            LockSupport.parkNanos(this, every.toNanos());
        }
    }

    /** One look; of one thread at a time. */
    void look() {
        Map<String, HealthFinding> now = new LinkedHashMap<>();
        try {
            OutboxHealth snapshot = health.get();
            for (HealthFinding finding : snapshot.findings(limits)) {
                now.merge(finding.code(), finding, Watchdog::together);
            }
            if (grows(snapshot.due())) {
                now.put("BACKLOG_GROWING", growing());
            }
        } catch (DeliveryException e) {
            now.putAll(known); // nothing is known to be over
            now.put(
                    "STORE_UNREADABLE",
                    new HealthFinding(
                            "STORE_UNREADABLE",
                            Severity.DANGER,
                            "the store does not answer: " + Texts.causeOf(e.getCause() == null ? e : e.getCause()),
                            "bring the database back; what is known here is kept and written then"));
        }
        tell(now);
    }

    /** Several of one kind are one finding, so that each begins and ends once. */
    private static HealthFinding together(HealthFinding a, HealthFinding b) {
        return new HealthFinding(a.code(), a.severity(), a.what() + "; " + b.what(), a.remedy());
    }

    private boolean grows(long dueNow) {
        boolean more = due.isEmpty() || dueNow > due.getLast();
        if (!more) {
            due.clear();
        }
        due.addLast(dueNow);
        if (due.size() > LOOKS) {
            due.removeFirst();
        }
        return due.size() == LOOKS && dueNow > FEW;
    }

    private HealthFinding growing() {
        return new HealthFinding(
                "BACKLOG_GROWING",
                Severity.WARNING,
                "the backlog grew at each of the last " + LOOKS + " looks, from " + due.getFirst() + " to "
                        + due.getLast() + " due deliveries",
                "more comes in than goes out: look for a slow or paused destination, or start more workers");
    }

    private void tell(Map<String, HealthFinding> now) {
        List<HealthFinding> over = known.values().stream()
                .filter(finding -> !now.containsKey(finding.code()))
                .toList();
        List<HealthFinding> begun = now.values().stream()
                .filter(finding -> !known.containsKey(finding.code()))
                .toList();
        known = Map.copyOf(now);
        for (HealthFinding finding : begun) {
            notifier.found(finding);
            if (finding.severity() == Severity.NOTE) {
                LOG.info("{}: {}. To do: {}", finding.code(), finding.what(), finding.remedy());
            } else {
                LOG.warn("{}: {}. To do: {}", finding.code(), finding.what(), finding.remedy());
            }
        }
        for (HealthFinding finding : over) {
            notifier.over(finding);
            LOG.info("{} is over", finding.code());
        }
    }

    /** Ends it, within two seconds; what was found and is not over stays without a last word. Idempotent. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.crmsdk.benchmarks.outbox;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What the world outside sees of every contender: how many messages came, how often one came twice, how late. */
public final class Handled {
    private static final Set<String> KEYS = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicInteger DOUBLED = new AtomicInteger();
    private static final ConcurrentLinkedQueue<Long> LATENESS = new ConcurrentLinkedQueue<>();
    private static volatile long delayNanos;
    private static volatile boolean timing;

    private Handled() {}

    /** A content of 1 KiB whose head is the key. */
    static String content(String key) {
        return key + "|" + "x".repeat(1023 - key.length());
    }

    /** Called by every contender for each message; public for those that call by reflection. */
    public static void handle(String content) {
        String key = content.substring(0, content.indexOf('|'));
        if (delayNanos > 0) {
            LockSupport.parkNanos(delayNanos);
        }
        if (timing) {
            LATENESS.add(System.nanoTime() - Long.parseLong(key.substring(key.lastIndexOf('-') + 1)));
        }
        if (!KEYS.add(key)) {
            DOUBLED.incrementAndGet();
        }
        COUNT.incrementAndGet();
    }

    static void reset(long delay, boolean withTiming) {
        KEYS.clear();
        COUNT.set(0);
        LATENESS.clear();
        delayNanos = delay;
        timing = withTiming;
    }

    static void await(int count) throws InterruptedException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (COUNT.get() < count) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(COUNT.get() + " of " + count + " handled in two minutes");
            }
            Thread.sleep(1);
        }
    }

    static Set<String> keys() {
        return KEYS;
    }

    static int doubled() {
        return DOUBLED.get();
    }

    /** Milliseconds; the share is 0.5 for the median. */
    static double lateness(double share) {
        long[] all = LATENESS.stream().mapToLong(Long::longValue).sorted().toArray();
        return all.length == 0
                ? Double.NaN
                : Arrays.stream(all)
                                .skip((long) (share * (all.length - 1)))
                                .findFirst()
                                .orElse(0)
                        / 1e6;
    }
}

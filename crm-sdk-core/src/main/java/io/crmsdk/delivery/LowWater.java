package io.crmsdk.delivery;

import java.util.EnumMap;
import java.util.Map;

/**
 * Below which due time a claim need not look, for each lane: what was due earlier has been claimed. It keeps a claim from
 * walking over the index entries of finished rows, which stay for as long as any old snapshot is open.
 *
 * <p>Only an economy. What becomes free or visible below it (a lease that ended, a transaction that committed late) is found by
 * the next sweep, which looks everywhere and comes at least every five seconds. Of the claiming thread.
 */
final class LowWater {
    private static final long SLACK_US = 10_000_000;
    private static final long LONGEST_US = 5_000_000;

    private final long sweepEveryUs;
    private final Map<Priority, Long> marks = new EnumMap<>(Priority.class);
    private long sweptUs;

    LowWater(long leaseUs) {
        sweepEveryUs = Math.min(LONGEST_US, leaseUs / 3);
    }

    /** The database's clock decides when to sweep; if it was set back, at once. */
    void beginClaim(long nowUs) {
        if (nowUs - sweptUs >= sweepEveryUs || nowUs < sweptUs) {
            marks.clear();
            sweptUs = nowUs;
        }
    }

    long of(Priority lane) {
        return marks.getOrDefault(lane, 0L);
    }

    /** The oldest row that a claim met, or the present if it met none. */
    void found(Priority lane, long oldestUs) {
        marks.put(lane, Math.max(0, oldestUs - SLACK_US));
    }
}

package io.crmsdk.time;

import io.crmsdk.time.ZoneEvidence.Canary;
import io.crmsdk.time.ZoneEvidence.Modified;
import io.crmsdk.time.ZoneEvidence.Sighting;
import java.time.Duration;

/**
 * Finds out whether the zone declared for one system's stamps is wrong, by whole quarters of an hour up to 14 hours.
 *
 * <p>Three ways. A {@link Canary} is exact: one off by k quarters, to five seconds, raises {@link ZoneVerdict.Suspected},
 * three from different hours that agree are {@link ZoneVerdict.Shifted}. A {@link Modified} stamp more than two minutes
 * later than the server's own time is {@link ZoneVerdict.Impossible} at once. {@link Sighting}s are counted: a pair votes for
 * k if claimed minus reference, less k quarters, lies between −120 s and 120 s plus the interval of the poll; of the last
 * 20 pairs at least 12 must vote for the same k ≠ 0, from at least two days, and at most 2 for none. Intervals of more than a
 * quarter of an hour prove nothing and are not counted.
 *
 * <p>One detector for each system and convention. Thread-safe. A verdict is given anew at each observation while its evidence
 * holds.
 */
public final class ZoneShiftDetector {
    static final int QUARTER_SECONDS = 900;
    static final int MOST_QUARTERS = 56;

    private static final Duration LATEST_MODIFIED = Duration.ofMinutes(2);

    private final CanaryRun canaries = new CanaryRun();
    private final PairVotes pairs = new PairVotes();

    /** A detector without evidence. */
    public ZoneShiftDetector() {}

    /** Takes note of an observation and says what follows from all of its kind. */
    public synchronized ZoneVerdict observe(ZoneEvidence evidence) {
        if (evidence instanceof Canary canary) {
            return canaries.add(canary);
        }
        if (evidence instanceof Sighting pair) {
            return pairs.add(pair);
        }
        return judge((Modified) evidence);
    }

    private static ZoneVerdict judge(Modified stamp) {
        Duration ahead = Duration.between(stamp.serverDate(), stamp.claimed());
        return ahead.compareTo(LATEST_MODIFIED) > 0
                ? new ZoneVerdict.Impossible(ahead, stamp)
                : new ZoneVerdict.Undecided("a stamp in the past fits any zone");
    }
}

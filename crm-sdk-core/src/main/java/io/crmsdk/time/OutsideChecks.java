package io.crmsdk.time;

import io.crmsdk.internal.Micros;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What outside sources said of the wall clock since it last stepped. Guarded by the clock that owns it. */
final class OutsideChecks {
    /** A host's clock that is within this of a source is right enough to be called synchronised. */
    static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final long VALID_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int MOST_SOURCES = 64;
    /** What an undisciplined crystal may drift: 50 millionths. */
    private static final long DRIFT = 20_000;

    private final Map<String, Check> bySource = new LinkedHashMap<>();
    private @Nullable Check latest;

    private record Check(String source, SkewEstimate skew, long nanos) {
        SkewEstimate aged(long now) {
            Duration drift = Duration.ofNanos(Math.max(0, now - nanos) / DRIFT);
            return new SkewEstimate(skew.atLeast().minus(drift), skew.atMost().plus(drift), skew.probes());
        }
    }

    void add(String source, SkewEstimate skew, long nanos) {
        Check check = new Check(source, skew, nanos);
        bySource.remove(source);
        if (bySource.size() >= MOST_SOURCES) {
            bySource.remove(bySource.keySet().iterator().next());
        }
        bySource.put(source, check);
        latest = check;
    }

    void forget() {
        bySource.clear();
        latest = null;
    }

    /** The wall clock left the counter by less than a step: what was known of it is wider by that. */
    void widen(long micros) {
        Duration jump = Micros.duration(Math.abs(micros));
        bySource.replaceAll((source, check) -> widened(check, jump));
        latest = latest == null ? null : widened(latest, jump);
    }

    private static Check widened(Check check, Duration by) {
        SkewEstimate skew = check.skew;
        return new Check(
                check.source,
                new SkewEstimate(skew.atLeast().minus(by), skew.atMost().plus(by), skew.probes()),
                check.nanos);
    }

    /** The youngest word on the wall clock, if it is less than an hour old. */
    Optional<SkewEstimate> current(long nanos) {
        return latest == null || nanos - latest.nanos > VALID_NANOS
                ? Optional.empty()
                : Optional.of(latest.aged(nanos));
    }

    /** Two sources of different names that agree with the wall clock and with each other. */
    Optional<String> twoThatAgree(long nanos) {
        List<Check> good = new ArrayList<>();
        for (Check check : bySource.values()) {
            if (nanos - check.nanos <= VALID_NANOS && check.skew.certainlyWithin(TOLERANCE)) {
                good.add(check);
            }
        }
        for (int i = 1; i < good.size(); i++) {
            if (good.get(i).skew.overlaps(good.get(i - 1).skew)) {
                return Optional.of(good.get(i - 1).source + " and " + good.get(i).source);
            }
        }
        return Optional.empty();
    }
}

package io.crmsdk.time;

import io.crmsdk.time.ZoneEvidence.Canary;
import io.crmsdk.time.ZoneEvidence.Season;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The canaries that agree with the latest one. Guarded by the detector. */
final class CanaryRun {
    private static final Duration TOLERANCE = Duration.ofSeconds(5);
    private static final Duration DATE_RESOLUTION = Duration.ofSeconds(1);
    private static final int ENOUGH = 3;

    private final List<ZoneEvidence> agreeing = new ArrayList<>();
    private final Map<Season, Integer> settled = new EnumMap<>(Season.class);
    private int quarters;

    ZoneVerdict add(Canary canary) {
        Optional<ZoneVerdict> clocks = disagreement(canary);
        if (clocks.isPresent()) {
            return clocks.get();
        }
        int[] fitting = fitting(canary);
        if (fitting.length != 1) {
            return new ZoneVerdict.Undecided(
                    fitting.length == 0 ? "off by no whole quarter of an hour" : "the write took too long to tell");
        }
        return count(fitting[0], canary);
    }

    /** The server's Date, cut to the second, must fit into the window. */
    private static Optional<ZoneVerdict> disagreement(Canary canary) {
        Instant date = canary.serverDate();
        if (date == null) {
            return Optional.empty();
        }
        Duration early = Duration.between(date.plus(DATE_RESOLUTION).plus(TOLERANCE), canary.sent());
        Duration late = Duration.between(canary.received().plus(TOLERANCE), date);
        if (early.isNegative() && late.isNegative()) {
            return Optional.empty();
        }
        return Optional.of(new ZoneVerdict.ClocksDisagree(Duration.between(canary.sent(), date)));
    }

    private static int[] fitting(Canary canary) {
        List<Integer> fitting = new ArrayList<>(1);
        Instant from = canary.sent().minus(TOLERANCE);
        Instant to = canary.received().plus(TOLERANCE);
        for (int k = -ZoneShiftDetector.MOST_QUARTERS; k <= ZoneShiftDetector.MOST_QUARTERS; k++) {
            Instant meant = canary.claimed().minusSeconds((long) k * ZoneShiftDetector.QUARTER_SECONDS);
            if (!meant.isBefore(from) && !meant.isAfter(to)) {
                fitting.add(k);
            }
        }
        return fitting.stream().mapToInt(Integer::intValue).toArray();
    }

    private ZoneVerdict count(int k, Canary canary) {
        if (k != quarters) {
            agreeing.clear();
            quarters = k;
        }
        remember(canary);
        Season season = Season.of(canary.sent());
        if (agreeing.size() == ENOUGH) {
            settled.put(season, k);
        }
        if (k == 0) {
            return new ZoneVerdict.Fits();
        }
        return agreeing.size() == ENOUGH
                ? new ZoneVerdict.Shifted(k, season, otherSeasonDiffers(season, k), agreeing)
                : new ZoneVerdict.Suspected(k, agreeing.isEmpty() ? List.of(canary) : agreeing);
    }

    /** One for each hour, the latest three; only those that prove the server's own time. */
    private void remember(Canary canary) {
        if (canary.serverDate() == null) {
            return;
        }
        Instant hour = canary.sent().truncatedTo(ChronoUnit.HOURS);
        agreeing.removeIf(
                other -> other.observed().truncatedTo(ChronoUnit.HOURS).equals(hour));
        if (agreeing.size() == ENOUGH) {
            agreeing.remove(0);
        }
        agreeing.add(canary);
    }

    private boolean otherSeasonDiffers(Season season, int k) {
        return settled.entrySet().stream().anyMatch(other -> other.getKey() != season && other.getValue() != k);
    }
}

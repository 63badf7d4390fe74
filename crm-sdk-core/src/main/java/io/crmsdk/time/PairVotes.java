package io.crmsdk.time;

import io.crmsdk.time.ZoneEvidence.Season;
import io.crmsdk.time.ZoneEvidence.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts pairs by the quarters of an hour that would explain them, over the last 20 of all and the last 20 of each season.
 * Guarded by the detector.
 */
final class PairVotes {
    private static final int WINDOW = 20;
    private static final int ENOUGH = 12;
    private static final int MOST_UNSHIFTED = 2;
    private static final int DAYS = 2;
    private static final long TOLERANCE_MILLIS = 120_000;
    private static final long QUARTER_MILLIS = ZoneShiftDetector.QUARTER_SECONDS * 1_000L;
    private static final Duration LONGEST_POLL = Duration.ofSeconds(ZoneShiftDetector.QUARTER_SECONDS);

    private final Deque<Sighting> all = new ArrayDeque<>(WINDOW);
    private final Map<Season, Deque<Sighting>> bySeason = new EnumMap<>(Season.class);
    private final Map<Season, Integer> settled = new EnumMap<>(Season.class);

    ZoneVerdict add(Sighting pair) {
        if (pair.pollInterval().compareTo(LONGEST_POLL) > 0) {
            return new ZoneVerdict.Undecided("polls more than a quarter of an hour apart prove nothing");
        }
        Season season = Season.of(pair.observed());
        Deque<Sighting> ofSeason = bySeason.computeIfAbsent(season, s -> new ArrayDeque<>(WINDOW));
        push(all, pair);
        push(ofSeason, pair);
        OptionalInt inSeason = winner(ofSeason);
        inSeason.ifPresent(k -> settled.put(season, k));
        Deque<Sighting> deciding = inSeason.isPresent() ? ofSeason : all;
        OptionalInt decided = winner(deciding);
        if (decided.isEmpty()) {
            return new ZoneVerdict.Undecided("too few pairs agree");
        }
        return verdict(decided.getAsInt(), season, deciding);
    }

    private ZoneVerdict verdict(int k, Season season, Deque<Sighting> window) {
        if (k == 0) {
            return new ZoneVerdict.Fits();
        }
        boolean seasonal =
                settled.entrySet().stream().anyMatch(other -> other.getKey() != season && other.getValue() != k);
        return new ZoneVerdict.Shifted(k, season, seasonal, List.copyOf(votersFor(k, window)));
    }

    private static void push(Deque<Sighting> window, Sighting pair) {
        if (window.size() == WINDOW) {
            window.removeFirst();
        }
        window.addLast(pair);
    }

    /** The shift that the rule confirms; 0 if as many pairs confirm that there is none. */
    private static OptionalInt winner(Deque<Sighting> window) {
        if (window.size() < WINDOW) {
            return OptionalInt.empty();
        }
        int[] votes = votes(window);
        int unshifted = votes[ZoneShiftDetector.MOST_QUARTERS];
        OptionalInt best = mostVotes(votes);
        if (best.isEmpty()) {
            return best;
        }
        int k = best.getAsInt();
        boolean allowed = k == 0 || unshifted <= MOST_UNSHIFTED;
        return allowed && days(votersFor(k, window)) >= DAYS ? best : OptionalInt.empty();
    }

    /** The k with the most votes, if they are enough and no other has as many. */
    private static OptionalInt mostVotes(int[] votes) {
        int best = 0;
        boolean tie = false;
        for (int i = 1; i < votes.length; i++) {
            tie = votes[i] == votes[best] || (tie && votes[i] < votes[best]);
            best = votes[i] > votes[best] ? i : best;
        }
        return tie || votes[best] < ENOUGH
                ? OptionalInt.empty()
                : OptionalInt.of(best - ZoneShiftDetector.MOST_QUARTERS);
    }

    private static int[] votes(Deque<Sighting> window) {
        int[] votes = new int[2 * ZoneShiftDetector.MOST_QUARTERS + 1];
        for (Sighting pair : window) {
            long first = Math.max(lowest(pair), -ZoneShiftDetector.MOST_QUARTERS);
            long last = Math.min(highest(pair), ZoneShiftDetector.MOST_QUARTERS);
            for (long k = first; k <= last; k++) {
                votes[(int) k + ZoneShiftDetector.MOST_QUARTERS]++;
            }
        }
        return votes;
    }

    private static List<Sighting> votersFor(int k, Deque<Sighting> window) {
        List<Sighting> voters = new ArrayList<>(WINDOW);
        for (Sighting pair : window) {
            if (lowest(pair) <= k && k <= highest(pair)) {
                voters.add(pair);
            }
        }
        return voters;
    }

    private static int days(List<Sighting> pairs) {
        Set<Instant> days = pairs.stream()
                .map(pair -> pair.observed().truncatedTo(ChronoUnit.DAYS))
                .collect(Collectors.toSet());
        return days.size();
    }

    /** The least k with d − 900 k ≤ 120 s + poll interval. */
    private static long lowest(Sighting pair) {
        return Math.floorDiv(
                millis(pair) - TOLERANCE_MILLIS - pair.pollInterval().toMillis() + QUARTER_MILLIS - 1, QUARTER_MILLIS);
    }

    /** The greatest k with d − 900 k ≥ −120 s. */
    private static long highest(Sighting pair) {
        return Math.floorDiv(millis(pair) + TOLERANCE_MILLIS, QUARTER_MILLIS);
    }

    private static long millis(Sighting pair) {
        return Duration.between(pair.notBefore(), pair.claimed()).toMillis();
    }
}

package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.time.ClockSkew.Outcome;
import io.crmsdk.time.ClockSkew.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockSkewTest {
    private static final Instant START = Instant.parse("2024-06-11T08:30:00.700Z");
    private static final Duration ROUND_TRIP = Duration.ofMillis(100);
    private static final long SEED = Long.getLong("crmsdk.seed", 99L);

    private final ClockSkew skew = new ClockSkew();

    private static Probe probe(Instant sent, Duration offset) {
        Instant atServer = sent.plusMillis(50).plus(offset);
        return new Probe(sent, sent.plusMillis(100), atServer.truncatedTo(ChronoUnit.SECONDS), false);
    }

    @Test
    void one_response_bounds_the_offset_by_its_second_and_round_trip() {
        skew.observe(probe(START, Duration.ZERO));

        assertThat(skew.estimate()).contains(new SkewEstimate(Duration.ofMillis(-800), Duration.ofMillis(300), 1));
    }

    @Test
    void responses_from_caches_and_across_a_step_back_are_ignored() {
        assertThat(skew.observe(new Probe(START, START.plusMillis(100), START.minusSeconds(500), true)))
                .isEqualTo(Outcome.IGNORED);
        assertThat(skew.observe(new Probe(START, START.minusSeconds(1), START, false)))
                .isEqualTo(Outcome.IGNORED);
        assertThat(skew.estimate()).isEmpty();
    }

    @Test
    void a_contradiction_forgets_what_was_known_and_a_correction_is_unlearnt() {
        Duration off = Duration.ofMinutes(7);
        for (int i = 0; i < 5; i++) {
            skew.observe(probe(START.plusSeconds(i), off));
        }
        Duration while_off = skew.correction(Duration.ofMinutes(4));
        Outcome repaired = skew.observe(probe(START.plusSeconds(10), Duration.ZERO));

        assertThat(while_off).isBetween(off.minusSeconds(1), off.plusSeconds(1));
        assertThat(repaired).isEqualTo(Outcome.CONTRADICTED);
        assertThat(skew.correction(Duration.ofMinutes(4))).isZero();
        assertThat(skew.estimate())
                .hasValueSatisfying(e -> assertThat(e.probes()).isEqualTo(1));
    }

    @Test
    void a_small_offset_is_not_corrected() {
        skew.observe(probe(START, Duration.ofMinutes(3)));

        assertThat(skew.correction(Duration.ofMinutes(4))).isZero();
    }

    @Test
    void old_responses_are_dropped() {
        skew.observe(probe(START, Duration.ZERO));
        Outcome later = skew.observe(probe(START.plusSeconds(601), Duration.ofSeconds(30)));

        assertThat(later).isEqualTo(Outcome.USED);
    }

    /** The bars are those of the design's simulation, with room for another random sequence. */
    @ParameterizedTest
    @CsvSource({"1, false, 0.62", "8, false, 0.26", "8, true, 0.055"})
    void probes_at_the_edge_of_the_second_narrow_the_offset_and_never_lose_the_truth(
            int probes, boolean aimed, double bound) {
        Random random = new Random(SEED);
        int runs = 3_000;
        double[] errors = new double[runs];
        for (int run = 0; run < runs; run++) {
            Duration offset = Duration.ofNanos((long) (random.nextGaussian() * 5e9));
            errors[run] = run(random, offset, probes, aimed);
        }
        Arrays.sort(errors);

        assertThat(errors[runs * 99 / 100]).as("99th percentile, seed %s", SEED).isLessThan(bound);
    }

    private static double run(Random random, Duration offset, int probes, boolean aimed) {
        ClockSkew skew = new ClockSkew();
        Instant now = START.plusNanos(random.nextInt(1_000_000_000));
        for (int i = 0; i < probes; i++) {
            Duration wait = aimed ? skew.untilEdge(now, ROUND_TRIP) : Duration.ofMillis(random.nextInt(1000));
            now = now.plus(wait);
            Duration there = Duration.ofMillis(30 + random.nextInt(41));
            Instant date = now.plus(there).plus(offset).truncatedTo(ChronoUnit.SECONDS);
            skew.observe(new Probe(now, now.plus(ROUND_TRIP), date, false));
            now = now.plus(ROUND_TRIP);
        }
        SkewEstimate estimate = skew.estimate().orElseThrow();
        assertThat(offset).as("seed %s", SEED).isBetween(estimate.atLeast(), estimate.atMost());
        return Math.abs(estimate.middle().minus(offset).toNanos()) / 1e9;
    }

    @Test
    void estimates_say_what_they_allow() {
        SkewEstimate estimate = new SkewEstimate(Duration.ofSeconds(1), Duration.ofSeconds(3), 1);

        assertThat(estimate.middle()).isEqualTo(Duration.ofSeconds(2));
        assertThat(estimate.error()).isEqualTo(Duration.ofSeconds(1));
        assertThat(estimate.within(Duration.ofSeconds(2))).isTrue();
        assertThat(estimate.certainlyWithin(Duration.ofSeconds(2))).isFalse();
        assertThat(estimate.within(Duration.ofMillis(999))).isFalse();
        assertThat(estimate.certainlyWithin(Duration.ofSeconds(3))).isTrue();
    }
}

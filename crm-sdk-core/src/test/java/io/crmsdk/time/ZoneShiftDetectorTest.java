package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.time.ZoneEvidence.Canary;
import io.crmsdk.time.ZoneEvidence.Modified;
import io.crmsdk.time.ZoneEvidence.Season;
import io.crmsdk.time.ZoneEvidence.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneShiftDetectorTest {
    private static final Instant JUNE = Instant.parse("2024-06-11T08:30:00Z");
    private static final Instant JANUARY = Instant.parse("2024-01-11T08:30:00Z");
    private static final long SEED = Long.getLong("crmsdk.seed", 4711L);

    private final ZoneShiftDetector detector = new ZoneShiftDetector();

    private static Canary canary(Instant sent, Duration shift) {
        Instant received = sent.plusMillis(300);
        return new Canary(sent, received, sent.plusMillis(200).plus(shift), received);
    }

    @Test
    void three_canaries_from_different_hours_convict_a_zone() {
        ZoneVerdict first = detector.observe(canary(JUNE, Duration.ofHours(8)));
        ZoneVerdict sameHour = detector.observe(canary(JUNE.plusSeconds(600), Duration.ofHours(8)));
        ZoneVerdict second = detector.observe(canary(JUNE.plusSeconds(3600), Duration.ofHours(8)));
        ZoneVerdict third = detector.observe(canary(JUNE.plusSeconds(7200), Duration.ofHours(8)));

        assertThat(first)
                .isInstanceOfSatisfying(
                        ZoneVerdict.Suspected.class,
                        v -> assertThat(v.quarterHours()).isEqualTo(32));
        assertThat(sameHour).isInstanceOf(ZoneVerdict.Suspected.class);
        assertThat(second).isInstanceOf(ZoneVerdict.Suspected.class);
        assertThat(third).isInstanceOfSatisfying(ZoneVerdict.Shifted.class, v -> {
            assertThat(v.shift()).isEqualTo(Duration.ofHours(8));
            assertThat(v.season()).isEqualTo(Season.SUMMER);
            assertThat(v.evidence()).hasSize(3);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4, 0", "-5, 0", "28800, 32", "28795, 32", "-16200, -18", "20700, 23", "50400, 56"})
    void a_canary_tells_the_quarter_to_five_seconds(long seconds, int quarters) {
        ZoneVerdict verdict = detector.observe(canary(JUNE, Duration.ofSeconds(seconds)));

        if (quarters == 0) {
            assertThat(verdict).isEqualTo(new ZoneVerdict.Fits());
        } else {
            assertThat(verdict)
                    .isInstanceOfSatisfying(
                            ZoneVerdict.Suspected.class,
                            v -> assertThat(v.quarterHours()).isEqualTo(quarters));
        }
    }

    @ParameterizedTest
    @CsvSource({"6", "-6", "400", "28807", "51300"})
    void a_canary_off_by_anything_else_says_nothing(long seconds) {
        assertThat(detector.observe(canary(JUNE, Duration.ofSeconds(seconds))))
                .isInstanceOf(ZoneVerdict.Undecided.class);
    }

    @Test
    void our_own_wrong_clock_is_not_blamed_on_the_zone() {
        Instant ours = JUNE.plus(Duration.ofHours(8));

        ZoneVerdict verdict = detector.observe(new Canary(ours, ours.plusMillis(300), JUNE.plusMillis(200), JUNE));

        assertThat(verdict).isEqualTo(new ZoneVerdict.ClocksDisagree(Duration.ofHours(-8)));
    }

    @Test
    void canaries_without_the_servers_time_raise_suspicion_only() {
        ZoneVerdict verdict = new ZoneVerdict.Fits();
        for (int hour = 0; hour < 5; hour++) {
            Instant sent = JUNE.plusSeconds(3600L * hour);
            verdict = detector.observe(new Canary(sent, sent.plusMillis(300), sent.plus(Duration.ofHours(8)), null));
        }

        assertThat(verdict).isInstanceOf(ZoneVerdict.Suspected.class);
    }

    @Test
    void a_canary_that_contradicts_starts_anew() {
        detector.observe(canary(JUNE, Duration.ofHours(8)));
        detector.observe(canary(JUNE.plusSeconds(3600), Duration.ofHours(8)));
        detector.observe(canary(JUNE.plusSeconds(7200), Duration.ZERO));

        assertThat(detector.observe(canary(JUNE.plusSeconds(10800), Duration.ofHours(8))))
                .isInstanceOf(ZoneVerdict.Suspected.class);
    }

    @Test
    void a_slow_write_fits_several_quarters_and_says_nothing() {
        Canary slow = new Canary(JUNE, JUNE.plusSeconds(1000), JUNE.plusSeconds(1000), null);

        assertThat(detector.observe(slow)).isInstanceOf(ZoneVerdict.Undecided.class);
    }

    @Test
    void a_shift_of_one_half_of_the_year_is_called_seasonal() {
        for (int hour = 0; hour < 3; hour++) {
            detector.observe(canary(JANUARY.plusSeconds(3600L * hour), Duration.ZERO));
        }
        ZoneVerdict verdict = new ZoneVerdict.Fits();
        for (int hour = 0; hour < 3; hour++) {
            verdict = detector.observe(canary(JUNE.plusSeconds(3600L * hour), Duration.ofHours(1)));
        }

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        ZoneVerdict.Shifted.class, v -> assertThat(v.seasonal()).isTrue());
    }

    @Test
    void a_modified_stamp_from_the_future_is_impossible_at_once() {
        assertThat(detector.observe(new Modified(JUNE.plusSeconds(120), JUNE)))
                .isInstanceOf(ZoneVerdict.Undecided.class);
        assertThat(detector.observe(new Modified(JUNE.plusSeconds(121), JUNE)))
                .isInstanceOfSatisfying(
                        ZoneVerdict.Impossible.class, v -> assertThat(v.ahead()).hasSeconds(121));
    }

    private static Sighting pair(int number, Duration difference) {
        Instant reference = JUNE.plusSeconds(number * 7200L);
        return Sighting.inTwoSystems(reference.plus(difference), reference);
    }

    private @Nullable ZoneVerdict feed(int shifted, int unshifted, int wild, int hoursBetween) {
        ZoneVerdict verdict = null;
        for (int i = 0; i < shifted + unshifted + wild; i++) {
            Instant reference = JUNE.plusSeconds(i * 3600L * hoursBetween);
            Duration off = i < wild
                    ? Duration.ofSeconds(450 + 900L * i)
                    : i < wild + unshifted ? Duration.ZERO : Duration.ofHours(8);
            verdict = detector.observe(Sighting.inTwoSystems(reference.plus(off), reference));
        }
        return verdict;
    }

    @ParameterizedTest
    @CsvSource({
        "20, 0, 0, 2, true",
        "12, 2, 6, 3, true",
        "12, 0, 8, 3, true",
        "12, 3, 5, 3, false",
        "11, 0, 9, 3, false",
        "19, 0, 0, 2, false",
        "20, 0, 0, 0, false"
    })
    void twelve_of_twenty_pairs_from_two_days_convict_unless_three_deny(
            int shifted, int unshifted, int wild, int hoursBetween, boolean convicted) {
        ZoneVerdict verdict = feed(shifted, unshifted, wild, hoursBetween);

        assertThat(verdict instanceof ZoneVerdict.Shifted).isEqualTo(convicted);
        if (verdict instanceof ZoneVerdict.Shifted shift) {
            assertThat(shift.quarterHours()).isEqualTo(32);
            assertThat(shift.evidence()).hasSize(shifted);
        }
    }

    @ParameterizedTest
    @CsvSource({"-120000, 32", "-120001, 0", "120000, 32", "120001, 0", "720000, 32"})
    void a_pair_votes_within_two_minutes_and_the_interval_of_the_poll(long millis, int quarters) {
        long poll = millis > 120_001 ? 600 : 0;
        ZoneVerdict verdict = null;
        for (int i = 0; i < 20; i++) {
            Instant reference = JUNE.plusSeconds(i * 7200L);
            Instant claimed = reference.plus(Duration.ofHours(8)).plusMillis(millis);
            verdict = detector.observe(new Sighting(claimed, reference, reference.plusSeconds(poll)));
        }

        assertThat(verdict instanceof ZoneVerdict.Shifted s ? s.quarterHours() : 0)
                .isEqualTo(quarters);
    }

    @Test
    void nightly_batches_are_not_tried() {
        Sighting nightly = new Sighting(JUNE, JUNE, JUNE.plus(Duration.ofHours(24)));

        assertThat(detector.observe(nightly)).isInstanceOf(ZoneVerdict.Undecided.class);
    }

    @Test
    void a_sound_zone_is_found_sound() {
        assertThat(feed(0, 20, 0, 2)).isEqualTo(new ZoneVerdict.Fits());
    }

    @Test
    void evidence_runs_forward() {
        assertThatThrownBy(() -> new Sighting(JUNE, JUNE, JUNE.minusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(pair(0, Duration.ZERO).pollInterval()).isZero();
    }

    /** The delay models of the design, in small; half of all runs have no shift at all. */
    @ParameterizedTest
    @CsvSource({"0.01, 0, 0, 1.0", "0.01, 0.1, 1800, 0.99", "0.01, 0.3, 7200, 0.7"})
    void simulated_delays_bring_no_false_verdict(double wild, double late, double meanLate, double detected) {
        Random random = new Random(SEED);
        int found = 0;
        int runs = 2_000;
        for (int run = 0; run < runs; run++) {
            int quarters = run % 2 == 0 ? 0 : shift(random);
            ZoneVerdict verdict = simulate(random, quarters, wild, late, meanLate);
            if (verdict instanceof ZoneVerdict.Shifted shift) {
                assertThat(shift.quarterHours())
                        .as("seed %s, run %s", SEED, run)
                        .isEqualTo(quarters);
                found++;
            }
        }

        assertThat(found / (runs / 2.0)).as("seed %s", SEED).isGreaterThanOrEqualTo(detected);
    }

    private static int shift(Random random) {
        int quarters = random.nextInt(112) - 56;
        return quarters >= 0 ? quarters + 1 : quarters;
    }

    private static ZoneVerdict simulate(Random random, int quarters, double wild, double late, double meanLate) {
        ZoneShiftDetector detector = new ZoneShiftDetector();
        ZoneVerdict verdict = new ZoneVerdict.Undecided("no pairs");
        for (int i = 0; i < 20; i++) {
            Instant event = JUNE.plusSeconds(i * 9000L);
            double seconds = 2 * Math.exp(random.nextGaussian());
            if (random.nextDouble() < late) {
                seconds += -meanLate * Math.log(1 - random.nextDouble());
            }
            if (random.nextDouble() < wild) {
                seconds = (random.nextDouble() - 0.5) * 2 * 86_400;
            }
            Instant seen = event.plusMillis((long) (seconds * 1000));
            verdict = detector.observe(Sighting.inTwoSystems(event.plusSeconds(900L * quarters), seen));
        }
        return verdict;
    }
}

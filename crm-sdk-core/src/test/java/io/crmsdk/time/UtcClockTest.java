package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.internal.Micros;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UtcClockTest {
    private static final Instant START = Instant.parse("2024-06-11T08:30:00Z");
    private static final SkewEstimate RIGHT = new SkewEstimate(Duration.ofMillis(-300), Duration.ofMillis(300), 1);

    private final List<ClockEvent> events = new ArrayList<>();

    private TestClock clock(Instant start) {
        TestClock clock = TestClock.at(start);
        clock.onEvent(events::add);
        return clock;
    }

    @Test
    void the_first_stamp_is_the_time_and_the_next_a_microsecond_later() {
        TestClock clock = clock(START);

        assertThat(clock.instant()).isEqualTo(START);
        assertThat(clock.instant()).isEqualTo(START.plusNanos(1_000));
        clock.advance(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void the_systems_clock_gives_microseconds_near_the_hosts_time() {
        Instant before = new SystemTimeSourceReading().instant();

        Reading reading = UtcClock.system().read();

        assertThat(reading.instant().getNano() % 1_000).isZero();
        assertThat(reading.instant()).isBetween(before, before.plusSeconds(60));
        assertThat(reading.quality()).isNotEqualTo(ClockQuality.SUSPECT);
    }

    /** The host's time by the one class that may read it. */
    private static final class SystemTimeSourceReading {
        Instant instant() {
            return Micros.instant(new SystemTimeSource().wallMicros());
        }
    }

    @Test
    void stamps_of_many_threads_are_distinct_and_rise_in_each() throws Exception {
        UtcClock clock = HostClock.builder().build();
        int each = 100_000;
        List<long[]> runs = inThreads(4, () -> {
            long[] stamps = new long[each];
            for (int i = 0; i < each; i++) {
                stamps[i] = Micros.of(clock.instant());
            }
            return stamps;
        });

        long[] all = runs.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        assertThat(Arrays.stream(all).distinct().count()).isEqualTo(all.length);
        assertThat(runs).allSatisfy(run -> assertThat(run).isSorted());
    }

    @Test
    void F_305_a_step_back_is_reported_and_stamps_creep_on() {
        TestClock clock = clock(START);
        Instant before = clock.instant();

        clock.step(Duration.ofHours(-8));
        Instant after = clock.instant();
        Reading reading = clock.read();

        assertThat(after).isEqualTo(before.plusNanos(1_000));
        assertThat(events)
                .containsExactly(new ClockEvent.StepBack(START.minus(Duration.ofHours(8)), Duration.ofHours(8)));
        assertThat(reading.quality()).isEqualTo(ClockQuality.STEPPED);
        assertThat(reading.wall()).isEqualTo(START.minus(Duration.ofHours(8)));
        assertThat(reading.earliest()).isBeforeOrEqualTo(reading.wall());

        clock.advance(Duration.ofHours(9));
        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(clock.read().quality()).isEqualTo(ClockQuality.UNCHECKED);
        assertThat(events).hasSize(1);
    }

    @Test
    void a_small_step_back_is_no_event() {
        TestClock clock = clock(START);
        clock.instant();

        clock.step(Duration.ofMillis(-50));
        clock.instant();

        assertThat(events).isEmpty();
    }

    @Test
    void a_step_back_that_falls_within_the_time_since_the_last_stamp_is_noticed_later() {
        TestClock clock = clock(START);
        clock.instant();

        clock.advance(Duration.ofMillis(90)).step(Duration.ofMillis(-60));
        clock.instant();
        clock.advance(Duration.ofMillis(100));
        clock.instant();

        assertThat(events).singleElement().isInstanceOf(ClockEvent.StepBack.class);
    }

    @Test
    void a_step_ahead_below_an_hour_is_followed_and_reported() {
        TestClock clock = clock(START);
        clock.instant();

        clock.suspend(Duration.ofMinutes(59));
        Instant after = clock.instant();

        assertThat(after).isEqualTo(START.plus(Duration.ofMinutes(59)));
        assertThat(events).containsExactly(new ClockEvent.StepForward(after, Duration.ofMinutes(59), true));
        assertThat(clock.read().quality()).isEqualTo(ClockQuality.STEPPED);
    }

    @Test
    void F_304_a_leap_of_an_hour_is_held_for_a_minute() {
        TestClock clock = clock(START);
        clock.instant();

        clock.step(Duration.ofHours(8));
        Instant held = clock.instant();
        clock.advance(Duration.ofSeconds(59));
        Instant later = clock.instant();
        long millis = clock.millis();
        clock.advance(Duration.ofSeconds(1));
        Instant followed = clock.instant();

        assertThat(held).isEqualTo(START.plusNanos(1_000));
        assertThat(later).isEqualTo(START.plusSeconds(59));
        assertThat(millis).isEqualTo(START.plusSeconds(59).toEpochMilli());
        assertThat(followed).isEqualTo(START.plusSeconds(60).plus(Duration.ofHours(8)));
        assertThat(events)
                .containsExactly(
                        new ClockEvent.StepForward(START, Duration.ofHours(8), false),
                        new ClockEvent.StepForward(followed, Duration.ofHours(8), true));
    }

    @Test
    void a_leap_is_believed_at_once_if_an_outside_source_agrees() {
        TestClock clock = clock(START);
        clock.instant();
        clock.suspend(Duration.ofDays(2));
        clock.instant();

        clock.checked("db", RIGHT);

        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofDays(2)));
        assertThat(clock.read().wall()).isEqualTo(START.plus(Duration.ofDays(2)));
    }

    @Test
    void a_leap_that_an_outside_source_denies_is_not_followed_and_undone_without_harm() {
        TestClock clock = clock(START);
        clock.instant();
        clock.step(Duration.ofHours(8));
        clock.instant();

        for (int minute = 1; minute <= 5; minute++) {
            clock.advance(Duration.ofSeconds(50));
            clock.checked(
                    "api",
                    new SkewEstimate(Duration.ofHours(-8), Duration.ofHours(-8).plusSeconds(1), 1));
        }
        Reading suspect = clock.read();
        clock.step(Duration.ofHours(-8));
        Reading back = clock.read();

        assertThat(suspect.instant()).isEqualTo(START.plusSeconds(250));
        assertThat(suspect.quality()).isEqualTo(ClockQuality.SUSPECT);
        assertThat(suspect.latest()).isBefore(START.plusSeconds(260));
        assertThat(back.instant()).isEqualTo(START.plusSeconds(250).plusNanos(1_000));
        assertThat(events).filteredOn(e -> e instanceof ClockEvent.Skew).hasSize(5);
        assertThat(events.get(events.size() - 1)).isInstanceOf(ClockEvent.StepBack.class);
    }

    @Test
    void an_outside_check_makes_the_clock_synced_for_an_hour_or_suspect() {
        TestClock clock = clock(START);

        clock.checked("api.example", RIGHT);
        Reading synced = clock.read();
        clock.advance(Duration.ofMinutes(61));
        Reading unchecked = clock.read();
        clock.checked("api.example", new SkewEstimate(Duration.ofSeconds(9), Duration.ofSeconds(10), 1));
        Reading suspect = clock.read();

        assertThat(synced.quality()).isEqualTo(ClockQuality.SYNCED);
        assertThat(Duration.between(synced.earliest(), synced.latest())).isLessThan(Duration.ofSeconds(1));
        assertThat(unchecked.quality()).isEqualTo(ClockQuality.UNCHECKED);
        assertThat(Duration.between(unchecked.earliest(), unchecked.latest())).isEqualTo(Duration.ofSeconds(10));
        assertThat(suspect.quality()).isEqualTo(ClockQuality.SUSPECT);
        assertThat(suspect.latest()).isAfter(suspect.wall().plusSeconds(9));
        assertThat(events).singleElement().isInstanceOf(ClockEvent.Skew.class);
        assertThat(synced.certainlyBefore(unchecked)).isTrue();
    }

    @Test
    void a_frozen_host_clock_still_gives_rising_stamps() {
        TestClock clock = clock(START).freeze();
        Instant first = clock.instant();

        clock.advance(Duration.ofMillis(40));
        Instant second = clock.instant();

        assertThat(second).isEqualTo(first.plusNanos(1_000));
        assertThat(clock.nanos()).isEqualTo(40_000_000);
        clock.thaw().advance(Duration.ofSeconds(1));
        assertThat(clock.wall()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void no_schedule_of_steps_and_pauses_makes_stamps_repeat_or_fall() {
        long seed = Long.getLong("crmsdk.seed", 7L);
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            TestClock clock = TestClock.at(START);
            Instant last = Instant.MIN;
            long lastMillis = Long.MIN_VALUE;
            for (int step = 0; step < 200; step++) {
                disturb(clock, random);
                Instant now = random.nextInt(4) == 0 ? clock.read().instant() : clock.instant();
                long millis = clock.millis();

                assertThat(now).as("seed %s, run %s, step %s", seed, run, step).isAfter(last);
                assertThat(millis)
                        .as("seed %s, run %s, step %s", seed, run, step)
                        .isGreaterThanOrEqualTo(lastMillis);
                assertThat(millis).isGreaterThanOrEqualTo(now.toEpochMilli());
                last = now;
                lastMillis = millis;
            }
        }
    }

    private static void disturb(TestClock clock, Random random) {
        Duration size = Duration.ofMillis((long) Math.pow(10, random.nextDouble() * 8));
        switch (random.nextInt(8)) {
            case 0 -> clock.step(size.negated());
            case 1 -> clock.step(size);
            case 2 -> clock.suspend(size);
            case 3 -> clock.freeze();
            case 4 -> clock.thaw();
            case 5 -> clock.checked("s" + random.nextInt(3), new SkewEstimate(size.negated(), size, 1));
            default -> clock.advance(size);
        }
    }

    @Test
    void after_a_restart_stamps_are_later_than_all_before() {
        MemoryMark mark = new MemoryMark();
        TestClock first = TestClock.restarted(START, mark);
        Instant last = first.instant();
        for (int i = 0; i < 100; i++) {
            first.advance(Duration.ofMillis(250));
            last = first.instant();

            assertThat(mark.kept).isAfter(last);
        }

        TestClock second = TestClock.restarted(START.plusSeconds(20), mark);

        assertThat(second.instant()).isAfter(last);
        assertThat(mark.saves).as("a mark about every five seconds").isBetween(5, 8);
    }

    @Test
    void restarting_in_a_loop_does_not_push_the_mark_away() {
        MemoryMark mark = new MemoryMark();
        Instant last = Instant.MIN;
        Instant now = START;
        for (int i = 0; i < 1_000; i++) {
            TestClock clock = TestClock.restarted(now, mark);
            Instant stamp = clock.instant();

            assertThat(stamp).isAfter(last);
            last = stamp;
            now = now.plusMillis(500);
        }

        assertThat(Duration.between(now, last)).isLessThan(Duration.ofSeconds(11));
    }

    @Test
    void a_mark_far_ahead_makes_the_clock_suspect_until_somebody_decides() {
        MemoryMark mark = new MemoryMark();
        mark.kept = START.plus(Duration.ofHours(8));
        TestClock clock = TestClock.restarted(START, mark);
        clock.onEvent(events::add);

        Reading suspect = clock.read();
        clock.acceptWallClock("operator");
        Reading accepted = clock.read();

        assertThat(suspect.instant()).isAfter(START.plus(Duration.ofHours(8)));
        assertThat(suspect.quality()).isEqualTo(ClockQuality.SUSPECT);
        assertThat(suspect.earliest()).isBefore(START);
        assertThat(accepted.instant()).isBefore(START.plusSeconds(1));
        assertThat(mark.kept).isBefore(START.plusSeconds(11));
        assertThat(events.get(0))
                .isEqualTo(new ClockEvent.Poisoned(START, START.plus(Duration.ofHours(8)), Duration.ofHours(8)));
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        ClockEvent.MarkLowered.class,
                        e -> assertThat(e.decidedBy()).isEqualTo("operator"));
    }

    @Test
    void two_outside_sources_that_agree_may_decide_and_one_may_not() {
        MemoryMark mark = new MemoryMark();
        mark.kept = START.plus(Duration.ofMinutes(6));
        TestClock clock = TestClock.restarted(START, mark);

        clock.checked("db", RIGHT);
        clock.checked("db", RIGHT);
        ClockQuality afterOne = clock.read().quality();
        clock.checked("api", RIGHT);

        assertThat(afterOne).isEqualTo(ClockQuality.SUSPECT);
        assertThat(clock.read().quality()).isEqualTo(ClockQuality.SYNCED);
        assertThat(clock.instant()).isBefore(START.plusSeconds(1));
    }

    @Test
    void a_mark_that_cannot_be_kept_is_reported_and_tried_again() {
        MemoryMark mark = new MemoryMark();
        TestClock clock = TestClock.restarted(START, mark);
        clock.onEvent(events::add);
        clock.instant();
        mark.failure = new IllegalStateException("disk full");

        clock.advance(Duration.ofSeconds(6));
        clock.instant();
        clock.instant();
        ClockQuality failing = clock.read().quality();
        mark.failure = null;
        clock.advance(Duration.ofSeconds(2));
        clock.instant();

        assertThat(failing).isEqualTo(ClockQuality.SUSPECT);
        assertThat(events).containsExactly(new ClockEvent.MarkUnsaved(START.plusSeconds(6), "disk full"));
        assertThat(clock.read().quality()).isEqualTo(ClockQuality.UNCHECKED);
        assertThat(mark.kept).isAfter(START.plusSeconds(8));
    }

    @Test
    void a_file_keeps_a_mark_and_a_damaged_one_is_refused(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("clock.mark");
        HighWaterMark mark = HighWaterMark.file(file);

        assertThat(mark.load()).isNull();
        mark.save(START);
        assertThat(HighWaterMark.file(file).load()).isEqualTo(START);
        mark.save(START.plusSeconds(1));
        assertThat(mark.load()).isEqualTo(START.plusSeconds(1));
        assertThat(HostClock.builder().highWaterMark(mark).build().instant()).isAfter(START);
        Files.writeString(file, "rubbish");
        assertThatThrownBy(() -> HostClock.builder().highWaterMark(mark).build())
                .hasMessageStartingWith("MARK_UNAVAILABLE");
    }

    @Test
    void a_listener_that_throws_harms_nobody() {
        TestClock clock = TestClock.at(START);
        clock.onEvent(event -> {
            throw new IllegalStateException("listener");
        });
        clock.onEvent(events::add);
        clock.instant();

        clock.step(Duration.ofMinutes(-1));
        clock.instant();

        assertThat(events).hasSize(1);
    }

    @Test
    void a_test_clock_refuses_time_that_passes_backwards() {
        TestClock clock = TestClock.at("2024-06-11T08:30:00Z");

        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> clock.advanceTo(START.minusSeconds(1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(clock.set(START.plusSeconds(1))
                        .advanceTo(START.plusSeconds(3))
                        .instant())
                .isEqualTo(START.plusSeconds(3));
    }

    static <T> List<T> inThreads(int threads, Callable<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(java.util.Collections.nCopies(threads, work))) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static final class MemoryMark implements HighWaterMark {
        private @Nullable Instant kept;
        private @Nullable RuntimeException failure;
        private int saves;

        @Override
        public @Nullable Instant load() {
            return kept;
        }

        @Override
        public void save(Instant mark) {
            if (failure != null) {
                throw failure;
            }
            kept = mark;
            saves++;
        }
    }
}

package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import nl.jqno.equalsverifier.EqualsVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HybridClockTest {
    private static final Instant START = Instant.parse("2024-06-11T08:30:00Z");

    @Test
    void a_stamp_is_the_millisecond_and_a_counter() {
        HybridClock clock = HybridClock.of(TestClock.at(START), 7);

        HybridTimestamp first = clock.now();
        HybridTimestamp second = clock.now();

        assertThat(first).isEqualTo(HybridTimestamp.of(START.toEpochMilli(), 0, 7));
        assertThat(second).isEqualTo(HybridTimestamp.of(START.toEpochMilli(), 1, 7));
    }

    @Test
    void a_full_counter_carries_into_the_millisecond() {
        HybridClock clock = HybridClock.of(TestClock.at(START), 7);
        clock.update(HybridTimestamp.of(START.toEpochMilli(), 0xfffe, 8));

        assertThat(clock.now()).isEqualTo(HybridTimestamp.of(START.toEpochMilli() + 1, 0, 7));
    }

    @Test
    void stamps_rise_while_the_hosts_clock_falls() {
        TestClock host = TestClock.at(START);
        HybridClock clock = HybridClock.of(host, 1);
        HybridTimestamp before = clock.now();

        host.step(Duration.ofHours(-8));

        assertThat(clock.now()).isGreaterThan(before);
    }

    @Test
    void an_effect_is_stamped_after_its_cause_though_its_nodes_clock_is_behind() {
        HybridClock ahead = HybridClock.of(TestClock.at(START.plusSeconds(59)), 1);
        HybridClock behind = HybridClock.of(TestClock.at(START), 2);
        HybridTimestamp cause = ahead.now();

        HybridTimestamp effect = behind.update(cause);

        assertThat(effect).isGreaterThan(cause);
        assertThat(behind.now()).isGreaterThan(effect);
    }

    @Test
    void a_remote_stamp_too_far_ahead_is_refused_and_not_adopted() {
        HybridClock clock = HybridClock.of(TestClock.at(START), 2);
        HybridTimestamp poisoned = HybridTimestamp.of(START.toEpochMilli() + 60_001, 0, 1);

        assertThatThrownBy(() -> clock.update(poisoned)).hasMessageStartingWith("REMOTE_AHEAD");
        assertThat(clock.now().millis()).isEqualTo(START.toEpochMilli());
        assertThat(clock.update(HybridTimestamp.of(START.toEpochMilli() + 60_000, 0, 1))
                        .millis())
                .isEqualTo(START.toEpochMilli() + 60_000);
    }

    @Test
    void the_greatest_stamp_is_refused_rather_than_wrapped() {
        HybridClock clock = HybridClock.of(TestClock.at(START), 2, Duration.ofDays(1));

        assertThatThrownBy(() -> clock.update(new HybridTimestamp(-1, 0))).hasMessageStartingWith("REMOTE_AHEAD");
    }

    @Test
    void stamps_of_many_threads_are_distinct() throws Exception {
        HybridClock clock = HybridClock.of(HostClock.builder().build(), 1);
        int each = 100_000;
        List<long[]> runs = UtcClockTest.inThreads(4, () -> {
            long[] stamps = new long[each];
            for (int i = 0; i < each; i++) {
                stamps[i] = clock.now().bits();
            }
            return stamps;
        });

        assertThat(runs.stream().flatMapToLong(Arrays::stream).distinct().count())
                .isEqualTo(4L * each);
        assertThat(runs).allSatisfy(run -> assertThat(run).isSorted());
    }

    @Test
    void text_sorts_as_stamps_do_and_reads_back() {
        long seed = Long.getLong("crmsdk.seed", 11L);
        Random random = new Random(seed);
        List<HybridTimestamp> stamps = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long bits = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextLong();
            stamps.add(new HybridTimestamp(bits, random.nextInt(2) == 0 ? random.nextInt() : 1));
        }
        List<String> texts =
                stamps.stream().map(HybridTimestamp::toString).sorted().toList();

        List<String> byStamp =
                stamps.stream().sorted().map(HybridTimestamp::toString).toList();

        assertThat(byStamp).as("seed %s", seed).isEqualTo(texts);
        assertThat(stamps)
                .allSatisfy(stamp ->
                        assertThat(HybridTimestamp.parse(stamp.toString())).isEqualTo(stamp));
        assertThat(texts).allMatch(text -> text.length() == HybridTimestamp.TEXT_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0190063b7240000-00000007",
                "0190063B72400000-00000007",
                "0190063b72400000_00000007",
                "0190063b72400000-0000000g",
                "+190063b72400000-00000007"
            })
    void other_text_is_refused(String text) {
        assertThatThrownBy(() -> HybridTimestamp.parse(text)).hasMessageStartingWith("MALFORMED");
    }

    @Test
    void parts_that_do_not_fit_are_refused() {
        assertThatThrownBy(() -> HybridTimestamp.of(1L << 48, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HybridTimestamp.of(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HybridTimestamp.of(0, 1 << 16, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HybridClock.of(TestClock.at(START), 1, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void values_are_equal_by_value() {
        EqualsVerifier.forClass(HybridTimestamp.class).verify();
        EqualsVerifier.forClass(PlausibleWindow.class).verify();
        EqualsVerifier.forClass(ParsedTime.OfInstant.class).verify();
        EqualsVerifier.forClass(ParsedTime.OfDate.class).verify();
    }
}

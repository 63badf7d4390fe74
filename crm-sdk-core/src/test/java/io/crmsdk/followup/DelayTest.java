package io.crmsdk.followup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.followup.CustomerZone.Gap;
import io.crmsdk.followup.CustomerZone.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelayTest {
    private static final CustomerZone SHANGHAI =
            new CustomerZone(ZoneId.of("Asia/Shanghai"), Gap.FORWARD, Overlap.EARLIER);

    @ParameterizedTest
    @CsvSource({
        // Skipped: 02:00 to 03:00 on 29 March in Berlin.
        "Europe/Berlin, 2026-03-28T01:30:00Z, FORWARD, EARLIER, 2026-03-29T01:30:00Z",
        "Europe/Berlin, 2026-03-28T01:30:00Z, NEXT, EARLIER, 2026-03-29T01:00:00Z",
        // Twice: 02:00 to 03:00 on 25 October in Berlin.
        "Europe/Berlin, 2026-10-24T00:30:00Z, FORWARD, EARLIER, 2026-10-25T00:30:00Z",
        "Europe/Berlin, 2026-10-24T00:30:00Z, FORWARD, LATER, 2026-10-25T01:30:00Z",
        // The day that Lord Howe skips half an hour.
        "Australia/Lord_Howe, 2026-10-02T15:45:00Z, FORWARD, EARLIER, 2026-10-03T15:45:00Z",
        "Australia/Lord_Howe, 2026-10-02T15:45:00Z, NEXT, EARLIER, 2026-10-03T15:30:00Z",
        // Midnight itself is skipped in Beirut.
        "Asia/Beirut, 2026-03-27T22:10:00Z, NEXT, EARLIER, 2026-03-28T22:00:00Z",
        "Asia/Shanghai, 2026-03-28T01:30:00Z, NEXT, LATER, 2026-03-29T01:30:00Z"
    })
    void F_307_a_local_time_in_a_gap_or_an_overlap_is_one_instant_by_the_declared_choice(
            String zone, Instant base, Gap gap, Overlap overlap, Instant due) {
        CustomerZone customer = new CustomerZone(ZoneId.of(zone), gap, overlap);

        assertThat(Delay.days(1).from(base, customer, null).at()).isEqualTo(due);
    }

    @Test
    void three_working_days_after_a_quote_at_nine() {
        Instant quoted = Instant.parse("2026-02-12T08:20:00Z");

        Delay.Due due = Delay.workingDays(3).at(LocalTime.of(9, 0)).from(quoted, SHANGHAI, WorkingCalendar.china());

        assertThat(due.at()).isEqualTo(Instant.parse("2026-02-24T01:00:00Z"));
        assertThat(due.provisional()).isFalse();
    }

    @Test
    void the_day_is_the_customers_and_not_that_of_UTC() {
        Instant lateInUtc = Instant.parse("2026-03-12T17:00:00Z"); // Friday 01:00 in Shanghai

        assertThat(Delay.workingDays(1)
                        .from(lateInUtc, SHANGHAI, WorkingCalendar.china())
                        .at())
                .isEqualTo(Instant.parse("2026-03-15T17:00:00Z"));
    }

    @Test
    void a_time_that_has_passed_today_is_taken_on_the_next_day_that_counts() {
        Instant friday = Instant.parse("2026-03-13T02:00:00Z"); // 10:00 in Shanghai
        Delay nine = Delay.workingDays(0).at(LocalTime.of(9, 0));
        Delay eleven = Delay.workingDays(0).at(LocalTime.of(11, 0));

        assertThat(nine.from(friday, SHANGHAI, WorkingCalendar.china()).at())
                .isEqualTo(Instant.parse("2026-03-16T01:00:00Z"));
        assertThat(eleven.from(friday, SHANGHAI, WorkingCalendar.china()).at())
                .isEqualTo(Instant.parse("2026-03-13T03:00:00Z"));
    }

    @Test
    void hours_are_hours_whatever_the_clocks_on_the_wall_do() {
        CustomerZone berlin = new CustomerZone(ZoneId.of("Europe/Berlin"), Gap.NEXT, Overlap.LATER);

        assertThat(Delay.elapsed(Duration.ofHours(24))
                        .from(Instant.parse("2026-03-28T12:00:00Z"), berlin, null)
                        .at())
                .isEqualTo(Instant.parse("2026-03-29T12:00:00Z"));
        assertThatThrownBy(() -> Delay.none().at(LocalTime.NOON)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Delay.days(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}

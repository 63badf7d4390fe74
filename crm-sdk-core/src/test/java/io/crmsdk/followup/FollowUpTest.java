package io.crmsdk.followup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowUpTest {
    private static Step step(String name, Delay delay) {
        return Step.action(name, delay, firing -> {});
    }

    @Test
    void a_definition_reports_all_its_problems_at_once() {
        FollowUp.Builder builder = FollowUp.define("quote", 1)
                .step(step("a", Delay.workingDays(1)))
                .step(step("a", Delay.none()))
                .step(Step.question("ask", Delay.none(), firing -> null, Delay.none())
                        .then(Answer.REFUSED, "a")
                        .then(Answer.ANSWERED, "nowhere"));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no calendar")
                .hasMessageContaining("a is there twice")
                .hasMessageContaining("leads to a when REFUSED")
                .hasMessageContaining("leads to nowhere when ANSWERED");
        assertThatThrownBy(() -> FollowUp.define("empty", 1).build()).hasMessageContaining("no step");
        assertThatThrownBy(() -> step("a", Delay.none()).then(Answer.REFUSED, "b"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void the_shape_changes_with_what_a_stored_follow_up_relies_on_and_not_with_the_days_of_its_calendar() {
        WorkingCalendar days = WorkingCalendar.builder("days").build();
        WorkingCalendar newer = WorkingCalendar.builder("days").announced(2027).build();
        FollowUp a = FollowUp.define("q", 1)
                .calendar(days)
                .step(step("a", Delay.days(1)))
                .build();

        assertThat(FollowUp.define("q", 1)
                        .calendar(newer)
                        .step(step("a", Delay.days(1)))
                        .build()
                        .reference())
                .isEqualTo(a.reference());
        assertThat(FollowUp.define("q", 1)
                        .calendar(days)
                        .step(step("a", Delay.days(2)))
                        .build()
                        .reference())
                .isNotEqualTo(a.reference());
    }

    @Test
    void nothing_personal_is_shown() {
        CustomerZone zone = new CustomerZone(ZoneId.of("UTC"), CustomerZone.Gap.NEXT, CustomerZone.Overlap.LATER);
        FollowUpStart start = FollowUpStart.of("k", "q", "li@example.com", zone).with(Map.of("name", "Li Wang"));

        assertThat(start.toString()).doesNotContain("li@example.com").doesNotContain("Li Wang");
        assertThatThrownBy(() -> FollowUpStart.of(" ", "q", "s", zone)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Delay.elapsed(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}

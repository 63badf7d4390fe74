package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentJudgeTest {
    private static final JudgeContext CONTEXT = JudgeContext.on(LocalDate.of(2026, 11, 24));
    private static final Judge<Instant> SHANGHAI = Judges.moment(ZoneId.of("Asia/Shanghai"));

    @ParameterizedTest
    @CsvSource({
        "2024-01-05 14:03:22, 2024-01-05T06:03:22Z",
        "2024/1/5 14:03, 2024-01-05T06:03:00Z",
        "2024年3月15日 14时17分27秒, 2024-03-15T06:17:27Z",
        "2024年3月15日 14时17分, 2024-03-15T06:17:00Z",
        "2024-06-11 下午4:30, 2024-06-11T08:30:00Z",
        "2024-06-11 上午12:05, 2024-06-10T16:05:00Z",
        "2024-06-11 下午12:05, 2024-06-11T04:05:00Z",
        "20240611163000, 2024-06-11T08:30:00Z",
        "2024-06-11T08:30:00Z, 2024-06-11T08:30:00Z",
        "2024-06-11T08:30:00.250Z, 2024-06-11T08:30:00.250Z",
        "2024-06-11T03:30:00-05:00, 2024-06-11T08:30:00Z",
        "1718094600, 2024-06-11T08:30:00Z",
        "1718094600123, 2024-06-11T08:30:00.123Z",
        "２０２４-０６-１１　１６：３０：００, 2024-06-11T08:30:00Z",
    })
    void a_moment_with_one_reading_is_taken(String raw, Instant moment) {
        Judged<Instant> judged = SHANGHAI.judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).isEqualTo(moment);
        assertThat(judged.flagged()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2024-06-11, 2024-06-10T16:00:00Z, DATE_PRECISION",
        "2024-06-11 24:00:00, 2024-06-11T16:00:00Z, LOCAL_TIME",
        "44026.853668981, 2020-07-14T12:29:17Z, SERIAL_DATE",
    })
    void a_guess_is_flagged(String raw, Instant moment, String code) {
        Judged<Instant> judged = SHANGHAI.judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).isEqualTo(moment);
        assertThat(judged.has(code)).isTrue();
        assertThat(judged.outcome()).isEqualTo(Action.REPAIR_FLAGGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-13-01 10:00:00", "########", "昨天", "00:00.0", "2024-06-11 25:00:00", "2024-06-11 24:00:01",
                "1.71809E+12", "2080-01-01 00:00:00", "1985-01-01 00:00:00", "1/5/24 10:00", "3/4/2024 10:00", "12345",
                "2024-06-11 下午13:30", "2024-02-30 10:00", "2024-06-11T08:30:00+99:00"
            })
    void anything_else_is_refused(String raw) {
        assertThat(SHANGHAI.judge(Cell.text(raw), CONTEXT).rejected()).isTrue();
    }

    @Test
    void what_a_zone_skips_or_has_twice_is_refused() {
        Judge<Instant> newYork = Judges.moment(ZoneId.of("America/New_York"));

        assertThat(newYork.judge(Cell.text("2024-03-10 02:30:00"), CONTEXT).has(FindingCode.LOCAL_TIME))
                .isTrue();
        assertThat(newYork.judge(Cell.text("2024-11-03 01:30:00"), CONTEXT).rejected())
                .isTrue();
        assertThat(newYork.judge(Cell.text("2024-11-03 01:30:00-05:00"), CONTEXT)
                        .value())
                .isEqualTo("2024-11-03T06:30:00Z");
    }

    @Test
    void a_stored_day_count_is_certain_and_counts_from_its_workbooks_year() {
        Cell cell = Cell.date("43042.785902778", "yyyy-mm-dd hh:mm:ss", true);

        assertThat(SHANGHAI.judge(cell, CONTEXT).value()).isEqualTo("2021-11-04T10:51:42Z");
        assertThat(SHANGHAI.judge(cell, CONTEXT).flagged()).isFalse();
        assertThat(SHANGHAI.judge(Cell.date("45453.6875", null, false), CONTEXT).value())
                .isEqualTo("2024-06-10T08:30:00Z");
    }

    @Test
    void hours_on_either_side_of_midnight_or_noon_are_refused_and_not_guessed() {
        Judge<java.time.Instant> judge = Judges.moment(java.time.ZoneId.of("Asia/Shanghai"));
        JudgeContext context = JudgeContext.on(java.time.LocalDate.of(2026, 11, 24));
        for (String text : java.util.List.of("晚上12:30", "晚上1:00", "中午3:00", "中午10:59", "早上12:30", "早上2:00")) {
            assertThat(judge.judge(Cell.text("2024-01-05 " + text), context).rejected())
                    .as(text)
                    .isTrue();
        }
        java.util.Map.of(
                        "晚上8:30", "2024-01-05T12:30:00Z",
                        "中午12:30", "2024-01-05T04:30:00Z",
                        "中午1:00", "2024-01-05T05:00:00Z",
                        "凌晨12:30", "2024-01-04T16:30:00Z",
                        "早上8:00", "2024-01-05T00:00:00Z")
                .forEach((text, instant) -> assertThat(judge.judge(Cell.text("2024-01-05 " + text), context)
                                .value())
                        .as(text)
                        .isEqualTo(instant));
    }
}

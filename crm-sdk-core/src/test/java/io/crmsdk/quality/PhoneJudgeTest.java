package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.model.PhoneNumber;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneJudgeTest {
    private static final JudgeContext CONTEXT = JudgeContext.on(LocalDate.of(2026, 11, 24));
    private static final Judge<PhoneNumber> MOBILE = Judges.mobile("CN");
    private static final Judge<PhoneNumber> LANDLINE = Judges.landline("CN");

    @ParameterizedTest
    @CsvSource({
        "13800138000.0, DECIMAL_TAIL",
        "1.3800138E10, EXPONENT",
        "'13800138000/13900139000', MULTIPLE_VALUES",
        "'手机：13800138000', SURROUNDED",
        "１３８００１３８０００, WIDTH",
    })
    void a_writing_with_one_reading_is_repaired(String raw, String code) {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).extracting(PhoneNumber::e164).isEqualTo("+8613800138000");
        assertThat(judged.outcome()).isEqualTo(Action.REPAIR);
        assertThat(judged.has(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "138****8000",
                "1.38E+10",
                "1.3800138E+10",
                "8.6138E+12",
                "l3800138000",
                "O13800138000",
                "1380013800",
                "12800138000",
                "1-800-FLOWERS",
                "00000000000",
                "11111111111",
                "12345678901",
                "13800000000",
                "#REF!",
                "########",
                "TRUE",
                "852-91234567",
                "10648123456789",
                "13800138000x",
                "=13800138000+1",
                "+13800138000",
                "-13800138000",
                "+86+13800138000",
                "86 8613800138000",
                "①③⑧00138000"
            })
    void what_is_no_mobile_is_refused_with_its_text(String raw) {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).isNull();
        assertThat(judged.rejected()).isTrue();
        assertThat(judged.findings())
                .allSatisfy(finding -> assertThat(finding.raw()).isEqualTo(raw));
    }

    @Test
    void a_letter_for_a_digit_is_only_proposed() {
        Finding finding =
                MOBILE.judge(Cell.text("155000O8289"), CONTEXT).findings().get(0);

        assertThat(finding.action()).isEqualTo(Action.REJECT);
        assertThat(finding.value()).isEqualTo("+8615500008289");
    }

    @Test
    void a_name_before_the_number_makes_it_a_guess() {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text("张三13800138000"), CONTEXT);

        assertThat(judged.outcome()).isEqualTo(Action.REPAIR_FLAGGED);
        assertThat(judged.value()).extracting(PhoneNumber::e164).isEqualTo("+8613800138000");
    }

    @Test
    void the_second_number_is_not_lost() {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text("13800138000、13900139000"), CONTEXT);

        assertThat(judged.others()).extracting(PhoneNumber::e164).containsExactly("+8613900139000");
    }

    @Test
    void the_same_number_twice_is_one_number() {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text("13800138000 / 138-0013-8000"), CONTEXT);

        assertThat(judged.value()).extracting(PhoneNumber::e164).isEqualTo("+8613800138000");
        assertThat(judged.others()).isEmpty();
        assertThat(judged.outcome()).isEqualTo(Action.REPAIR);
    }

    @Test
    void a_landline_among_mobiles_is_moved() {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text("021-62345678转8001"), CONTEXT);

        assertThat(judged.outcome()).isEqualTo(Action.MOVE);
        assertThat(judged.findings().get(0).value()).isEqualTo("+862162345678;ext=8001");
    }

    @Test
    void a_prefix_that_the_plan_does_not_know_is_kept_and_flagged() {
        Judged<PhoneNumber> judged = MOBILE.judge(Cell.text("14912345678"), CONTEXT);

        assertThat(judged.value()).extracting(PhoneNumber::e164).isEqualTo("+8614912345678");
        assertThat(judged.has(FindingCode.UNASSIGNED)).isTrue();
        assertThat(judged.flagged()).isTrue();
    }

    @Test
    void a_series_is_refused() {
        assertThat(MOBILE.judge(Cell.text("13600008584"), CONTEXT.withSeries(true))
                        .has(FindingCode.SERIES))
                .isTrue();
    }

    @Test
    void a_number_cell_keeps_all_its_digits() {
        assertThat(MOBILE.judge(Cell.number("13800138000", "0.00E+00"), CONTEXT).value())
                .extracting(PhoneNumber::e164)
                .isEqualTo("+8613800138000");
        assertThat(MOBILE.judge(Cell.number("1.3800138E10", null), CONTEXT).value())
                .extracting(PhoneNumber::e164)
                .isEqualTo("+8613800138000");
    }

    @ParameterizedTest
    @CsvSource({
        "'+862162345678;ext=8001', +862162345678;ext=8001",
        "'021-62345678-8001', +862162345678;ext=8001",
        "'010-62345678转8001', +861062345678;ext=8001",
        "'(0571)87654321 分机 12', +8657187654321;ext=12",
        "'0105-2345678', +861052345678",
        "'+86-0755-85332245', +8675585332245",
        "400-810-5400, +864008105400",
    })
    void landlines_keep_their_extension(String raw, String text) {
        Judged<PhoneNumber> judged = LANDLINE.judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).extracting(PhoneNumber::text).isEqualTo(text);
        assertThat(judged.flagged()).isFalse();
    }

    @Test
    void a_lost_zero_is_put_back_and_flagged() {
        Judged<PhoneNumber> judged = LANDLINE.judge(Cell.number("1062345678", null), CONTEXT);

        assertThat(judged.value()).extracting(PhoneNumber::e164).isEqualTo("+861062345678");
        assertThat(judged.has(FindingCode.LEADING_ZERO)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0755-8601338", "010-12345678", "12345678"})
    void short_and_made_up_landlines_are_refused(String raw) {
        assertThat(LANDLINE.judge(Cell.text(raw), CONTEXT).rejected()).isTrue();
    }

    @Test
    void a_local_number_is_never_taken_for_a_hotline_behind_an_area_code() {
        for (String raw : List.of("56695044", "5669 5044", "56695044/62345678")) {
            Judged<PhoneNumber> judged = LANDLINE.judge(Cell.text(raw), CONTEXT);

            assertThat(judged.value()).as(raw).isNull();
            assertThat(judged.findings()).as(raw).isNotEmpty();
            assertThat(MOBILE.judge(Cell.text(raw), CONTEXT).value()).as(raw).isNull();
        }
        assertThat(LANDLINE.judge(Cell.text("56695044"), CONTEXT.withCity("石家庄市"))
                        .value()
                        .text())
                .isEqualTo("+8631156695044");
    }
}

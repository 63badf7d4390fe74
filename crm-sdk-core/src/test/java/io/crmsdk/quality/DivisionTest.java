package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class DivisionTest {
    private static final JudgeContext CONTEXT = JudgeContext.on(LocalDate.of(2026, 11, 24));

    @Test
    void names_match_without_their_suffix() {
        assertThat(Division.named("浙江", Division.Level.PROVINCE))
                .extracting(Division::code)
                .containsExactly("33");
        assertThat(Division.named("广西", Division.Level.PROVINCE))
                .extracting(Division::code)
                .containsExactly("45");
        assertThat(Division.named("延边", Division.Level.PREFECTURE))
                .extracting(Division::name)
                .containsExactly("延边朝鲜族自治州");
        assertThat(Division.named("乌鲁木齐", Division.Level.PREFECTURE)).hasSize(1);
    }

    @Test
    void the_table_knows_new_and_not_abolished_counties() {
        assertThat(Division.ofCode("330113")).map(Division::name).contains("临平区");
        assertThat(Division.ofCode("330104")).isEmpty();
        assertThat(Division.ofCode("710000")).map(Division::name).contains("台湾省");
        assertThat(Division.ofCode("330100")).map(Division::name).contains("杭州市");
    }

    @Test
    void a_county_that_several_cities_have_needs_its_city() {
        Judge<Division> counties = Judges.division(Division.Level.COUNTY);

        assertThat(counties.judge(Cell.text("鼓楼区"), CONTEXT).has(FindingCode.AMBIGUOUS))
                .isTrue();
        assertThat(counties.judge(Cell.text("鼓楼区"), CONTEXT.withCity("南京市")).value())
                .isEqualTo(new Division("320106", "鼓楼区"));
    }

    @Test
    void a_municipality_is_its_own_city() {
        Judge<Division> cities = Judges.division(Division.Level.PREFECTURE);

        assertThat(cities.judge(Cell.text("上海"), CONTEXT).value()).isEqualTo(new Division("31", "上海市"));
        assertThat(Division.ofCode("310115").flatMap(Division::parent))
                .map(Division::name)
                .contains("上海市");
    }

    @Test
    void an_unknown_name_is_a_suspicion() {
        Judged<Division> judged = Judges.division(Division.Level.COUNTY).judge(Cell.text("和安县"), CONTEXT);

        assertThat(judged.value()).isNull();
        assertThat(judged.findings()).extracting(Finding::certainty).containsOnly(Certainty.SUSPECT);
    }

    @Test
    void every_prefecture_with_an_area_code_gives_landlines_that_exist() {
        Judge<?> landlines = Judges.landline("CN");

        assertThat(AreaCodes.ofCity("成都")).isEqualTo("28");
        assertThat(AreaCodes.ofCity("海西蒙古族藏族自治州")).isNull();
        assertThat(landlines
                        .judge(Cell.text("55731412"), CONTEXT.withCity("成都市"))
                        .outcome())
                .isEqualTo(Action.REPAIR_FLAGGED);
        assertThat(landlines.judge(Cell.text("55731412"), CONTEXT).outcome()).isEqualTo(Action.REJECT);
    }
}

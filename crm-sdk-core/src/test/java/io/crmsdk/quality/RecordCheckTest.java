package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import nl.jqno.equalsverifier.EqualsVerifier;
import org.junit.jupiter.api.Test;

class RecordCheckTest {
    private static final RecordCheck CHECK = RecordCheck.of(
            FieldRule.of("code")
                    .required()
                    .format("[0-9]{6}", "six digits")
                    .unique()
                    .build(),
            FieldRule.of("name").required().length(2, 5).build(),
            FieldRule.of("level").oneOf("A", "B").build());

    @Test
    void a_record_that_keeps_all_rules_has_no_findings() {
        assertThat(CHECK.begin().check("row 2", Map.of("code", "000123", "name", "张三", "level", "A")))
                .isEmpty();
    }

    @Test
    void every_broken_rule_is_reported_at_once() {
        assertThat(CHECK.begin().check("row 2", Map.of("code", "12", "name", "𠮷", "level", "C")))
                .extracting(Finding::code)
                .containsExactly(FindingCode.FORMAT, FindingCode.LENGTH, FindingCode.NOT_ALLOWED);
        assertThat(CHECK.begin().check("row 2", Map.of("name", " ")))
                .extracting(Finding::code)
                .containsExactly(FindingCode.REQUIRED, FindingCode.REQUIRED);
    }

    @Test
    void a_duplicate_names_the_first_record_and_not_the_value() {
        RecordCheck.Run run = CHECK.begin();
        run.check("row 2", Map.of("code", "000123", "name", "张三"));

        Finding duplicate =
                run.check("row 9", Map.of("code", "000123", "name", "李四")).get(0);

        assertThat(duplicate.code()).isEqualTo(FindingCode.DUPLICATE);
        assertThat(duplicate.message()).contains("row 2").doesNotContain("000123");
        assertThat(CHECK.begin().check("row 2", Map.of("code", "000123", "name", "张三")))
                .isEmpty();
    }

    @Test
    void rules_that_nothing_can_keep_are_refused() {
        assertThatThrownBy(() -> FieldRule.of("x").length(5, 2).build()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldRule.of("x").format("[", "?")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldRule.of("x").length(3, 4).oneOf("A", "B").build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RecordCheck.of(
                        FieldRule.of("x").build(), FieldRule.of("x").build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x");
    }

    @Test
    void values_are_equal_by_value() {
        EqualsVerifier.forClass(Cell.class).verify();
        EqualsVerifier.forClass(Finding.class).verify();
        EqualsVerifier.forClass(JudgeContext.class).verify();
        EqualsVerifier.forClass(Division.class).verify();
        assertThat(FieldRule.of("x").format("a+", "m").build())
                .isEqualTo(FieldRule.of("x").format("a+", "m").build());
        assertThat(FieldRule.of("x").format("a+", "m").build())
                .isNotEqualTo(FieldRule.of("x").format("b+", "m").build());
    }
}

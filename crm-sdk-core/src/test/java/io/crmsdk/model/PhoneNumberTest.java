package io.crmsdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneNumberTest {
    @ParameterizedTest
    @CsvSource({
        "13800138000, +8613800138000",
        "013800138000, +8613800138000",
        "8613800138000, +8613800138000",
        "0086-138-0013-8000, +8613800138000",
        "'+86 (0)138 0013 8000', +8613800138000",
        "(+86)13800138000, +8613800138000",
        "１３８００１３８０００, +8613800138000",
        "+886 912 345 678, +886912345678",
        "+44 20 7946 0958, +442079460958",
        "+852-91234567, +85291234567",
        "400-820-8820, +864008208820",
        "021-62345678转8012, +862162345678;ext=8012",
        "021-62345678-8001, +862162345678;ext=8001",
        "021-62345678 ext. 8001, +862162345678;ext=8001",
        "021-62345678#15, +862162345678;ext=15",
        "0591-76303028转接8008, +8659176303028;ext=8008",
        "025-67885429分机12, +862567885429;ext=12",
        "'（０２０）６４２７７９５６', +862064277956",
    })
    void numbers_in_all_their_writings_are_read(String raw, String text) {
        PhoneNumber number = PhoneNumber.parse(raw, "CN");

        assertThat(number.text()).isEqualTo(text);
        assertThat(number.raw()).isEqualTo(raw);
        assertThat(number.valid()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "13800138000.0, PRECISION",
        "1.3800138E10, SCIENTIFIC_NOTATION",
        "1.38001E+10, SCIENTIFIC_NOTATION",
        "138****8000, MASKED",
        "13800138000/13900139000, AMBIGUOUS_PHONE",
        "13800138000；13900139000, AMBIGUOUS_PHONE",
        "张三13800138000, INVALID_PHONE",
        "O13800138000, INVALID_PHONE",
        "l3800138000, INVALID_PHONE",
        "1-800-FLOWERS, INVALID_PHONE",
        "852-91234567, INVALID_PHONE",
        "1380013800, INVALID_PHONE",
        "62345678, INVALID_PHONE",
        "10086, INVALID_PHONE",
        "+8613800138000;phone-context=evil.test, INVALID_PHONE",
        "+86 +86 13800138000, INVALID_PHONE",
        "0755-8601338, INVALID_PHONE",
        "12800138000, INVALID_PHONE",
        "10648123456789, INVALID_PHONE",
    })
    void what_would_become_somebody_elses_number_is_refused(String raw, String code) {
        assertThatThrownBy(() -> PhoneNumber.parse(raw, "CN"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageNotContaining(raw);
    }

    @Test
    void the_plan_tells_what_a_number_is() {
        assertThat(PhoneNumber.ofE164("+8613800138000").kind()).isEqualTo(PhoneNumber.Kind.MOBILE);
        assertThat(PhoneNumber.ofE164("+862162345678;ext=1").kind()).isEqualTo(PhoneNumber.Kind.LANDLINE);
        assertThat(PhoneNumber.ofE164("+864008208820").kind()).isEqualTo(PhoneNumber.Kind.SERVICE);
        assertThat(PhoneNumber.unread("内线 8001").kind()).isEqualTo(PhoneNumber.Kind.OTHER);
    }

    @Test
    void a_number_that_could_not_be_read_keeps_what_was_written() {
        PhoneNumber number = PhoneNumber.unread("内线 8001");

        assertThat(number.valid()).isFalse();
        assertThat(number.raw()).isEqualTo("内线 8001");
        assertThat(number.text()).isNull();
    }

    @Test
    void an_international_form_has_at_most_fifteen_digits() {
        assertThatThrownBy(() -> PhoneNumber.ofE164("+1234567890123456")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> PhoneNumber.ofE164("8613800138000")).isInstanceOf(ModelException.class);
        assertThatThrownBy(() -> PhoneNumber.ofE164("+8613800138000;ext=x")).isInstanceOf(ModelException.class);
    }

    @Test
    void numbers_are_equal_by_value() {
        EqualsVerifier.forClass(PhoneNumber.class)
                .withIgnoredFields("kind")
                .suppress(Warning.NULL_FIELDS)
                .verify();
    }
}

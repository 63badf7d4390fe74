package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTest {
    private static final long SEED = 20261124;
    private static final String CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

    @ParameterizedTest
    @ValueSource(strings = {"11010519491231002X", "440524188001010014", "110101199003070011", "310115198511200012"})
    void resident_ids_of_the_standard_pass(String number) {
        assertThat(ResidentId.isValid(number)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "440524188001010010",
                "11010519491231002x",
                "110105194912310020",
                "110199199302308443",
                "11010519491231002",
                ""
            })
    void others_do_not(String number) {
        assertThat(ResidentId.isValid(number)).isFalse();
    }

    @Test
    void every_change_of_one_digit_and_every_swap_of_neighbours_is_noticed() {
        String number = "11010519491231002X";
        int changes = 0;
        for (int i = 0; i < 17; i++) {
            for (char digit = '0'; digit <= '9'; digit++) {
                if (digit != number.charAt(i)) {
                    changes++;
                    assertThat(ResidentId.checkDigitFits(number.substring(0, i) + digit + number.substring(i + 1)))
                            .isFalse();
                }
            }
        }
        for (int i = 0; i < 16; i++) {
            if (number.charAt(i) != number.charAt(i + 1)) {
                String swapped =
                        number.substring(0, i) + number.charAt(i + 1) + number.charAt(i) + number.substring(i + 2);
                assertThat(ResidentId.checkDigitFits(swapped)).isFalse();
            }
        }
        assertThat(changes).isEqualTo(153);
    }

    @Test
    void a_resident_id_tells_birth_date_and_sex() {
        ResidentId id = new ResidentId("11010519491231002X");

        assertThat(id.birthDate()).hasToString("1949-12-31");
        assertThat(id.isMale()).isFalse();
        assertThat(id.divisionCode()).isEqualTo("110105");
        assertThat(id).hasToString("110105********002X");
    }

    @Test
    void the_old_form_of_a_resident_id_gets_century_and_check_digit() {
        assertThat(ResidentId.fromOldForm("330199991121318"))
                .map(ResidentId::number)
                .contains("330199199911213184");
        assertThat(ResidentId.fromOldForm("330199991321318")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"91430100MA4M76GY99", "91430103MACWD65H6H", "91350100M000100Y43", "12100000400001234Y"})
    void credit_codes_of_the_standard_pass(String code) {
        assertThat(CreditCode.isValid(code)).isTrue();
    }

    @Test
    void the_organization_code_has_a_check_of_its_own() {
        assertThat(CreditCode.organizationCheck("MA4M76GY")).isEqualTo('9');
        assertThat(CreditCode.organizationCheck("MACWD65H")).isEqualTo('6');
        assertThat(new CreditCode("91430100MA4M76GY99").organizationCheckFits()).isTrue();
    }

    @Test
    void random_credit_codes_notice_every_change_of_one_place() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50; round++) {
            StringBuilder places = new StringBuilder();
            for (int i = 0; i < 17; i++) {
                places.append(CODE_ALPHABET.charAt(random.nextInt(31)));
            }
            String code = places.toString() + CreditCode.checkCharacter(places.toString());
            assertThat(CreditCode.isValid(code)).as("seed " + SEED).isTrue();
            for (int i = 0; i < 18; i++) {
                for (char c : CODE_ALPHABET.toCharArray()) {
                    if (c != code.charAt(i)) {
                        assertThat(CreditCode.isValid(code.substring(0, i) + c + code.substring(i + 1)))
                                .isFalse();
                    }
                }
            }
        }
    }

    @Test
    void look_alike_letters_are_read_only_if_the_check_passes() {
        assertThat(CreditCode.fromLookAlikes("91330199MAS66XDH66"))
                .map(CreditCode::code)
                .contains("91330199MA566XDH66");
        assertThat(CreditCode.fromLookAlikes("91330199MAS66XDH67")).isEmpty();
        assertThat(CreditCode.fromLookAlikes("91330199MA566XDH66")).isEmpty();
    }
}

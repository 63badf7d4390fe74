package io.crmsdk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    private static final long SEED = 20261124;

    @ParameterizedTest
    @CsvSource({
        "user@例子.公司, user@xn--fsqu00a.xn--55qx5d",
        "user@faß.de, user@xn--fa-hia.de",
        "user@bücher.example, user@xn--bcher-kva.example",
        "user@παράδειγμα.δοκιμή, user@xn--hxajbheg2az3al.xn--jxalpdlp",
        "User@EXAMPLE.com, User@example.com",
        "user@xn--fsqu00a.xn--55qx5d, user@xn--fsqu00a.xn--55qx5d",
    })
    void the_wire_form_names_the_same_domain(String raw, String wire) {
        EmailAddress address = EmailAddress.parse(raw);

        assertThat(address.raw()).isEqualTo(raw);
        assertThat(address.wire()).isEqualTo(wire);
    }

    @ParameterizedTest
    @CsvSource({
        "User.Name@Example.COM, user.name@example.com",
        "user@例子.公司, user@xn--fsqu00a.xn--55qx5d",
        "Üser@example.com, üser@example.com",
        "user+Tag@example.com, user+tag@example.com",
    })
    void the_canonical_form_folds_case_and_domain(String raw, String canonical) {
        assertThat(EmailAddress.parse(raw).canonical()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@x.test\r\nRCPT TO:<e@x.test>",
                "a\u0000@x.test",
                "a@x.test\u2028",
                "\"|/bin/true\"@x.test",
                "x.test!e@y.test",
                "e%y.test@x.test",
                "=?utf-8?Q?a?=@x.test",
                "ａdmin@x.test",
                "a@x｡test",
                "a@xn--.test",
                "a@[1.2.3.4]",
                "a@127.0.0.1",
                "a@localhost",
                "a@example.cоm",
                "pаypal@example.com",
                "a@x\u200Dy.test",
                "a@\u0301x.test",
                "a\u00A0b@x.test",
                "a@x..test",
                " a@x.test",
                "a@x.test ",
                "a\u200B@x.test",
                "a@xn--fass-.de",
                "a@xn--abc.test"
            })
    void what_could_become_another_address_is_refused(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text))
                .isInstanceOf(ModelException.class)
                .hasMessageNotContaining(text);
    }

    @Test
    void the_refusal_names_field_and_class() {
        assertThatThrownBy(() -> EmailAddress.parse("a@x.test\nBcc: e@x.test"))
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.code()).isEqualTo("HEADER_INJECTION");
                    assertThat(e.field()).isEqualTo("emails.address");
                });
    }

    @Test
    void only_some_addresses_need_smtputf8() {
        assertThat(EmailAddress.parse("user@例子.公司").needsSmtpUtf8()).isFalse();
        assertThat(EmailAddress.parse("张三@example.com").needsSmtpUtf8()).isTrue();
    }

    @Test
    void the_canonical_form_of_a_canonical_form_is_itself() {
        Random random = new Random(SEED);
        int accepted = 0;
        for (int round = 0; round < 100_000; round++) {
            String text = text(random) + "@" + text(random) + "." + text(random);
            EmailAddress address = EmailAddress.tryParse(text).orElse(null);
            if (address == null) {
                continue;
            }
            accepted++;
            assertThat(address.raw()).isEqualTo(text);
            assertThat(EmailAddress.tryParse(address.canonical()))
                    .as("seed %d: %s", SEED, text)
                    .hasValueSatisfying(again -> assertThat(again.canonical()).isEqualTo(address.canonical()));
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    @Test
    void folding_is_idempotent_for_every_character() {
        for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
            EmailAddress address = EmailAddress.tryParse(Character.toString(c) + "@example.com")
                    .orElse(null);
            if (address != null) {
                String once = address.canonical();
                assertThat(EmailAddress.tryParse(once).map(EmailAddress::canonical))
                        .as("U+%04X", c)
                        .contains(once);
            }
        }
    }

    @Test
    void one_address_is_equal_to_itself_only() {
        EqualsVerifier.forClass(EmailAddress.class)
                .withOnlyTheseFields("raw")
                .suppress(Warning.NULL_FIELDS, Warning.ALL_NONFINAL_FIELDS_SHOULD_BE_USED)
                .verify();
    }

    /** Mostly one script, so that some texts are legal. */
    private static String text(Random random) {
        int[] bases = {
            'a', 'A', '0', 0xDF, 0x100, 0x370, 0x400, 0x531, 0x4E00, 0x3041, 0xAC00, 0xFF21, 0x10400, 0x1E00, 0x2C60
        };
        int base = bases[random.nextInt(bases.length)];
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.appendCodePoint(base + random.nextInt(26));
        }
        return text.toString();
    }

    @Test
    void a_domain_that_only_lower_case_would_make_ordinary_is_refused() {
        for (String address : java.util.List.of("a@\u212Aelvin.com", "a@\u212Bngstrom.com", "a@fa\u017Ft.com")) {
            assertThat(EmailAddress.tryParse(address)).as(address).isEmpty();
        }
    }
}

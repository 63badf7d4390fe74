package io.crmsdk.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import nl.jqno.equalsverifier.EqualsVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContactKeyTest {
    /** L15, R13 */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "li.wang@yunfan.example",
                "  Li.Wang@YUNFAN.Example\t",
                "ｌｉ．ｗａｎｇ＠ｙｕｎｆａｎ．ｅｘａｍｐｌｅ",
                "LI.WANG@yunfan。example"
            })
    void case_width_and_blanks_do_not_change_a_key(String text) {
        assertThat(ContactKey.email(text)).isEqualTo(ContactKey.email("li.wang@yunfan.example"));
    }

    @Test
    void the_two_forms_of_a_chinese_domain_are_one_key() {
        assertThat(ContactKey.email("li@例子.公司")).isEqualTo(ContactKey.email("li@xn--fsqu00a.xn--55qx5d"));
    }

    /** L15 */
    @Test
    void a_key_of_a_key_is_the_key_whatever_was_written() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String letters = "abcXYZäßİıſ王ｗ0.+-";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder local = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                local.append(letters.charAt(random.nextInt(letters.length())));
            }
            ContactKey key;
            try {
                key = ContactKey.email(local + "@Example.com");
            } catch (ConsentException e) {
                continue;
            }
            assertThat(ContactKey.email(key.address())).as("seed " + seed).isEqualTo(key);
            assertThat(ContactKey.email(" " + key.address().toUpperCase(java.util.Locale.ROOT) + " ")
                            .family())
                    .as("seed " + seed)
                    .satisfies(family -> assertThat(family.family()).isEqualTo(family));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Li.Wang+shop@gmail.com, liwang@gmail.com",
        "liwang@googlemail.com, liwang@gmail.com",
        "li.wang+a+b@example.com, li.wang@example.com",
        "li.wang@example.com, li.wang@example.com",
        "+shop@example.com, +shop@example.com"
    })
    void a_family_is_wider_than_a_key(String address, String family) {
        assertThat(ContactKey.email(address).family().address()).isEqualTo(family);
    }

    @Test
    void phones_are_compared_by_their_international_form() {
        assertThat(ContactKey.phone("138-0013-8000", "CN")).isEqualTo(ContactKey.parse(" +86 138 0013 8000"));
        assertThatThrownBy(() -> ContactKey.phone("138****8000", "CN")).hasMessageContaining("INVALID_KEY");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "li", "li@", "li@example.com, zhang@example.com", "li@example.com\r\nBcc: x@y.example"})
    void what_is_no_address_is_no_key(String text) {
        assertThatThrownBy(() -> ContactKey.parse(text)).isInstanceOf(ConsentException.class);
    }

    @Test
    void a_key_shows_no_address() {
        for (ContactKey key : List.of(
                ContactKey.email("li.wang@yunfan.example"),
                ContactKey.phone("13800138000", "CN"),
                ContactKey.of("wecom", "WangLi-17"))) {
            assertThat(key.toString()).doesNotContain(key.address()).startsWith(key.channel() + ":");
        }
        EqualsVerifier.forClass(ContactKey.class).verify();
        EqualsVerifier.forClass(Scope.class).verify();
    }

    @ParameterizedTest
    @CsvSource({"Marketing/ Newsletter ,marketing/newsletter", "ＡＬＬ,all", "all/Marketing,marketing", "优惠券/周报,优惠券/周报"})
    void a_scope_has_one_text_form(String text, String form) {
        assertThat(Scope.of(text)).hasToString(form);
        assertThat(Scope.of(form)).isEqualTo(Scope.of(text));
    }

    @Test
    void a_scope_covers_itself_and_what_is_below_and_nothing_beside() {
        Scope news = Scope.of("marketing/news");

        assertThat(Scope.ALL.covers(news)).isTrue();
        assertThat(Scope.of("marketing").covers(news)).isTrue();
        assertThat(news.covers(news)).isTrue();
        assertThat(news.covers(Scope.of("marketing/newsletter"))).isFalse();
        assertThat(news.covers(Scope.of("marketing"))).isFalse();
        assertThat(news.parent().parent()).isEqualTo(Scope.ALL);
        assertThat(news.covers(Scope.ALL)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "a/", "a\tb", "a\nb"})
    void what_has_an_empty_word_or_a_control_is_no_scope(String text) {
        assertThatThrownBy(() -> Scope.of(text)).hasMessageContaining("INVALID_SCOPE");
    }
}

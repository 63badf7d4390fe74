package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A template says what its values say, or nothing at all. */
final class EmailTemplateTest {
    private static EmailTemplate.Builder template() {
        return EmailTemplate.builder("welcome")
                .subject("Hi {{name}}")
                .text("Dear {{name}}")
                .html("<p>Dear {{name}}</p>");
    }

    @Test
    void values_are_escaped_in_html_and_plain_elsewhere() {
        EmailTemplate.Preview preview = template().build().preview(Map.of("name", "<b>& 张三"));

        assertThat(preview.subject()).isEqualTo("Hi <b>& 张三");
        assertThat(preview.text()).isEqualTo("Dear <b>& 张三");
        assertThat(preview.html()).isEqualTo("<p>Dear &lt;b&gt;&amp; 张三</p>");
    }

    @Test
    void template_code_in_a_value_is_text() {
        assertThat(template().build().preview(Map.of("name", "{{7*7}}")).text()).isEqualTo("Dear {{7*7}}");
    }

    @Test
    void a_missing_field_is_an_error_that_names_it() {
        EmailTemplate template =
                template().text("Dear {{name}},\n\nyou owe {{amount}}").build();

        assertThat(template.fields()).containsExactly("amount", "name");
        assertThatThrownBy(() -> template.preview(Map.of("name", "Ann")))
                .isInstanceOf(MailException.class)
                .hasMessage("UNKNOWN_VARIABLE: template welcome, text, line 3: no value for field amount");
        assertThatThrownBy(() -> template().sample(Map.of("nam", "typo")).build())
                .hasMessageContaining("field name");
    }

    @Test
    void a_missing_section_is_an_error_too() {
        EmailTemplate template =
                template().text("{{#items}}- {{title}}\n{{/items}}").build();

        assertThatThrownBy(() -> template.preview(Map.of("name", "Ann"))).hasMessageContaining("field items");
        assertThat(template.preview(Map.of("name", "Ann", "items", List.of())).text())
                .isEmpty();
    }

    @Test
    void lists_numbers_and_conditions_are_shown() {
        EmailTemplate template = template()
                .text(
                        "{{#items}}- {{title}} {{price}}\n{{/items}}{{^paid}}Please pay.{{/paid}}{{#vip}}Thank you!{{/vip}}")
                .build();

        String text = template.preview(Map.of(
                        "name",
                        "Ann",
                        "items",
                        List.of(
                                Map.of("title", "Tea", "price", new BigDecimal("1E+3")),
                                Map.of("title", "Cup", "price", 2)),
                        "paid",
                        false,
                        "vip",
                        true))
                .text();

        assertThat(text).isEqualTo("- Tea 1000\n- Cup 2\nPlease pay.Thank you!");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{name",
                "{{constructor.constructor('return 1')()}}",
                "{{name.getClass().forName('java.lang.System')}}",
                "{{{name}}}",
                "{{&name}}",
                "{{>other}}",
                "{{=<% %>=}}<%name%>",
                "{{#name}}open",
                "{{/name}}"
            })
    void what_is_no_plain_template_is_refused(String source) {
        assertThatThrownBy(() -> template().html(source).build())
                .isInstanceOf(MailException.class)
                .hasMessageStartingWith("MALFORMED");
    }

    @Test
    void other_template_languages_are_literal_text() {
        String source = "<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"true\")}";

        assertThat(template().text(source).build().preview(Map.of("name", "x")).text())
                .isEqualTo(source);
    }

    @Test
    void no_method_or_field_of_a_value_can_be_reached() {
        EmailTemplate template =
                template().text("{{name.length}} {{name.class}}").build();

        assertThatThrownBy(() -> template.preview(Map.of("name", "Ann"))).hasMessageStartingWith("UNKNOWN_VARIABLE");
        assertThatThrownBy(() -> template().build().preview(Map.of("name", new Object())))
                .hasMessageStartingWith("UNSAFE_TYPE")
                .hasMessageContaining("field name");
    }

    @Test
    void a_value_cannot_add_a_header() {
        assertThatThrownBy(() -> template().build().preview(Map.of("name", "x\r\nBcc: e@x.test")))
                .hasMessageStartingWith("HEADER_INJECTION");
    }

    @Test
    void it_fills_a_mail_with_language_and_mark() {
        Email email = template()
                .text("")
                .language(Locale.CHINESE)
                .subjectMark(SubjectMark.CHINA_LATIN)
                .build()
                .fill(Map.of("name", "Ann"))
                .from("a@shop.example", "Shop")
                .to("ann@example.com")
                .build();

        assertThat(email.subject()).isEqualTo("AD: Hi Ann");
        assertThat(email.text()).isEqualTo("Dear Ann\n");
    }
}

package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.VipLevel;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgesTest {
    private static final JudgeContext CONTEXT = JudgeContext.on(LocalDate.of(2026, 11, 24));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    陈宇 <a@example.com> | a@example.com
                    E-mail：a@example.com | a@example.com
                    mailto:a@example.com | a@example.com
                    a@example.com。 | a@example.com
                    ａ＠ｅｘａｍｐｌｅ．ｃｏｍ | a@example.com
                    a@example.com；b@example.com | a@example.com
                    (a@example.com) | a@example.com
                    """)
    void what_surrounds_an_address_is_removed(String raw, String address) {
        Judged<EmailAddress> judged = Judges.email().judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).extracting(EmailAddress::raw).isEqualTo(address);
        assertThat(judged.outcome()).isEqualTo(Action.REPAIR);
    }

    @Test
    void chinese_full_stops_in_an_address_are_a_guess() {
        Judged<EmailAddress> judged = Judges.email().judge(Cell.text("a@example。com"), CONTEXT);

        assertThat(judged.outcome()).isEqualTo(Action.REPAIR_FLAGGED);
        assertThat(judged.value()).extracting(EmailAddress::raw).isEqualTo("a@example.com");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ￥1,234.50 | 1234.50
                    1,234.50元 | 1234.50
                    1.2万 | 12000.00
                    3.5亿元 | 350000000.00
                    (500.00) | -500.00
                    （500.00） | -500.00
                    -12 | -12.00
                    RMB 53,534.52 | 53534.52
                    ５３,２５３．５４ | 53253.54
                    99999999999999999.99 | 99999999999999999.99
                    12.5 | 12.50
                    0 | 0.00
                    """)
    void amounts_are_exact(String raw, String amount) {
        Judged<Money> judged = Judges.money("CNY").judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).isEqualTo(Money.of(amount, "CNY"));
        assertThat(judged.flagged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7.234,50",
                "1.234",
                "1,23",
                "$100",
                "100美元",
                "约5000",
                "5000+",
                "1000-2000",
                "Infinity",
                "NaN",
                "1e3",
                "12%",
                "壹万",
                "--5",
                "-(5)",
                "(5",
                "1,2345",
                "***",
                "#VALUE!"
            })
    void an_amount_with_no_or_two_readings_is_refused(String raw) {
        assertThat(Judges.money("CNY").judge(Cell.text(raw), CONTEXT).rejected())
                .isTrue();
    }

    @Test
    void the_noise_of_binary_fractions_is_rounded_away_and_nothing_else() {
        Judge<Money> money = Judges.money("CNY");

        assertThat(money.judge(Cell.number("0.30000000000000004", null), CONTEXT)
                        .value())
                .isEqualTo(Money.of("0.30", "CNY"));
        assertThat(money.judge(Cell.number("48898.97000000001", null), CONTEXT).value())
                .isEqualTo(Money.of("48898.97", "CNY"));
        assertThat(money.judge(Cell.number("12.345", null), CONTEXT).value()).isEqualTo(Money.of("12.345", "CNY"));
        assertThat(money.judge(Cell.number("1E+20", null), CONTEXT).flagged()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2024/1/5, 2024-01-05",
        "2024年1月5日, 2024-01-05",
        "2024.1.5, 2024-01-05",
        "20240105, 2024-01-05",
        "45658, 2025-01-01",
        "96/8/4, 1996-08-04",
        "2024-01-05 00:00:00, 2024-01-05",
        "25/12/1999, 1999-12-25",
    })
    void dates_with_one_reading_are_taken(String raw, LocalDate date) {
        assertThat(Judges.date().judge(Cell.text(raw), CONTEXT).value()).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03/3/23",
                "1/5/24",
                "3/4/1996",
                "1月15日",
                "3月4日",
                "2024-02-30",
                "1994/13/05",
                "2024",
                "2024-05",
                "昨天",
                "1900-01-00",
                "99999",
                "1850-01-01",
                "1996-08-03T16:00:00Z"
            })
    void other_dates_are_refused(String raw) {
        assertThat(Judges.date().judge(Cell.text(raw), CONTEXT).rejected()).isTrue();
    }

    @Test
    void a_day_count_depends_on_the_workbook() {
        Cell serial = Cell.number("45658", "General");

        assertThat(Judges.date().judge(serial, CONTEXT).value()).isEqualTo("2025-01-01");
        assertThat(Judges.date().judge(serial.withDate1904(true), CONTEXT).value())
                .isEqualTo("2029-01-02");
        assertThat(Judges.birthday().judge(serial.withDate1904(true), CONTEXT).has(FindingCode.FUTURE))
                .isTrue();
        assertThat(Judges.date()
                        .judge(Cell.date("60", "yyyy-mm-dd", false), CONTEXT)
                        .rejected())
                .isTrue();
        assertThat(Judges.date()
                        .judge(Cell.date("61", "yyyy-mm-dd", false), CONTEXT)
                        .value())
                .isEqualTo("1900-03-01");
    }

    @Test
    void the_same_word_means_the_opposite_in_the_opposite_column() {
        Judge<OptOut> unsubscribed = Judges.optOut(Polarity.YES_MEANS_OPTED_OUT);
        Judge<OptOut> subscribed = Judges.optOut(Polarity.YES_MEANS_SUBSCRIBED);

        for (String yes : List.of("是", "Y", "1", "TRUE", "√", "有", "ｙｅｓ")) {
            assertThat(unsubscribed.judge(Cell.text(yes), CONTEXT).value()).isEqualTo(OptOut.OPTED_OUT);
            assertThat(subscribed.judge(Cell.text(yes), CONTEXT).value()).isEqualTo(OptOut.NOT_OPTED_OUT);
        }
        for (String word : List.of("退订", "ＴＤ", "td ", " 退 订 ", "unsubscribed", "opt-out", "STOP", "黑名单")) {
            assertThat(unsubscribed.judge(Cell.text(word), CONTEXT).value()).isEqualTo(OptOut.OPTED_OUT);
            assertThat(subscribed.judge(Cell.text(word), CONTEXT).value()).isEqualTo(OptOut.OPTED_OUT);
        }
        assertThat(unsubscribed.judge(Cell.bool(true), CONTEXT).value()).isEqualTo(OptOut.OPTED_OUT);
        assertThat(subscribed.judge(Cell.number("0", null), CONTEXT).value()).isEqualTo(OptOut.OPTED_OUT);
    }

    @Test
    void a_cross_and_words_that_speak_of_a_no_end_as_a_no_with_a_flag() {
        for (Polarity polarity : List.of(Polarity.YES_MEANS_OPTED_OUT, Polarity.YES_MEANS_SUBSCRIBED)) {
            for (String text : List.of("x", "Ｘ", "请勿再联系", "不愿意", "不想收到", "No thanks", "please remove", "Don't mail")) {
                Judged<OptOut> judged = Judges.optOut(polarity).judge(Cell.text(text), CONTEXT);

                assertThat(judged.value()).as(text).isEqualTo(OptOut.OPTED_OUT);
                assertThat(judged.has(FindingCode.UNKNOWN_WORD)).as(text).isTrue();
            }
            for (String text : List.of("DND", "do not disturb", "请勿发送", "别发", "not subscribed")) {
                assertThat(Judges.optOut(polarity)
                                .judge(Cell.text(text), CONTEXT)
                                .value())
                        .as(text)
                        .isEqualTo(OptOut.OPTED_OUT);
            }
        }
        Judge<OptOut> unsubscribed = Judges.optOut(Polarity.YES_MEANS_OPTED_OUT);
        for (String no : List.of("0.0", "不", "nein", "×")) {
            assertThat(unsubscribed.judge(Cell.text(no), CONTEXT).value())
                    .as(no)
                    .isEqualTo(OptOut.NOT_OPTED_OUT);
        }
        for (String yes : List.of("1.0", "是的", "ja")) {
            assertThat(unsubscribed.judge(Cell.text(yes), CONTEXT).value())
                    .as(yes)
                    .isEqualTo(OptOut.OPTED_OUT);
        }
    }

    @Test
    void a_number_that_is_a_year_is_no_day_count() {
        for (String year : List.of("1990", "2024")) {
            assertThat(Judges.date().judge(Cell.number(year, null), CONTEXT).rejected())
                    .as(year)
                    .isTrue();
            assertThat(Judges.birthday().judge(Cell.number(year, null), CONTEXT).has(FindingCode.YEAR))
                    .as(year)
                    .isTrue();
        }
    }

    @Test
    void fifteen_equal_digits_are_no_old_identity_number() {
        assertThat(Judges.residentId()
                        .judge(Cell.text("111111111111111"), CONTEXT)
                        .has(FindingCode.PLACEHOLDER))
                .isTrue();
    }

    @Test
    void what_is_half_known_is_never_a_yes_to_mail() {
        for (Polarity polarity : Polarity.values()) {
            Judge<OptOut> judge = Judges.optOut(polarity);
            for (String text : List.of("?", "待确认", "其他", "2", "再说", "#N/A", "maybe", "")) {
                assertThat(judge.judge(Cell.text(text), CONTEXT).value())
                        .as(text)
                        .isEqualTo(OptOut.UNKNOWN);
            }
            for (String text : List.of("退订?", "客户要求退订", "请不要再发了")) {
                assertThat(judge.judge(Cell.text(text), CONTEXT).value())
                        .as(text)
                        .isEqualTo(OptOut.OPTED_OUT);
            }
            assertThat(judge.judge(Cell.empty(), CONTEXT).value()).isEqualTo(OptOut.UNKNOWN);
        }
    }

    @Test
    void an_unknown_level_is_not_vip() {
        Judge<VipLevel> vip = Judges.vip();

        assertThat(vip.judge(Cell.text("黑钻会员"), CONTEXT).value()).isEqualTo(VipLevel.TIER_5);
        assertThat(vip.judge(Cell.text("非会员"), CONTEXT).value()).isEqualTo(VipLevel.NONE);
        for (String word : List.of("VIP", "VIP9", "特级", "A（重点客户）", "是", "3")) {
            assertThat(vip.judge(Cell.text(word), CONTEXT).rejected()).as(word).isTrue();
        }
        assertThat(Judges.vip(Map.of("A（重点客户）", VipLevel.TIER_3))
                        .judge(Cell.text("A(重点客户)"), CONTEXT)
                        .value())
                .isEqualTo(VipLevel.TIER_3);
        assertThat(vip.judge(Cell.empty(), CONTEXT).value()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "张 三, 张三",
        "张　三, 张三",
        "买买提•艾合买提, 买买提·艾合买提",
        "阿里木・艾合买提, 阿里木·艾合买提",
        "Anna Maria Schmidt, Anna Maria Schmidt",
        "张伟女士, 张伟",
        "欧阳娜娜老师, 欧阳娜娜",
        "曹轩（采购）, 曹轩",
        "寮犱笁, 张三",
        "ÕÅÈý, 张三",
        "李䶮, 李䶮",
        "王建工, 王建工",
    })
    void names_lose_padding_titles_and_wrong_encodings(String raw, String name) {
        assertThat(Judges.personName().judge(Cell.text(raw), CONTEXT).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"王总", "李工", "欧阳经理", "王?", "张?伟", "锟斤拷", "张\uFFFD", "????", "张**", "13800138000", "a\nb"})
    void what_is_no_name_is_refused(String raw) {
        assertThat(Judges.personName().judge(Cell.text(raw), CONTEXT).rejected())
                .isTrue();
    }

    @Test
    void ordinary_names_are_never_taken_for_wrong_encodings() {
        for (String name : List.of(
                "Müller",
                "Zoë",
                "José Ñandú",
                "Łukasz",
                "Şule Çelik",
                "陈磊",
                "王磊鑫",
                "刘淼焱",
                "曾瀚霆",
                "Ærøskøbing",
                "鄭曦瑶",
                "Ñuñez")) {
            Judged<String> judged = Judges.personName().judge(Cell.text(name), CONTEXT);
            assertThat(judged.value()).as(name).isEqualTo(name);
            assertThat(judged.findings()).as(name).isEmpty();
        }
    }

    @Test
    void equal_company_keys_only_make_candidates() {
        assertThat(CompanyName.key("华信（上海）科技有限公司")).isEqualTo(CompanyName.key("华信(上海) 科技有限责任公司"));
        assertThat(CompanyName.key("上海华信科技有限公司")).isNotEqualTo(CompanyName.key("华信(上海)科技有限公司"));
        assertThat(CompanyName.key("华信科技有限公司上海分公司")).isNotEqualTo(CompanyName.key("华信科技有限公司"));
        assertThat(CompanyName.key("华信集团有限公司")).isNotEqualTo(CompanyName.key("华信有限公司"));
        assertThat(CompanyName.key("Acme Co., Ltd.")).isEqualTo(CompanyName.key("ACME CO LTD"));
        assertThat(CompanyName.key("廣東國際貿易有限公司")).isEqualTo(CompanyName.key("广东国际贸易有限公司"));
        assertThat(CompanyName.key("有限公司")).isEmpty();
        assertThat(CompanyName.key("个人")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"123, 000123, REPAIR_FLAGGED", "000123, 000123, KEEP", "123.0, 000123, REPAIR_FLAGGED"})
    void codes_get_their_zeros_back(String raw, String code, Action outcome) {
        Judged<String> judged = Judges.code(6).judge(Cell.text(raw), CONTEXT);

        assertThat(judged.value()).isEqualTo(code);
        assertThat(judged.outcome()).isEqualTo(outcome);
    }

    @Test
    void a_code_that_a_spreadsheet_turned_into_a_date_is_gone() {
        assertThat(Judges.code().judge(Cell.text("3月4日"), CONTEXT).has(FindingCode.TURNED_INTO_DATE))
                .isTrue();
        assertThat(Judges.code(6)
                        .judge(Cell.date("45355", "m月d日", false), CONTEXT)
                        .rejected())
                .isTrue();
        assertThat(Judges.code().judge(Cell.text("1.23456E+11"), CONTEXT).rejected())
                .isTrue();
        assertThat(Judges.postalCode()
                        .judge(Cell.number("10000", "000000"), CONTEXT)
                        .value())
                .isEqualTo("010000");
    }

    @Test
    void remarks_stay_text() {
        Judged<String> judged =
                Judges.remark("note", 1000).judge(Cell.text("=HYPERLINK(\"https://x.example\")"), CONTEXT);

        assertThat(judged.value()).isEqualTo("=HYPERLINK(\"https://x.example\")");
        assertThat(judged.outcome()).isEqualTo(Action.KEEP);
        assertThat(judged.has(FindingCode.FORMULA_TEXT)).isTrue();
    }

    @Test
    void findings_and_cells_do_not_show_what_they_hold() {
        Judged<?> judged = Judges.mobile("CN").judge(Cell.text("张三13800138000"), CONTEXT);

        assertThat(judged.findings().toString()).doesNotContain("13800138000", "张三");
        assertThat(Judges.personName().judge(Cell.text("张三先生"), CONTEXT).toString())
                .doesNotContain("张三");
        assertThat(new CreditCode("91430100MA4M76GY99").toString()).doesNotContain("MA4M76GY99");
        assertThat(Cell.text("张三13800138000").toString()).doesNotContain("13800138000", "张三1");
    }

    @Test
    void a_header_that_was_decoded_wrongly_can_be_told() {
        assertThat(Mojibake.undone("瀹㈡埛鍚嶇О")).contains("客户名称");
        assertThat(Mojibake.undone("客户名称")).isEmpty();
        assertThat(Mojibake.isLost("浜\uFFFD")).isTrue();
    }

    @Test
    void a_rare_character_beside_a_common_one_does_not_hide_a_wrong_decoding() {
        assertThat(Mojibake.undone("璇镐懂")).contains("诸䶮");
        assertThat(Mojibake.undone("ÅËþ\u009F")).contains("潘䶮");
        assertThat(Mojibake.undone("ÖìéF»ù")).contains("朱镕基");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Müller",
                "José",
                "Åse",
                "Øyvind",
                "Ærø",
                "Éloïse",
                "Åsøy",
                "Öğüt",
                "Ñandú",
                "Æ",
                "Zoë",
                "Þórður",
                "Çağ",
                "Łódź",
                "Ångström",
                "Dvořák"
            })
    void a_european_name_is_no_wrong_decoding(String name) {
        assertThat(Mojibake.undone(name)).isEmpty();
    }

    @Test
    void a_superscript_is_no_digit() {
        for (String raw : List.of("10²", "1380013800²", "2024-01-0²", "1101051949123100²X", "００²")) {
            assertThat(Judges.money("CNY").judge(Cell.text(raw), CONTEXT).value())
                    .isNull();
            assertThat(Judges.mobile("CN").judge(Cell.text(raw), CONTEXT).value())
                    .isNull();
            assertThat(Judges.date().judge(Cell.text(raw), CONTEXT).value()).isNull();
            assertThat(Judges.residentId().judge(Cell.text(raw), CONTEXT).value())
                    .isNull();
            assertThat(Judges.code(3).judge(Cell.text(raw), CONTEXT).value()).isNull();
        }
    }

    @Test
    void judges_can_be_converted() {
        Judge<String> domains = Judges.email().map(EmailAddress::domain);

        assertThat(domains.name()).isEqualTo("email");
        assertThat(domains.judge(Cell.text("a@example.com"), CONTEXT).value()).isEqualTo("example.com");
    }

    @Test
    void a_width_out_of_range_is_refused() {
        assertThatThrownBy(() -> Judges.code(0)).isInstanceOf(IllegalArgumentException.class);
    }
}

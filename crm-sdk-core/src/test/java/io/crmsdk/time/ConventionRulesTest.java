package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import nl.jqno.equalsverifier.EqualsVerifier;
import nl.jqno.equalsverifier.Warning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules behind the table, beyond its rows. */
class ConventionRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2024-06-11T08:30:00+14:01         | rfc3339 | ERROR:OUT_OF_RANGE
                    2024-06-11T08:30:00-14:00         | rfc3339 | 2024-06-11T22:30:00Z
                    2024-06-11T08:30:00-23:59         | rfc3339 | ERROR:OUT_OF_RANGE
                    2024-06-11T08:30:00+24:00         | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:30:00+08:60         | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:30:00 08:00         | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:30:00.Z             | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:30:00.5             | rfc3339 | ERROR:NO_OFFSET
                    2024-02-30T08:30:00               | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:60:00Z              | rfc3339 | ERROR:MALFORMED
                    2024-06-11T8:30:00Z               | rfc3339 | ERROR:MALFORMED
                    2024-06-11T24:00:00.1Z            | rfc3339 | ERROR:MALFORMED
                    2024-12-31T24:00:00+08:00         | rfc3339 | 2024-12-31T16:00:00Z
                    9999-12-31T24:00:00Z              | rfc3339 | ERROR:OUT_OF_RANGE
                    0001-01-01T00:00:00Z              | rfc3339 | 0001-01-01T00:00:00Z
                    0001-01-01T00:00:00+00:01         | rfc3339 | ERROR:OUT_OF_RANGE
                    0000-00-00T00:00:00Z              | rfc3339 | ERROR:ZERO_DATE
                    2016-12-31T18:59:60-05:00         | rfc3339 | 2016-12-31T23:59:59Z
                    2016-12-31T23:59:60.5Z            | rfc3339 | 2016-12-31T23:59:59.500Z
                    2016-11-30T23:59:60Z              | rfc3339 | ERROR:MALFORMED
                    2016-12-31T23:59:61Z              | rfc3339 | ERROR:MALFORMED
                    ２０24-06-11T08:30:00Z             | rfc3339 | ERROR:MALFORMED
                    2024-06-11T08:30:00Z[Asia/Shanghai] | rfc3339 | ERROR:MALFORMED
                    1.7E+12                           | rfc3339 | ERROR:PRECISION_LOST
                    -infinity                         | rfc3339 | ERROR:SENTINEL
                    2024-06-11T08:30:00Z              | ixdtf | 2024-06-11T08:30:00Z
                    2024-06-11T16:30:00[Asia/Shanghai] | ixdtf | ERROR:NO_OFFSET
                    2022-07-08T02:14:07+02:00[!Europe/Paris] | ixdtf | 2022-07-08T00:14:07Z
                    2022-07-08T01:14:07+01:00[!Europe/Paris] | ixdtf | ERROR:INCONSISTENT_ZONE
                    2022-07-08T00:14:07-00:00[Europe/Paris] | ixdtf | 2022-07-08T00:14:07Z
                    2022-07-08T00:14:07+00:00[UTC]    | ixdtf | 2022-07-08T00:14:07Z
                    2022-07-08T08:14:07+08:00[+08:00] | ixdtf | 2022-07-08T00:14:07Z
                    2022-07-08T08:14:07+08:00[+09:00] | ixdtf | ERROR:INCONSISTENT_ZONE
                    2024-11-03T01:30:00-05:00[America/New_York] | ixdtf | 2024-11-03T06:30:00Z
                    2022-07-08T00:14:07Z[CST]         | ixdtf | ERROR:AMBIGUOUS_ZONE
                    2022-07-08T00:14:07Z[u-ca=hebrew][Europe/Paris] | ixdtf | ERROR:MALFORMED
                    2022-07-08T00:14:07Z[Europe/Paris | ixdtf | ERROR:MALFORMED
                    2022-07-08T00:14:07Z[U-CA=x]      | ixdtf | ERROR:MALFORMED
                    2022-07-08T00:14:07Z[_foo=bar-baz] | ixdtf | 2022-07-08T00:14:07Z
                    2022-07-08T00:14:07Z[!_foo=bar]   | ixdtf | ERROR:UNKNOWN_CRITICAL_TAG
                    2024-163T08:30:00Z                | iso | 2024-06-11T08:30:00Z
                    2024163T083000Z                   | iso | 2024-06-11T08:30:00Z
                    2023-366T08:30:00Z                | iso | ERROR:MALFORMED
                    2024-W24-2T08:30:00Z              | iso | 2024-06-11T08:30:00Z
                    2024W242T0830Z                    | iso | 2024-06-11T08:30:00Z
                    2020-W53-7T00:00:00Z              | iso | 2021-01-03T00:00:00Z
                    2021-W53-1T00:00:00Z              | iso | ERROR:MALFORMED
                    2024-12-30T00:00:00-08            | iso | 2024-12-30T08:00:00Z
                    2024-06-11T083000Z                | iso | ERROR:MALFORMED
                    20240611T08:30:00Z                | iso | ERROR:MALFORMED
                    2024-06-11T08:30:00               | iso | ERROR:NO_OFFSET
                    2024-06-11 08:30:00+00            | iso | 2024-06-11T08:30:00Z
                    2024-06-11T08:30:00−03:00         | iso | 2024-06-11T11:30:00Z
                    2024-03-10T02:30:00               | iso;zone=America/New_York | ERROR:GAP
                    2024-06-11                        | iso;zone=UTC | ERROR:DATE_ONLY
                    +2024-06-11T08:30:00Z             | iso | ERROR:MALFORMED
                    2024/06/11T08:30:00Z              | iso | ERROR:MALFORMED
                    2024-6-1 6:05                     | local;zone=UTC | 2024-06-01T06:05:00Z
                    2024-06-11 6:5                    | local;zone=UTC | ERROR:MALFORMED
                    2024-06/11 16:30                  | local;zone=UTC | ERROR:MALFORMED
                    24-06-11 16:30                    | local;zone=UTC | ERROR:MALFORMED
                    2024-06-11T16:30:00.123456        | local;zone=UTC | 2024-06-11T16:30:00.123456Z
                    2024-06-11 16:30:00Z              | local;zone=UTC | ERROR:UNEXPECTED_OFFSET
                    2024-06-11 16:30:00 +0800         | local;zone=UTC | ERROR:UNEXPECTED_OFFSET
                    2024-06-11 16:30:00 GMT           | local;zone=UTC | ERROR:UNEXPECTED_OFFSET
                    2024-06-11 16:30:00 o'clock       | local;zone=UTC | ERROR:MALFORMED
                    2024-06-11 24:00:00               | local;zone=Asia/Shanghai | 2024-06-11T16:00:00Z
                    2024-06-11 24:00                  | local;zone=Asia/Shanghai | 2024-06-11T16:00:00Z
                    2017-01-01 07:59:60               | local;zone=Asia/Shanghai | 2016-12-31T23:59:59Z
                    2017-01-01 08:59:60               | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    202406111630                      | local;zone=UTC | 2024-06-11T16:30:00Z
                    20240611 163000                   | local;zone=UTC | 2024-06-11T16:30:00Z
                    20240611T163000                   | local;zone=UTC | 2024-06-11T16:30:00Z
                    20240611163000250                 | local;zone=UTC | 2024-06-11T16:30:00.250Z
                    20240611                          | local;zone=UTC | ERROR:DATE_ONLY
                    2024061116                        | local;zone=UTC | ERROR:MALFORMED
                    1718094600                        | local;zone=UTC | ERROR:MALFORMED
                    1718094600000                     | local;zone=UTC | ERROR:MALFORMED
                    45454.6875                        | local;zone=UTC | ERROR:MALFORMED
                    2024年06月11日16时30分              | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    2024 年 6 月 11 日 下午 4 时 30 分     | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    2024年6月11号 下午4点半              | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    2024年6月11日 下午4点整              | local;zone=Asia/Shanghai | 2024-06-11T08:00:00Z
                    2024年6月11日 星期二 16:30           | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    2024年6月11日（周一）16:30            | local;zone=Asia/Shanghai | ERROR:WEEKDAY_MISMATCH
                    2024/6/11 下午12:05:09              | local;zone=Asia/Shanghai | 2024-06-11T04:05:09Z
                    2024/6/11 上午11:59                 | local;zone=Asia/Shanghai | 2024-06-11T03:59:00Z
                    2024/6/11 下午16:30                 | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    2024/6/11 上午0:30                  | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    2024/6/11 凌晨0:30                  | local;zone=Asia/Shanghai | 2024-06-10T16:30:00Z
                    2024/6/11 晚上8:30                  | local;zone=Asia/Shanghai | 2024-06-11T12:30:00Z
                    2024/6/11 晚上12:30                 | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    2024/6/11 中午12:30                 | local;zone=Asia/Shanghai | 2024-06-11T04:30:00Z
                    2024年6月                          | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    2024年6月11日                       | local;zone=Asia/Shanghai | ERROR:DATE_ONLY
                    2024年2月30日 10:00                 | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    ２０２４年６月１１日　下午４：３０        | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    昨天                               | local;zone=Asia/Shanghai | ERROR:MALFORMED
                    ‎2024‎/‎06‎/‎11 ‏‎16:30           | local;zone=Asia/Shanghai | 2024-06-11T08:30:00Z
                    6/11/2024, 4:30:00 PM             | local;zone=America/Chicago;order=mdy | 2024-06-11T21:30:00Z
                    06/11/2024 12:15 PM               | local;zone=UTC;order=mdy | 2024-06-11T12:15:00Z
                    06/11/2024 13:15 PM               | local;zone=UTC;order=mdy | ERROR:MALFORMED
                    06/11/2024 0:15 AM                | local;zone=UTC;order=mdy | ERROR:MALFORMED
                    11.06.2024 16:30                  | local;zone=UTC;order=dmy | 2024-06-11T16:30:00Z
                    11/06/24 16:30                    | local;zone=UTC;order=dmy | ERROR:MALFORMED
                    31/04/2024 10:00                  | local;zone=UTC;order=dmy | ERROR:MALFORMED
                    13/04/2024 10:00                  | local;zone=UTC | ERROR:AMBIGUOUS_ORDER
                    32/13/2024 10:00                  | local;zone=UTC | ERROR:MALFORMED
                    00/00/0000 00:00                  | local;zone=UTC | ERROR:ZERO_DATE
                    2024-06-11 16:30                  | local;zone=UTC;order=dmy | 2024-06-11T16:30:00Z
                    0001-01-01 00:00:00               | local;zone=Asia/Shanghai | ERROR:OUT_OF_RANGE
                    0000-06-11 00:00:00               | local;zone=UTC | ERROR:OUT_OF_RANGE
                    2024-06-11 16:30:00               | local;zone=UTC+8 | 2024-06-11T08:30:00Z
                    2024-06-11 16:30:00               | local;zone=+8 | 2024-06-11T08:30:00Z
                    2024-06-11 16:30:00               | local;zone=+0530 | 2024-06-11T11:00:00Z
                    2024-06-11 16:30:00               | local;zone=+15:00 | ERROR:OUT_OF_RANGE
                    2024-06-11 16:30:00               | local;zone=IST | ERROR:AMBIGUOUS_ZONE
                    2024-06-11 16:30:00               | local;zone=est | ERROR:AMBIGUOUS_ZONE
                    2024-06-11 16:30:00               | local;zone=Beijing | ERROR:UNKNOWN_ZONE
                    2024-06-11 16:30:00               | local;zone= | ERROR:NO_ZONE
                    2024-06-11 16:30:00               | local;zone=PRC | 2024-06-11T08:30:00Z
                    2011-12-30 12:00:00               | local;zone=Pacific/Apia;gap=next | 2011-12-30T10:00:00Z
                    2025-02-29                        | date | ERROR:MALFORMED
                    20240611                          | date | DATE:2024-06-11
                    2024年6月11日                       | date | DATE:2024-06-11
                    2024/6/1                          | date | DATE:2024-06-01
                    21/11/2026                        | date | ERROR:AMBIGUOUS_ORDER
                    21/11/2026                        | date;order=dmy | DATE:2026-11-21
                    1990-05-01 00:00:00               | date | DATE:1990-05-01
                    1990-05-01 00:00:00.000           | date | DATE:1990-05-01
                    1990-05-01T16:00:00Z              | date | ERROR:MALFORMED
                    1990-05-01T00:00:00Z              | date | ERROR:MALFORMED
                    0000-00-00                        | date | ERROR:ZERO_DATE
                    0000-01-01                        | date | ERROR:OUT_OF_RANGE
                    -1.5                              | epoch-s | 1969-12-31T23:59:58.500Z
                    -0.0000000001                     | epoch-s | 1969-12-31T23:59:59.999999999Z
                    0                                 | epoch-s | 1970-01-01T00:00:00Z
                    253402300799                      | epoch-s | 9999-12-31T23:59:59Z
                    253402300800                      | epoch-s | ERROR:OUT_OF_RANGE
                    -62135596801                      | epoch-s | ERROR:OUT_OF_RANGE
                    99999999999999999999999999999999  | epoch-ns | ERROR:OUT_OF_RANGE
                    1718094600000.5                   | epoch-ms | 2024-06-11T08:30:00.000500Z
                    1718094600123456                  | epoch-us | 2024-06-11T08:30:00.123456Z
                    1701155289123456789               | epoch-ns | 2023-11-28T07:08:09.123456789Z
                    1718094600123456                  | epoch-auto | 2024-06-11T08:30:00.123456Z
                    1701155289123456789               | epoch-auto | 2023-11-28T07:08:09.123456789Z
                    1718094600.5                      | epoch-auto | ERROR:AMBIGUOUS_UNIT
                    -1718094600                       | epoch-auto | ERROR:AMBIGUOUS_UNIT
                    0                                 | epoch-auto | ERROR:AMBIGUOUS_UNIT
                    +1718094600                       | epoch-s | ERROR:MALFORMED
                    1,718,094,600                     | epoch-s | ERROR:MALFORMED
                    NaN                               | epoch-s | ERROR:MALFORMED
                    2024-06-11T08:30:00Z              | epoch-ms | ERROR:MALFORMED
                    1                                 | excel1900;zone=UTC | 1900-01-01T00:00:00Z
                    60.5                              | excel1900;zone=UTC | ERROR:PHANTOM_DATE
                    59.9999999999999                  | excel1900;zone=UTC | 1900-03-01T00:00:00Z
                    0                                 | excel1900;zone=UTC | ERROR:NO_DATE
                    -1                                | excel1900;zone=UTC | ERROR:OUT_OF_RANGE
                    2958465.5                         | excel1900;zone=UTC | 9999-12-31T12:00:00Z
                    2958466                           | excel1900;zone=UTC | ERROR:OUT_OF_RANGE
                    1718094600                        | excel1900;zone=UTC | ERROR:OUT_OF_RANGE
                    0                                 | excel1904;zone=UTC | 1904-01-01T00:00:00Z
                    0.5                               | excel1904;zone=UTC | ERROR:NO_DATE
                    60                                | excel1904;zone=UTC | 1904-03-01T00:00:00Z
                    2957004                           | excel1904;zone=UTC | ERROR:OUT_OF_RANGE
                    45361.104166666664                | excel1900;zone=America/New_York | ERROR:GAP
                    4.5E4                             | excel1900;zone=UTC | ERROR:PRECISION_LOST
                    2024-06-11                        | excel1900;zone=UTC | ERROR:MALFORMED
                    Sun Nov  6 08:49:37 1994          | http | 1994-11-06T08:49:37Z
                    Sun, 06 Nov 1994 08:49:37 GMT     | http | 1994-11-06T08:49:37Z
                    Mon, 11 Jun 2024 08:30:00 GMT     | http | ERROR:WEEKDAY_MISMATCH
                    Tue, 11 Jun 2024 08:30:00         | http | ERROR:NO_OFFSET
                    Tue, 11 Jun 2024 08:30:00 +0000   | http | ERROR:MALFORMED
                    Tue, 31 Jun 2024 08:30:00 GMT     | http | ERROR:MALFORMED
                    Fri, 30 Jun 2015 23:59:60 GMT     | http | ERROR:WEEKDAY_MISMATCH
                    Tue, 30 Jun 2015 23:59:60 GMT     | http | 2015-06-30T23:59:59Z
                    Tue, 11 Jun 2024 08:30 GMT        | mail | 2024-06-11T08:30:00Z
                    tue, 11 jun 2024 08:30:00 gmt     | mail | 2024-06-11T08:30:00Z
                    11 Jun 99 16:30 +0800             | mail | 1999-06-11T08:30:00Z
                    11 Jun 49 16:30 +0800             | mail | 2049-06-11T08:30:00Z
                    11 Jun 50 16:30 +0800             | mail | 1950-06-11T08:30:00Z
                    11 Jun 124 16:30 +0800            | mail | 2024-06-11T08:30:00Z
                    Tue (a \\) (nested)) , 11 Jun 2024 16 : 30 : 00 +0800 | mail | 2024-06-11T08:30:00Z
                    Tue, 11 Jun 2024 16:30:00 +0800 (open | mail | ERROR:MALFORMED
                    Tue, 11 Jun 2024 08:30:00 -0000   | mail | 2024-06-11T08:30:00Z
                    Tue, 11 Jun 2024 08:30:00 Z       | mail | 2024-06-11T08:30:00Z
                    Tue, 11 Jun 2024 08:30:00 A       | mail | ERROR:AMBIGUOUS_ZONE
                    Tue, 11 Jun 2024 08:30:00 JST     | mail | ERROR:UNKNOWN_ZONE
                    Tue, 11 Jun 2024 08:30:00 PDT     | mail | 2024-06-11T15:30:00Z
                    Tue, 11 Jun 2024 08:30:00 +1500   | mail | ERROR:OUT_OF_RANGE
                    Tue, 11 Jun 2024 08:30:00 +08:00  | mail | ERROR:MALFORMED
                    Tue, 11 Jun 2024                  | mail | ERROR:DATE_ONLY
                    Tue, 31 Jun 2024 08:30:00 +0000   | mail | ERROR:MALFORMED
                    Tue, 11 Foo 2024 08:30:00 +0000   | mail | ERROR:MALFORMED
                    /Date(1718094600000)/             | dotnet-json | 2024-06-11T08:30:00Z
                    /Date(-1)/                        | dotnet-json | 1969-12-31T23:59:59.999Z
                    /Date(1718094600000+0480)/        | dotnet-json | 2024-06-11T08:30:00Z
                    /Date(-62135596800000)/           | dotnet-json | 0001-01-01T00:00:00Z
                    /Date(253402300800000)/           | dotnet-json | ERROR:OUT_OF_RANGE
                    /Date(1.7E12)/                    | dotnet-json | ERROR:MALFORMED
                    Date(1718094600000)               | dotnet-json | ERROR:MALFORMED
                    20240611083000.1234567            | abap;zone=UTC | 2024-06-11T08:30:00.123456700Z
                    20240611240000                    | abap;zone=UTC | 2024-06-12T00:00:00Z
                    00000000000000.0000000            | abap;zone=UTC | ERROR:ZERO_DATE
                    0                                 | abap;zone=UTC | ERROR:ZERO_DATE
                    20240611                          | abap;zone=UTC | ERROR:DATE_ONLY
                    20241311083000                    | abap;zone=UTC | ERROR:MALFORMED
                    2024061108300                     | abap;zone=UTC | ERROR:MALFORMED
                    20240611083000                    | abap | ERROR:NO_ZONE
                    45454                             | excel1900 | ERROR:NO_ZONE
                    """)
    void a_value_is_read_or_refused_by_rule(String input, String convention, String expected) {
        assertThat(read(convention, input)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u3000", "\t\n", "\ufeff"})
    void what_is_blank_is_missing_in_every_convention(String blank) {
        for (String convention : new String[] {"rfc3339", "iso", "local;zone=UTC", "date", "epoch-s", "mail", "http"}) {
            assertThat(read(convention, blank)).as(convention).isEqualTo("ERROR:MISSING");
        }
        assertThat(read("epoch-s", null)).isEqualTo("ERROR:MISSING");
    }

    @ParameterizedTest
    @CsvSource({
        "utc, BAD_CONVENTION",
        "'', BAD_CONVENTION",
        "RFC3339, BAD_CONVENTION",
        "rfc3339;zone=UTC, BAD_CONVENTION",
        "local, NO_ZONE",
        "local;zone, BAD_CONVENTION",
        "local;zone=UTC;zone=UTC, BAD_CONVENTION",
        "local;zone=UTC;gap=skip, BAD_CONVENTION",
        "local;zone=UTC;order=ymd, BAD_CONVENTION",
        "local;zone=UTC;, BAD_CONVENTION",
        "iso;digits=10, BAD_CONVENTION",
        "excel1900;order=mdy;zone=UTC, BAD_CONVENTION",
        "abap, NO_ZONE",
        "local;zone=Asia/Beijing, UNKNOWN_ZONE",
        "local;zone=CST, AMBIGUOUS_ZONE",
        "local;zone=GMT+15, OUT_OF_RANGE"
    })
    void a_declaration_that_cannot_be_meant_is_refused(String declaration, TimeError error) {
        assertThatThrownBy(() -> TimeConvention.of(declaration))
                .isInstanceOfSatisfying(
                        TimeException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @ParameterizedTest
    @CsvSource({
        "local;overlap=reject;zone=Asia/Shanghai, local;zone=Asia/Shanghai",
        "' local ; order=dmy ; zone=UTC ; gap=next', local;zone=UTC;gap=next;order=dmy",
        "iso, iso"
    })
    void a_declaration_has_one_form_of_its_own(String declared, String canonical) {
        TimeConvention convention = TimeConvention.of(declared);

        assertThat(convention).hasToString(canonical).isEqualTo(TimeConvention.of(canonical));
    }

    @ParameterizedTest
    @CsvSource({
        // In 2026 a year of 2077 would be more than 50 years ahead.
        "'Monday, 06-Jan-76 00:00:00 GMT', 2026, 2076-01-06T00:00:00Z",
        "'Thursday, 06-Jan-77 00:00:00 GMT', 2026, 1977-01-06T00:00:00Z",
        "'Sunday, 06-Nov-94 08:49:37 GMT', 2026, 1994-11-06T08:49:37Z",
        "'Sunday, 06-Nov-94 08:49:37 GMT', 1999, 1994-11-06T08:49:37Z",
        "'Monday, 06-Jan-10 00:00:00 GMT', 2085, 2110-01-06T00:00:00Z"
    })
    void two_digits_in_an_http_date_mean_the_year_within_fifty_of_now(String text, String year, Instant expected) {
        InstantSource now = InstantSource.fixed(Instant.parse(year + "-06-01T00:00:00Z"));

        assertThat(TimeConvention.of("http").parse(text, now)).isEqualTo(new ParsedTime.OfInstant(expected));
    }

    @Test
    void a_message_shows_the_shape_of_a_value_and_nothing_of_it() {
        assertThatThrownBy(() -> TimeConvention.of("date").parse("Born 1990-05-01 王小明 secret"))
                .isInstanceOf(TimeException.class)
                .hasMessageContaining("'aaaa 9999-99-99 aaa aaaaaa'")
                .hasMessageNotContainingAny("1990", "王", "secret", "Born");
    }

    @Test
    void endless_input_is_refused_quickly() {
        assertThat(read("epoch-s", "1".repeat(1_000_000))).isEqualTo("ERROR:MALFORMED");
        assertThat(read("mail", "(".repeat(500))).isEqualTo("ERROR:MALFORMED");
        assertThat(read("ixdtf", "2024-06-11T08:30:00Z[" + "a".repeat(480) + "!"))
                .isEqualTo("ERROR:MALFORMED");
        assertThat(read("ixdtf", "2024-06-11T08:30:00Z[" + "a/".repeat(240) + "]"))
                .isEqualTo("ERROR:MALFORMED");
        assertThat(read("rfc3339", "2024-06-11T08:30:00." + "9".repeat(400) + "Z"))
                .isEqualTo("2024-06-11T08:30:00.999999999Z");
    }

    @Test
    void a_day_is_no_moment_and_a_moment_no_day() {
        assertThatThrownBy(() -> TimeConvention.of("date").parseInstant("2024-06-11"))
                .hasMessageStartingWith("DATE_ONLY");
        assertThatThrownBy(() -> TimeConvention.of("epoch-s").parseDate("0")).hasMessageStartingWith("MALFORMED");
    }

    @Test
    void conventions_are_equal_by_declaration() {
        EqualsVerifier.forClass(TimeConvention.class)
                .withOnlyTheseFields("declaration")
                .withNonnullFields("declaration")
                .suppress(Warning.INHERITED_DIRECTLY_FROM_OBJECT)
                .verify();
    }

    static String read(String convention, String input) {
        try {
            return TimeConvention.of(convention).parse(input).toString();
        } catch (TimeException e) {
            return "ERROR:" + e.code();
        }
    }
}

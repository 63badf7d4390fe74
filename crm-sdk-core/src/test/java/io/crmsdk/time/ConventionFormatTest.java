package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConventionFormatTest {
    private static final long SEED = Long.getLong("crmsdk.seed", 20240611L);
    private static final String DAMAGE = "0123456789-:.+TZ x\u0660";
    private static final int CASES = 20_000;

    @ParameterizedTest
    @CsvSource({
        "rfc3339, 2024-06-11T08:30:00.123456Z",
        "rfc3339;digits=3, 2024-06-11T08:30:00.123Z",
        "ixdtf, 2024-06-11T08:30:00.123456Z",
        "iso, 2024-06-11T08:30:00.123456Z",
        "iso;zone=Asia/Kathmandu;digits=0, 2024-06-11T14:15:00+05:45",
        "local;zone=Asia/Shanghai, 2024-06-11 16:30:00",
        "local;zone=Asia/Shanghai;digits=6, 2024-06-11 16:30:00.123456",
        "local;zone=UTC;order=mdy, 06/11/2024 08:30:00",
        "local;zone=UTC;order=dmy, 11/06/2024 08:30:00",
        "epoch-s, 1718094600",
        "epoch-ms, 1718094600123",
        "epoch-us, 1718094600123456",
        "epoch-ns, 1718094600123456000",
        "excel1900;zone=Asia/Shanghai, 45454.68750142361",
        "excel1904;zone=Asia/Shanghai, 43992.68750142361",
        "http, 'Tue, 11 Jun 2024 08:30:00 GMT'",
        "mail, 'Tue, 11 Jun 2024 08:30:00 +0000'",
        "dotnet-json, /Date(1718094600123)/",
        "abap;zone=UTC, 20240611083000"
    })
    void a_moment_is_written_as_the_convention_reads_it(String declaration, String expected) {
        TimeConvention convention = TimeConvention.of(declaration);

        assertThat(convention.format(Instant.parse("2024-06-11T08:30:00.123456Z")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rfc3339",
                "rfc3339;digits=9",
                "ixdtf",
                "iso",
                "iso;zone=America/New_York",
                "iso;zone=Asia/Shanghai;digits=3",
                "local;zone=Asia/Shanghai;digits=6",
                "local;zone=America/New_York;overlap=later",
                "local;zone=Australia/Lord_Howe;order=dmy;overlap=earlier",
                "local;zone=UTC;order=mdy;digits=9",
                "epoch-s",
                "epoch-ms",
                "epoch-us",
                "epoch-ns",
                "excel1900;zone=Europe/Berlin",
                "excel1904;zone=Asia/Kathmandu",
                "http",
                "mail",
                "dotnet-json",
                "abap;zone=UTC"
            })
    void what_was_written_once_is_read_and_written_the_same_ever_after(String declaration) {
        TimeConvention convention = TimeConvention.of(declaration);
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < CASES / 4; i++) {
            Instant instant = between(random, "1905-01-01T00:00:00Z", "2200-01-01T00:00:00Z");
            try {
                Instant kept = convention.asWritten(instant);

                assertThat(kept).as("seed %s, case %s, %s", SEED, i, instant).isBetween(minusSecond(instant), instant);
                assertThat(convention.asWritten(kept))
                        .as("seed %s, case %s", SEED, i)
                        .isEqualTo(kept);
            } catch (TimeException e) {
                assertThat(e.error()).as("seed %s, %s", SEED, instant).isEqualTo(TimeError.OVERLAP);
                refused++;
            }
        }

        assertThat(refused).as("only the repeated hour cannot be written").isLessThan(CASES / 400);
    }

    /** Spreadsheets hold a millisecond, which 11 decimal places name exactly; nothing is written later than it was. */
    private static Instant minusSecond(Instant instant) {
        return instant.minusSeconds(1);
    }

    @Test
    void a_repeated_hour_is_written_only_if_it_reads_back_the_same() {
        Instant first = Instant.parse("2024-11-03T05:30:00Z");
        Instant second = Instant.parse("2024-11-03T06:30:00Z");

        assertThat(TimeConvention.of("local;zone=America/New_York;overlap=earlier")
                        .format(first))
                .isEqualTo("2024-11-03 01:30:00");
        assertThat(TimeConvention.of("local;zone=America/New_York;overlap=later")
                        .format(second))
                .isEqualTo("2024-11-03 01:30:00");
        assertThatThrownBy(() -> TimeConvention.of("local;zone=America/New_York;overlap=earlier")
                        .format(second))
                .hasMessageStartingWith("OVERLAP");
        assertThatThrownBy(
                        () -> TimeConvention.of("local;zone=America/New_York").format(first))
                .hasMessageStartingWith("OVERLAP");
        assertThat(TimeConvention.of("iso;zone=America/New_York;digits=0").format(second))
                .isEqualTo("2024-11-03T01:30:00-05:00");
    }

    @Test
    void a_day_is_written_as_a_day() {
        LocalDate day = LocalDate.of(2024, 6, 1);

        assertThat(TimeConvention.of("date").format(day)).isEqualTo("2024-06-01");
        assertThat(TimeConvention.of("date;order=dmy").format(day)).isEqualTo("01/06/2024");
        assertThat(TimeConvention.of("date").format(TimeConvention.of("date").parse("2024年6月1日")))
                .isEqualTo("2024-06-01");
    }

    @Test
    void what_cannot_be_written_is_refused() {
        Instant now = Instant.parse("2024-06-11T08:30:00Z");

        assertThatThrownBy(() -> TimeConvention.of("date").format(now)).hasMessageStartingWith("NOT_WRITABLE");
        assertThatThrownBy(() -> TimeConvention.of("epoch-auto").format(now)).hasMessageStartingWith("NOT_WRITABLE");
        assertThatThrownBy(() -> TimeConvention.of("epoch-s").format(LocalDate.of(2024, 6, 1)))
                .hasMessageStartingWith("NOT_WRITABLE");
        assertThatThrownBy(() -> TimeConvention.of("rfc3339").format(Instant.MAX))
                .hasMessageStartingWith("OUT_OF_RANGE");
        assertThatThrownBy(() -> TimeConvention.of("excel1900;zone=UTC").format(Instant.parse("1899-12-31T00:00:00Z")))
                .hasMessageStartingWith("OUT_OF_RANGE");
    }

    @Test
    void the_first_days_of_spreadsheets_survive() {
        TimeConvention excel = TimeConvention.of("excel1900;zone=UTC");
        for (String day : new String[] {"1900-01-01", "1900-02-28", "1900-03-01", "1900-03-02"}) {
            Instant instant = Instant.parse(day + "T06:00:00Z");

            assertThat(excel.asWritten(instant)).isEqualTo(instant);
        }
        assertThat(excel.format(Instant.parse("1900-02-28T00:00:00Z"))).isEqualTo("59");
        assertThat(excel.format(Instant.parse("1900-03-01T00:00:00Z"))).isEqualTo("61");
    }

    @Test
    void rfc_3339_agrees_with_java_time_on_all_that_both_take() {
        TimeConvention convention = TimeConvention.of("rfc3339");
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            Instant instant = between(random, "0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z");
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((random.nextInt(2 * 840 + 1) - 840) * 60);
            String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(offset));
            String whole = text.length() == 17 || text.charAt(16) != ':' ? withSeconds(text) : text;

            assertThat(convention.parseInstant(whole))
                    .as("seed %s, case %s, %s", SEED, i, whole)
                    .isEqualTo(OffsetDateTime.parse(text).toInstant());
        }
    }

    @Test
    void a_damaged_rfc_3339_value_is_never_read_as_another_moment() {
        TimeConvention convention = TimeConvention.of("rfc3339");
        Random random = new Random(SEED);
        String sound = "2024-06-11T08:30:00.25+08:00";
        for (int i = 0; i < CASES; i++) {
            StringBuilder text = new StringBuilder(sound);
            text.setCharAt(random.nextInt(text.length()), DAMAGE.charAt(random.nextInt(DAMAGE.length())));
            String damaged = text.toString();
            try {
                Instant read = convention.parseInstant(damaged);

                assertThat(read)
                        .as(damaged)
                        .isEqualTo(
                                OffsetDateTime.parse(damaged.replace(' ', 'T')).toInstant());
            } catch (TimeException e) {
                assertThat(e.error()).as(damaged).isIn(TimeError.MALFORMED, TimeError.OUT_OF_RANGE);
            }
        }
    }

    private static String withSeconds(String text) {
        return text.substring(0, 16) + ":00" + text.substring(16);
    }

    private static Instant between(Random random, String from, String to) {
        long first = Instant.parse(from).getEpochSecond();
        long span = Instant.parse(to).getEpochSecond() - first;
        int nano = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000_000);
        return Instant.ofEpochSecond(first + (long) (random.nextDouble() * span), nano);
    }
}

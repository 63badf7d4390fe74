package io.crmsdk.followup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.followup.WorkingCalendar.Day;
import io.crmsdk.followup.WorkingCalendar.WorkingDate;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkingCalendarTest {
    private final WorkingCalendar china = WorkingCalendar.china();

    /** As the notice of November 2025 has them. */
    @ParameterizedTest
    @CsvSource({
        "2026-01-04, WORKING",
        "2026-02-14, WORKING",
        "2026-10-10, WORKING",
        "2026-02-15, OFF",
        "2026-02-23, OFF",
        "2026-02-24, WORKING",
        "2026-01-01, OFF",
        "2026-03-07, OFF",
        "2026-03-09, WORKING",
        "2025-10-08, OFF",
        "2025-12-31, WORKING",
        "2026-12-21, WORKING",
        "2026-12-31, NOT_ANNOUNCED",
        "2027-01-04, NOT_ANNOUNCED",
        "2018-06-01, NOT_ANNOUNCED"
    })
    void what_is_announced_of_a_day_in_China(LocalDate date, Day expected) {
        assertThat(china.day(date)).isEqualTo(expected);
    }

    @Test
    void counting_goes_over_spring_festival_and_the_days_worked_in_exchange() {
        assertThat(china.plus(LocalDate.parse("2026-02-13"), 1))
                .isEqualTo(new WorkingDate(LocalDate.parse("2026-02-14"), false));
        assertThat(china.plus(LocalDate.parse("2026-02-13"), 2))
                .isEqualTo(new WorkingDate(LocalDate.parse("2026-02-24"), false));
        assertThat(china.nameOf(LocalDate.parse("2026-02-17"))).isEqualTo("春节");
    }

    @Test
    void nothing_counted_into_a_year_that_is_not_announced_is_sure() {
        assertThat(china.plus(LocalDate.parse("2026-12-18"), 1).provisional()).isFalse();
        assertThat(china.plus(LocalDate.parse("2026-12-18"), 2).provisional())
                .as("the next year's notice may move the last days of this one")
                .isTrue();
        assertThat(china.plus(LocalDate.parse("2026-12-30"), 3))
                .isEqualTo(new WorkingDate(LocalDate.parse("2027-01-04"), true));
    }

    /** Against a list of all working days that is made from the shipped file by other means. */
    @Test
    void counting_agrees_with_a_walk_over_every_day() throws Exception {
        List<LocalDate> all = workingDays(LocalDate.parse("2019-01-01"), LocalDate.parse("2026-12-21"));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int n = 0; n < 20_000; n++) {
            LocalDate from = LocalDate.parse("2019-01-01").plusDays(random.nextInt(2_700));
            int days = random.nextInt(40);
            int before = (int) all.stream().filter(day -> !day.isAfter(from)).count();
            boolean worked = before > 0 && all.get(before - 1).equals(from);
            LocalDate expected = days == 0 ? (worked ? from : all.get(before)) : all.get(before + days - 1);

            assertThat(china.plus(from, days))
                    .as("seed %d: %s + %d", seed, from, days)
                    .isEqualTo(new WorkingDate(expected, false));
        }
    }

    private static List<LocalDate> workingDays(LocalDate from, LocalDate to) throws Exception {
        Map<String, String> stated = new HashMap<>();
        try (InputStream in = WorkingCalendar.class.getResourceAsStream("china.tsv")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                String[] parts = line.split("\t");
                if (parts[0].matches("\\d{4}-\\d\\d-\\d\\d")) {
                    stated.put(parts[0], parts[1]);
                }
            }
        }
        List<LocalDate> worked = new ArrayList<>();
        from.datesUntil(to.plusDays(1)).forEach(day -> {
            String ordinary = day.getDayOfWeek().getValue() <= 5 ? "work" : "off";
            if (stated.getOrDefault(day.toString(), ordinary).equals("work")) {
                worked.add(day);
            }
        });
        return worked;
    }

    @Test
    void a_newer_file_makes_a_year_known(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("newer.tsv");
        Files.writeString(file, "# newer\nyear\t2027\ta notice\n2027-01-01\toff\t元旦\n2027-01-03\twork\t元旦\n");

        WorkingCalendar newer = china.toBuilder().read(file).build();

        assertThat(newer.plus(LocalDate.parse("2026-12-31"), 1))
                .isEqualTo(new WorkingDate(LocalDate.parse("2027-01-03"), false));
        assertThat(newer.day(LocalDate.parse("2026-12-31"))).isEqualTo(Day.WORKING);
        assertThat(china.day(LocalDate.parse("2027-01-03"))).isEqualTo(Day.NOT_ANNOUNCED);
    }

    @ParameterizedTest
    @CsvSource({"2027-02-30~off~x", "2027-01-01~holiday~x", "year~soon~x", "2027-01-01~off"})
    void a_line_of_another_form_is_refused_by_its_number(String line, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("bad.tsv");
        Files.writeString(file, "# bad\n" + line.replace('~', '\t') + "\n");

        assertThatThrownBy(() -> WorkingCalendar.builder("bad").read(file))
                .isInstanceOfSatisfying(
                        FollowUpException.class, e -> assertThat(e.code()).isEqualTo("FOLLOWUP_CALENDAR"))
                .hasMessageContaining("line 2");
    }

    @Test
    void other_days_off_in_every_week_and_named_ones() {
        WorkingCalendar gulf = WorkingCalendar.builder("gulf")
                .weekend(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY)
                .off(LocalDate.parse("2026-12-02"), "National Day")
                .build();

        assertThat(gulf.day(LocalDate.parse("2026-11-29"))).as("a Sunday").isEqualTo(Day.WORKING);
        assertThat(gulf.plus(LocalDate.parse("2026-12-01"), 1).date()).isEqualTo(LocalDate.parse("2026-12-03"));
        assertThat(gulf.plus(LocalDate.parse("2026-12-03"), 1).date()).isEqualTo(LocalDate.parse("2026-12-06"));
        assertThatThrownBy(() -> WorkingCalendar.builder("none").weekend(DayOfWeek.values()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

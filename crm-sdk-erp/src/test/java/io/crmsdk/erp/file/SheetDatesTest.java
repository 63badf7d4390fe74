package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.quality.Cell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheetDatesTest {
    @ParameterizedTest
    @CsvSource({
        "1,      yyyy-mm-dd,          false, 1900-01-01",
        "59,     yyyy-mm-dd,          false, 1900-02-28",
        "61,     yyyy-mm-dd,          false, 1900-03-01",
        "45988,  yyyy-mm-dd,          false, 2025-11-27",
        "44526,  yyyy-mm-dd,          true,  2025-11-27",
        "0,      yyyy-mm-dd,          true,  1904-01-01",
        "45988,  'yyyy\"年\"m\"月\"d\"日\"', false, 2025-11-27",
        "45988,  yyyy-mm-dd hh:mm,    false, 2025-11-27T00:00:00",
        "45988.5208333333, yyyy-mm-dd, false, 2025-11-27T12:30:00",
        "45988.9999999999, d/m/yy,    false, 2025-11-28",
        "0.75,   h:mm,                false, 18:00:00",
        "1.5,    [h]:mm,              false, PT36H",
        "2958465, yyyy-mm-dd,         false, 9999-12-31",
    })
    void a_day_count_is_told_as_it_is_shown_and_without_a_zone(
            String serial, String format, boolean date1904, String expected) {
        assertThat(SheetDates.text(Cell.date(serial, format, date1904))).hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource({"60, false", "0, false", "-1, true", "2958466, false", "1E12, false", "x, false"})
    void a_count_that_is_no_day_of_the_calendar_is_none(String serial, boolean date1904) {
        assertThat(SheetDates.text(Cell.date(serial, "yyyy-mm-dd", date1904))).isEmpty();
    }

    @Test
    void both_conventions_differ_by_four_years_and_a_day() {
        assertThat(SheetDates.text(Cell.date("1000", "yyyy-mm-dd", false))).hasValue("1902-09-26");
        assertThat(SheetDates.text(Cell.date("1000", "yyyy-mm-dd", true))).hasValue("1906-09-27");
    }
}

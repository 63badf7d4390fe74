package io.crmsdk.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConventionTableTest {
    record Row(String id, String input, String convention, String expected, String why) {}

    @ParameterizedTest
    @MethodSource("rows")
    void every_row_of_the_table_reads_as_stated(Row row) {
        assertThat(read(row)).as(row.why).isEqualTo(row.expected);
    }

    @Test
    void the_table_is_whole() throws IOException {
        assertThat(rows()).hasSize(130);
    }

    @Test
    void F_306_the_zone_of_the_process_changes_no_row() throws IOException {
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : new String[] {"UTC", "Asia/Shanghai", "America/New_York"}) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));

                assertThat(rows())
                        .as(zone)
                        .allSatisfy(row -> assertThat(read(row)).isEqualTo(row.expected));
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static String read(Row row) {
        try {
            return canonical(TimeConvention.of(row.convention).parse(row.input).toString());
        } catch (TimeException e) {
            return "ERROR:" + e.code();
        }
    }

    /** The table writes as many fraction digits as Instant does. */
    private static String canonical(String read) {
        return read.startsWith("DATE:") ? read : Instant.parse(read).toString();
    }

    static Stream<Row> rows() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConventionTableTest.class.getResourceAsStream("conventions.tsv"))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).map(ConventionTableTest::row);
        }
    }

    private static Row row(String line) {
        String[] cells = line.split("\t", -1);
        return new Row(cells[0], cells[1].substring(1, cells[1].length() - 1), cells[2], cells[3], cells[4]);
    }
}

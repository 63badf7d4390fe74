package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.quality.Cell;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.sync.Found;
import io.crmsdk.sync.Page;
import io.crmsdk.sync.RemoteRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SheetConnectorTest {
    @TempDir
    private Path folder;

    private SheetConnector connector(String csv) throws IOException {
        Path file = Files.writeString(folder.resolve("customers.csv"), csv);
        return SheetConnector.of(SheetSource.of(file), "No");
    }

    private static String rows(int count) {
        StringBuilder csv = new StringBuilder("No,Name,E.Mail\n");
        for (int i = 1; i <= count; i++) {
            csv.append("K")
                    .append(i)
                    .append(",Name ")
                    .append(i)
                    .append(",m")
                    .append(i)
                    .append("@example.com\n");
        }
        return csv.toString();
    }

    @Test
    void every_row_is_a_record_of_texts_and_comes_once() throws IOException {
        try (SheetConnector connector = connector(rows(25))) {
            List<String> ids = new ArrayList<>();
            String next = null;
            do {
                Page page = connector.list(next, 10);
                page.records().stream().map(RemoteRecord::id).forEach(ids::add);
                next = page.next();
            } while (next != null);

            assertThat(ids).hasSize(25).doesNotHaveDuplicates();
            assertThat(connector.list(null, 1).records().get(0).fields().json())
                    .isEqualTo("{\"E.Mail\":\"m1@example.com\",\"Name\":\"Name 1\"}");
        }
    }

    @Test
    void a_day_of_a_workbook_comes_as_a_date_by_the_count_that_the_workbook_states() {
        List<List<Cell>> table = List.of(
                List.of(Cell.text("No"), Cell.text("Since")),
                List.of(Cell.text("K1"), Cell.date("44526", "yyyy-mm-dd", true)));
        Path file = new TinyWorkbook().date1904(true).sheet("s", table).write(folder);

        try (SheetConnector connector = SheetConnector.of(SheetSource.of(file), "No")) {
            assertThat(connector.list(null, 10).records().get(0).fields().text("Since"))
                    .isEqualTo("2025-11-27");
        }
    }

    @Test
    void a_day_that_no_calendar_has_makes_the_file_unreadable() {
        List<List<Cell>> table = List.of(
                List.of(Cell.text("No"), Cell.text("Since")),
                List.of(Cell.text("K1"), Cell.date("60", "yyyy-mm-dd", false)));
        Path file = new TinyWorkbook().sheet("s", table).write(folder);

        try (SheetConnector connector = SheetConnector.of(SheetSource.of(file), "No")) {
            assertThatThrownBy(() -> connector.list(null, 10))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessageContaining("column Since");
        }
    }

    @Test
    void F_804_a_page_can_be_asked_for_again() throws IOException {
        try (SheetConnector connector = connector(rows(25))) {
            String second = connector.list(null, 10).next();
            Page once = connector.list(second, 10);

            assertThat(connector.list(second, 10).records()).isEqualTo(once.records());
            assertThat(once.records().get(0).id()).isEqualTo("K11");
        }
    }

    @Test
    void an_empty_cell_empties_its_field_and_a_direct_look_finds_what_is_there() throws IOException {
        try (SheetConnector connector = connector("No,Name,Mail\n007,Bond,\n008,Bill,b@example.com\n")) {
            RemoteRecord bond = ((Found.Present) connector.fetch("007")).record();

            assertThat(bond.fields().isEmptyAt("Mail")).isTrue();
            assertThat(connector.fetch("009")).isInstanceOf(Found.Gone.class);
        }
    }

    @Test
    void F_807_a_row_without_an_id_makes_the_file_unreadable_and_nobody_deleted() throws IOException {
        try (SheetConnector connector = connector("No,Name,Mail\nK1,A,a@example.com\n,B,b@example.com\n")) {
            assertThatThrownBy(() -> connector.list(null, 10))
                    .hasMessageContaining("FILE_ROW_WITHOUT_ID: customers.csv row 3 has nothing in column No");
        }
    }
}

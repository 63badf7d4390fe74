package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmsdk.quality.Cell;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no record is told apart from what is, and a record whose fields nobody can place is refused. */
class SheetStructureTest {
    private static final Map<String, Set<RowKind>> KINDS = Map.of(
            "blank", Set.of(RowKind.BLANK),
            "repeated_header", Set.of(RowKind.REPEATED_HEADER),
            "subtotal", Set.of(RowKind.SUBTOTAL),
            "total", Set.of(RowKind.TOTAL),
            "extra_field", Set.of(RowKind.BROKEN),
            "missing_fields", Set.of(RowKind.BROKEN));

    private static final MathContext ALL_BUT_THE_LAST = new MathContext(14);

    @TempDir
    Path folder;

    static Stream<String> sheets() {
        return Stream.of("customers.gbk.csv", "customers.xlsx", "customers-mac1904.xlsx");
    }

    @ParameterizedTest
    @MethodSource("sheets")
    void every_row_of_a_dirty_sheet_is_what_its_label_says(String sheet) {
        Map<Integer, RowKind> kinds = TestData.rows(SheetSource.of(TestData.file("dirty-import/" + sheet))).stream()
                .collect(Collectors.toMap(SheetRow::number, SheetRow::kind));

        for (Map<String, Object> truth : TestData.lines("dirty-import/truth.jsonl")) {
            if (sheet.equals(truth.get("file")) && "row".equals(truth.get("kind"))) {
                RowKind kind = kinds.remove(Integer.valueOf((String) truth.get("row")));
                assertThat(KINDS.get(truth.get("damage"))).as(truth.toString()).contains(kind);
            }
        }
        assertThat(kinds.remove(1)).isEqualTo(RowKind.HEADER);
        assertThat(kinds.values()).containsOnly(RowKind.DATA);
    }

    @ParameterizedTest
    @MethodSource("sheets")
    void every_cell_of_a_dirty_sheet_arrives_as_it_is_stored(String sheet) {
        Map<Integer, SheetRow> rows = TestData.rows(SheetSource.of(TestData.file("dirty-import/" + sheet))).stream()
                .collect(Collectors.toMap(SheetRow::number, row -> row));
        List<String> header;
        try (SheetRows open =
                SheetSource.of(TestData.file("dirty-import/" + sheet)).open()) {
            header = open.header();
        }

        for (Map<String, Object> truth : TestData.lines("dirty-import/truth.jsonl")) {
            if (sheet.equals(truth.get("file")) && "cell".equals(truth.get("kind"))) {
                SheetRow row = rows.get(Integer.valueOf((String) truth.get("row")));
                Cell cell = row.cells().get(header.indexOf((String) truth.get("column")));
                assertThat(sameText(cell, (String) truth.get("raw")))
                        .as(truth + " got " + cell.text())
                        .isTrue();
                assertThat(row.series().contains(header.indexOf((String) truth.get("column"))))
                        .as(truth.toString())
                        .isEqualTo("fill_down_series".equals(truth.get("damage")));
            }
        }
    }

    private static boolean sameText(Cell cell, String raw) {
        return cell.text().equals(raw)
                || cell.decimal()
                        // The labels show what a spreadsheet would; the file was written by something else.
                        .filter(value ->
                                value.round(ALL_BUT_THE_LAST).compareTo(new BigDecimal(raw).round(ALL_BUT_THE_LAST))
                                        == 0)
                        .isPresent();
    }

    @Test
    void titles_above_the_header_are_no_records_and_keep_their_row_numbers() {
        List<SheetRow> rows = rows("客户名单 2026年,,\n,,\n姓名,手机,城市\n张三,13800138000,北京\n");

        assertThat(rows)
                .extracting(SheetRow::kind)
                .containsExactly(RowKind.TITLE, RowKind.BLANK, RowKind.HEADER, RowKind.DATA);
        assertThat(rows.get(3).number()).isEqualTo(4);
    }

    @Test
    void two_rows_of_a_header_become_one_name_a_column() {
        try (SheetRows rows = open("基本信息,,联系人一,,联系人二,\n编号,名称,姓名,手机,姓名,手机\n"
                + "1,甲,张三,13800138000,李四,13900139000\n2,乙,王五,13800138001,赵六,13900139001\n")) {
            assertThat(rows.header()).containsExactly("编号", "名称", "联系人一 姓名", "联系人一 手机", "联系人二 姓名", "联系人二 手机");
            assertThat(rows.headerRow()).isEqualTo(2);
        }
    }

    @Test
    void columns_without_a_name_or_with_a_twin_are_told_apart() {
        try (SheetRows rows = open("姓名,,电话,电话\n张三,x,1,2\n李四,y,3,4\n")) {
            assertThat(rows.header()).containsExactly("姓名", "B", "电话", "电话 (2)");
            assertThat(rows.findings())
                    .extracting(finding -> finding.code())
                    .contains(SheetCode.UNNAMED_COLUMN, SheetCode.DUPLICATE_COLUMN);
        }
    }

    @Test
    void a_company_called_total_is_a_customer() {
        List<SheetRow> rows = rows("名称,手机,金额\nTotal Energies,13800138000,5\n合计科技,13900139000,6\n合计,,11\n");

        assertThat(rows)
                .extracting(SheetRow::kind)
                .containsExactly(RowKind.HEADER, RowKind.DATA, RowKind.DATA, RowKind.TOTAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void every_usual_delimiter_is_found(String delimiter) {
        String text = "姓名,手机,地址\n张三,13800138000,\"中山路1号，3楼\"\n李四,13900139000,x\n".replace(",", delimiter);

        assertThat(TestData.records(CsvSource.of(TestData.csv(folder, text, StandardCharsets.UTF_8))))
                .first()
                .isEqualTo(List.of("张三", "13800138000", "中山路1号，3楼"));
    }

    @Test
    void a_line_break_in_quotes_moves_lines_but_not_record_numbers() {
        List<SheetRow> rows = rows("姓名,地址\n张三,\"中山路\r\n1号\"\n李四,x\n");

        assertThat(rows.get(1).cells().get(1).text()).isEqualTo("中山路\r\n1号");
        assertThat(rows.get(2).number()).isEqualTo(3);
        assertThat(rows.get(2).line()).isEqualTo(4);
    }

    @Test
    void text_behind_a_closing_quote_refuses_its_row_and_no_other() {
        List<SheetRow> rows = rows("姓名,地址,城市\n张三,\"中山路\"1号,北京\n李四,\"x\",上海\n王五,5\" 屏,广州\n");

        assertThat(rows)
                .extracting(SheetRow::kind)
                .containsExactly(RowKind.HEADER, RowKind.BROKEN, RowKind.DATA, RowKind.DATA);
        assertThat(rows.get(1).findings().get(0).message()).contains("line 2");
        assertThat(rows.get(2).findings()).isEmpty();
        assertThat(rows.get(3).has(SheetCode.WRONG_QUOTE)).isTrue();
        assertThat(rows.get(3).cells().get(1).text()).isEqualTo("5\" 屏");
    }

    @Test
    void a_quote_that_never_closes_is_refused_where_it_opens() {
        FileException refused = catchThrowableOfType(FileException.class, () -> rows("姓名,地址\n张三,\"中山路\n李四,x\n王五,y\n"));

        assertThat(refused.code()).isEqualTo("FILE_QUOTE");
        assertThat(refused.line()).hasValue(2);
    }

    @Test
    void zero_bytes_refuse_their_row_and_a_reserved_tail_the_file() {
        assertThat(rows("姓名,地址\n张\0三,x\n李四,y\n").get(1).has(SheetCode.NUL)).isTrue();
        FileException refused =
                catchThrowableOfType(FileException.class, () -> rows("姓名,地址\n张三,x\n" + "\0".repeat(500)));
        assertThat(refused.code()).isEqualTo("FILE_INCOMPLETE");
    }

    @Test
    void limits_refuse_a_file_with_the_line() {
        FileLimits limits = FileLimits.standard().withCellChars(50).withTable(3, 4);
        for (String text : List.of("a,b\n1," + "x".repeat(51) + "\n", "a,b\n1,2\n1,2\n1,2\n", "a,b\n1,2,3,4,5\n")) {
            Path file = TestData.csv(folder, text, StandardCharsets.UTF_8);
            FileException refused = catchThrowableOfType(
                    FileException.class,
                    () -> TestData.rows(CsvSource.builder(file).limits(limits).build()));
            assertThat(refused.code()).isEqualTo("FILE_LIMIT");
            assertThat(refused.line()).isPresent();
        }
    }

    @Test
    void a_file_that_grows_while_it_is_read_is_refused_at_its_end() throws Exception {
        Path file = TestData.csv(folder, "姓名,地址\n张三,x\n李四,y\n", StandardCharsets.UTF_8);
        FileException refused = catchThrowableOfType(FileException.class, () -> {
            try (SheetRows rows = CsvSource.of(file).open()) {
                Files.writeString(file, "姓名,地址\n张三,x\n李四,y\n王五,z\n");
                rows.forEachRemaining(row -> assertThat(row.number()).isPositive());
            }
        });

        assertThat(refused == null ? "" : refused.code()).isEqualTo("FILE_CHANGED");
    }

    private SheetRows open(String text) {
        return CsvSource.of(TestData.csv(folder, text, StandardCharsets.UTF_8)).open();
    }

    private List<SheetRow> rows(String text) {
        return TestData.rows(CsvSource.of(TestData.csv(folder, text, StandardCharsets.UTF_8)));
    }
}

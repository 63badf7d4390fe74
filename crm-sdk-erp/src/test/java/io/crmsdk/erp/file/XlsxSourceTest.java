package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Finding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A workbook gives what it stores, or is refused; it never attacks, and nothing in it goes unsaid. */
class XlsxSourceTest {
    private static final String HEADER = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>姓名</t></is></c>"
            + "<c r=\"B1\" t=\"inlineStr\"><is><t>手机</t></is></c></row>";
    private static final List<List<Cell>> TABLE =
            List.of(List.of(Cell.text("姓名"), Cell.text("手机")), List.of(Cell.text("张三"), Cell.text("13800138000")));

    @TempDir
    Path folder;

    @Test
    void the_first_visible_sheet_that_is_a_table_is_read_and_the_others_are_named() {
        Path file = new TinyWorkbook()
                .sheet("隐藏", "hidden", "", HEADER, "")
                .sheet("说明", List.of(List.of(Cell.text("本表由销售部填写"))))
                .sheet("客户", TABLE)
                .write(folder);

        try (SheetRows rows = XlsxSource.of(file).open()) {
            assertThat(rows.name()).endsWith("客户");
            assertThat(rows.findings())
                    .filteredOn(finding -> finding.code().equals(SheetCode.OTHER_SHEET))
                    .extracting(Finding::message)
                    .containsExactly("the hidden sheet 隐藏 was not read", "the sheet 说明 was not read");
        }
        assertThat(TestData.rows(XlsxSource.builder(file).sheet("隐藏").build())).hasSize(1);
        assertThat(TestData.rows(XlsxSource.builder(file).sheet(2).build())).hasSize(2);
        assertThat(refusal(XlsxSource.builder(file).sheet("x").build()).code()).isEqualTo("SHEET_UNKNOWN");
    }

    @Test
    void every_kind_of_cell_is_what_the_workbook_stores() {
        String row = "<row r=\"2\">"
                + "<c r=\"A2\"><v>1.38001380001E+10</v></c>"
                + "<c r=\"B2\" t=\"b\"><v>1</v></c>"
                + "<c r=\"C2\" t=\"e\"><v>#REF!</v></c>"
                + "<c r=\"D2\"><f>1+1</f><v>2</v></c>"
                + "<c r=\"E2\" t=\"str\"><f>A1</f><v>北京</v></c>"
                + "<c r=\"F2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
                + "<c r=\"G2\"><f>1+1</f></c>"
                + "<c r=\"H2\" t=\"s\"><v>0</v></c>"
                + "<c r=\"I2\" t=\"inlineStr\"><is><t>a_x000D_b_x005F_x0041_</t></is></c>"
                + "<c r=\"J2\"><v>110105194912310000</v></c></row>";
        Path file = new TinyWorkbook()
                .part(
                        "xl/sharedStrings.xml",
                        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
                                + "<si><r><t>张</t></r><r><t>三</t></r><rPh><t>zhang</t></rPh></si></sst>")
                .sheet("s", "visible", "", HEADER + row, "")
                .write(folder);

        SheetRow read =
                TestData.rows(XlsxSource.builder(file).withoutHeader().build()).get(1);

        assertThat(read.cells().subList(0, 6))
                .containsExactly(
                        Cell.number("1.38001380001E+10", null),
                        Cell.bool(true),
                        Cell.error("#REF!"),
                        Cell.number("2", null),
                        Cell.text("北京"),
                        Cell.error("#DIV/0!"));
        assertThat(read.cells().get(6).kind()).isEqualTo(Cell.Kind.ERROR);
        assertThat(read.has(SheetCode.NOT_CALCULATED)).isTrue();
        assertThat(read.cells().get(7)).isEqualTo(Cell.text("张三"));
        assertThat(read.cells().get(8)).isEqualTo(Cell.text("a\rb_x0041_"));
        assertThat(read.has(SheetCode.PRECISION)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yyyy-mm-dd|true",
                "m/d/yy h:mm|true",
                "yyyy\"年\"m\"月\"d\"日\"|true",
                "[$-804]yyyy\\-mm|true",
                "General|false",
                "0.00E+00|false",
                "#,##0.00\" days\"|false",
                "[Red]0|false",
                "\\d0|false",
                "000000|false",
                "_-* #,##0_d|false"
            })
    void a_number_is_a_date_if_its_format_shows_one(String format, boolean date) {
        List<Cell> cells = List.of(Cell.number("45658", format), Cell.text("x"));
        Path file = new TinyWorkbook().sheet("s", List.of(TABLE.get(0), cells)).write(folder);

        Cell read = TestData.rows(XlsxSource.of(file)).get(1).cells().get(0);
        assertThat(read.kind()).isEqualTo(date ? Cell.Kind.DATE : Cell.Kind.NUMBER);
    }

    @Test
    void days_from_1904_are_marked_on_every_cell() {
        Path file = new TinyWorkbook().date1904(true).sheet("s", TABLE).write(folder);

        assertThat(TestData.rows(XlsxSource.of(file)).get(1).cells()).allMatch(Cell::date1904);
    }

    @Test
    void a_merged_cell_gives_its_value_once_and_says_where() {
        String rows = HEADER + "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>甲</t></is></c>"
                + "<c r=\"B2\"><v>13800138000</v></c></row><row r=\"3\"><c r=\"B3\"><v>13800138009</v></c></row>";
        Path file = new TinyWorkbook()
                .sheet("s", "visible", "", rows, "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>")
                .write(folder);

        List<SheetRow> read = TestData.rows(XlsxSource.of(file));
        assertThat(read.get(1).findings()).isEmpty();
        assertThat(read.get(2).cells().get(0)).isEqualTo(Cell.empty());
        assertThat(read.get(2).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(SheetCode.MERGED);
            assertThat(finding.column()).isEqualTo("姓名");
            assertThat(finding.message()).contains("A2");
        });
    }

    @Test
    void merged_headers_in_two_rows_name_every_column() {
        List<List<Cell>> rows = List.of(
                List.of(Cell.text("编号"), Cell.text("联系人"), Cell.empty()),
                List.of(Cell.empty(), Cell.text("姓名"), Cell.text("手机")),
                List.of(Cell.text("1"), Cell.text("张三"), Cell.text("13800138000")));
        try (SheetRows read =
                XlsxSource.of(new TinyWorkbook().sheet("s", rows).write(folder)).open()) {
            assertThat(read.header()).containsExactly("编号", "姓名", "手机");
            assertThat(read.headerRow()).isEqualTo(2);
        }
    }

    @Test
    void hidden_rows_and_columns_are_read_and_told() {
        String rows = HEADER + "<row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>张三</t></is></c></row>";
        Path file = new TinyWorkbook()
                .sheet("s", "visible", "<cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols>", rows, "")
                .write(folder);

        try (SheetRows read = XlsxSource.of(file).open()) {
            assertThat(read.findings())
                    .extracting(Finding::code)
                    .contains(SheetCode.HIDDEN_ROW, SheetCode.HIDDEN_COLUMN);
            read.next();
            assertThat(read.next().has(SheetCode.HIDDEN_ROW)).isTrue();
        }
    }

    @Test
    void blank_rows_that_the_file_leaves_out_keep_the_numbers_right() {
        String rows = HEADER + "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>张三</t></is></c></row>"
                + "<row r=\"9\"><c r=\"A9\" s=\"0\"/></row>";
        Path file = new TinyWorkbook().sheet("s", "visible", "", rows, "").write(folder);

        assertThat(TestData.rows(XlsxSource.of(file)))
                .extracting(SheetRow::number)
                .containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A reference to a text that is not there makes the library fill its memory.
                "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>2000000000</v></c></row>",
                "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>-1</v></c></row>",
                "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>",
                "<row r=\"1\"><c r=\"AAAAAAA1\"><v>1</v></c></row>",
                "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
                "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
                "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>",
                "<row r=\"2\"/><row r=\"1\"/>",
                "<row r=\"x\"/>",
                "<row r=\"1\"/><row/>",
                "<row r=\"99999999999\"/>",
                "<row r=\"1\"><c r=\"A1\"><f t=\"shared\" si=\"3\"/></c></row>",
                "<row r=\"1\"><c r=\"A1\" s=\"x\"><v>1</v></c></row>",
                "<row r=\"1\"><c r=\"A1\"><v>1</v></row>"
            })
    void rows_that_contradict_the_format_refuse_the_workbook(String rows) {
        Path file = new TinyWorkbook().sheet("s", "visible", "", rows, "").write(folder);

        assertThat(refusal(XlsxSource.of(file)).code()).isEqualTo("FILE_MALFORMED");
    }

    @Test
    void xml_that_attacks_is_refused_in_every_part() {
        String bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
        for (String part : List.of("xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml")) {
            Path file = new TinyWorkbook()
                    .sheet("s", TABLE)
                    .part("xl/sharedStrings.xml", "<sst/>")
                    .part(part, bomb + "<x>&b;</x>")
                    .write(folder);
            assertThat(refusal(XlsxSource.of(file)).code()).as(part).isIn("FILE_UNSAFE", "FILE_MALFORMED");
        }
    }

    @Test
    void other_formats_are_named() throws Exception {
        byte[] ole = {(byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, (byte) 0xA1, (byte) 0xB1, 0x1A, (byte) 0xE1};
        Path xls = Files.write(folder.resolve("a.xlsx"), Arrays.copyOf(ole, 2048));
        assertThat(refusal(SheetSource.of(xls)).code()).isEqualTo("FILE_FORMAT");

        byte[] locked = Arrays.copyOf(ole, 4096);
        byte[] name = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
        System.arraycopy(name, 0, locked, 2000, name.length);
        assertThat(refusal(SheetSource.of(Files.write(folder.resolve("b.xlsx"), locked)))
                        .code())
                .isEqualTo("FILE_ENCRYPTED");

        Path html = Files.writeString(folder.resolve("c.xls"), "<html><table><tr><td>1</td></tr></table></html>");
        assertThat(refusal(SheetSource.of(html)).code()).isEqualTo("FILE_FORMAT");
        assertThat(refusal(XlsxSource.of(html)).code()).isEqualTo("FILE_FORMAT");
        assertThat(refusal(XlsxSource.of(Files.writeString(folder.resolve("d.xlsx"), "a,b\n")))
                        .code())
                .isEqualTo("FILE_FORMAT");
    }

    @Test
    void a_damaged_or_cut_workbook_gives_no_row() throws Exception {
        byte[] whole = Files.readAllBytes(TestData.file("dirty-import/customers-mac1904.xlsx"));
        for (int tenth = 1; tenth < 10; tenth++) {
            Path cut = TestData.bytes(folder, Arrays.copyOf(whole, whole.length * tenth / 10));
            assertThat(refusal(XlsxSource.of(cut)).code()).isEqualTo("FILE_MALFORMED");
        }
        for (int at = 4000; at < whole.length - 3000; at += 900) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x55;
            try {
                assertThat(TestData.rows(XlsxSource.of(TestData.bytes(folder, damaged))))
                        .hasSize(68);
            } catch (FileException e) {
                assertThat(e.code()).isIn("FILE_MALFORMED", "FILE_FORMAT", "FILE_UNSAFE", "FILE_LIMIT");
            }
        }
    }

    private static FileException refusal(SheetSource source) {
        FileException refused = catchThrowableOfType(FileException.class, () -> TestData.rows(source));
        assertThat(refused).as("refused").isNotNull();
        return refused;
    }
}

package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmsdk.quality.Cell;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is exported comes back as it was, and nothing in it runs or changes when a spreadsheet opens it. */
class SheetExportTest {
    private static final List<String> HEADER = List.of("编号", "姓名", "备注");
    private static final List<String> NASTY = List.of(
            "=1+1",
            "=HYPERLINK(\"http://x.test\",\"y\")",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1+1",
            "'=1",
            "''=1",
            "'",
            "'Tis",
            "+8613800138000",
            "-12.50",
            "-1,234.50",
            "00123",
            "110105194912310021",
            "1E5",
            "1.38E+10",
            "13800138000",
            "a,b",
            "a\"b",
            "a\r\nb",
            " x ",
            "_x000D_",
            "潘䶮 𬭳",
            "#N/A",
            "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "GB18030", "UTF-16LE"})
    void csv_comes_back_as_it_was(String charset) {
        Path file = folder.resolve("out.csv");
        List<List<String>> rows = nasty(4711);
        try (CsvExport export =
                CsvExport.builder(file).charset(Charset.forName(charset)).open(HEADER)) {
            rows.forEach(export::texts);
            export.finish();
        }

        CsvSource.Builder source = CsvSource.builder(file)
                .charset(Charset.forName(charset))
                .headerRow(1)
                .apostrophesRemoved();
        assertThat(TestData.records(source.build())).isEqualTo(rows);
    }

    @Test
    void xlsx_comes_back_as_it_was() {
        Path file = folder.resolve("out.xlsx");
        List<List<String>> rows = nasty(4712);
        rows.add(List.of("\u0001 \uFFFF", "\uD800", "\n"));
        try (XlsxExport export = XlsxExport.to(file, "客户", HEADER)) {
            rows.forEach(export::texts);
            export.finish();
        }

        assertThat(TestData.records(XlsxSource.builder(file).headerRow(1).build()))
                .isEqualTo(rows);
    }

    @Test
    void no_text_of_a_csv_file_begins_like_a_formula() throws Exception {
        Path file = folder.resolve("out.csv");
        try (CsvExport export = CsvExport.to(file, HEADER)) {
            nasty(4713).forEach(export::texts);
            export.finish();
        }

        for (List<String> record :
                TestData.records(CsvSource.builder(file).headerRow(1).build())) {
            for (String text : record) {
                assertThat(text.strip()).doesNotMatch("(?s)[=+@＝＋－＠].*").doesNotMatch("(?s)-(?![\\d,.]+$).*");
                assertThat(text).doesNotMatch("0\\d+|\\d{16,}");
            }
        }
        assertThat(Files.readAllBytes(file)).startsWith(0xEF, 0xBB, 0xBF);
    }

    @Test
    void no_cell_of_a_workbook_is_a_formula() throws Exception {
        Path file = folder.resolve("out.xlsx");
        try (XlsxExport export = XlsxExport.to(file, "客户", HEADER)) {
            nasty(4714).forEach(export::texts);
            export.finish();
        }

        try (ZipFile zip = new ZipFile(file.toFile())) {
            String xml = new String(
                    zip.getInputStream(zip.getEntry("xl/worksheets/sheet1.xml")).readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(xml).doesNotContain("<f>").doesNotContain("t=\"n\"").contains("t=\"inlineStr\"");
        }
    }

    @Test
    void typed_cells_keep_their_kind_and_every_digit() {
        Path file = folder.resolve("out.xlsx");
        List<Cell> cells = List.of(
                Cell.number("1234.50", "#,##0.00"),
                Cell.date("45658.5", "yyyy-mm-dd hh:mm:ss", false),
                Cell.date("44196", "yyyy-mm-dd", true),
                Cell.bool(true),
                Cell.number("110105194912310021", null));
        try (XlsxExport export = XlsxExport.to(file, "s", List.of("a", "b", "c", "d", "e"))) {
            export.row(cells);
            export.finish();
        }

        List<Cell> read = TestData.rows(XlsxSource.of(file)).get(1).cells();
        assertThat(read.get(0)).isEqualTo(Cell.number("1234.50", "#,##0.00"));
        assertThat(read.get(1)).isEqualTo(Cell.date("45658.5", "yyyy-mm-dd hh:mm:ss", false));
        assertThat(read.get(2)).isEqualTo(Cell.date("45658", "yyyy-mm-dd", false));
        assertThat(read.get(3)).isEqualTo(Cell.bool(true));
        assertThat(read.get(4)).isEqualTo(Cell.text("110105194912310021"));
    }

    @Test
    void an_export_that_is_not_finished_leaves_the_old_file_and_nothing_else() throws Exception {
        for (String name : List.of("out.csv", "out.xlsx")) {
            Path file = Files.writeString(folder.resolve(name), "old");
            try (SheetExport export =
                    name.endsWith("csv") ? CsvExport.to(file, HEADER) : XlsxExport.to(file, "s", HEADER)) {
                export.texts(List.of("1", "2", "3"));
            }
            assertThat(file).hasContent("old");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void a_character_that_the_encoding_lacks_refuses_the_export() {
        Path file = folder.resolve("out.csv");
        FileException refused = catchThrowableOfType(FileException.class, () -> {
            try (CsvExport export =
                    CsvExport.builder(file).charset(Charset.forName("GBK")).open(HEADER)) {
                export.texts(List.of("1", "潘䶮", ""));
                export.finish();
            }
        });

        assertThat(refused.code()).isEqualTo("FILE_ENCODING");
        assertThat(file).doesNotExist();
    }

    /** Each nasty text, and random mixtures of them. */
    private static List<List<String>> nasty(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<List<String>> rows = new ArrayList<>();
        for (String text : NASTY) {
            rows.add(List.of("x", text, "y"));
        }
        for (int i = 0; i < 1_200; i++) {
            String mixed = NASTY.get(random.nextInt(NASTY.size())) + NASTY.get(random.nextInt(NASTY.size()));
            rows.add(List.of("n" + i, mixed, NASTY.get(random.nextInt(NASTY.size()))));
        }
        return rows;
    }
}

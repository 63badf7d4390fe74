package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Text is read as it was written, or the file is refused; no character is ever replaced. */
class CsvEncodingTest {
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final String SHEET = "姓名,城市,备注\r\n张三,北京,好\r\n李四,上海,\r\n";

    @TempDir
    Path folder;

    @TestFactory
    @SuppressWarnings("unchecked")
    Stream<DynamicTest> every_encoding_gives_the_same_records() {
        return TestData.lines("dirty-import/encodings/truth.jsonl").stream()
                .filter(truth -> truth.get("rows") != null)
                .map(truth -> DynamicTest.dynamicTest((String) truth.get("file"), () -> {
                    List<List<String>> records = TestData.records(
                            CsvSource.of(TestData.file("dirty-import/encodings/" + truth.get("file"))));

                    List<List<String>> wanted = (List<List<String>>) truth.get("rows");
                    assertThat(records.stream().map(record -> record.subList(0, 3)))
                            .isEqualTo(wanted.stream()
                                    .map(record -> record.subList(0, 3))
                                    .toList());
                }));
    }

    @Test
    void a_record_without_a_header_is_read_and_not_taken_for_one() {
        try (SheetRows rows = CsvSource.of(TestData.file("dirty-import/encodings/one-line-gbk.csv"))
                .open()) {
            assertThat(rows.headerRow()).isZero();
            assertThat(rows.findings()).anyMatch(finding -> finding.code().equals(SheetCode.NO_HEADER));
            assertThat(rows.next().cells().get(1).text()).isEqualTo("欧阳志");
        }
    }

    @Test
    void two_exports_glued_together_are_refused() throws IOException {
        assertThat(refusal(CsvSource.of(TestData.file("dirty-import/encodings/mixed.csv")))
                        .code())
                .isEqualTo("FILE_ENCODING");

        ByteArrayOutputStream glued = new ByteArrayOutputStream();
        glued.write(SHEET.getBytes(GB18030));
        glued.write("王五,武汉中,好\r\n赵六,天津,\r\n".getBytes(StandardCharsets.UTF_8));
        FileException refused = refusal(CsvSource.of(TestData.bytes(folder, glued.toByteArray())));
        assertThat(refused.code()).isEqualTo("FILE_ENCODING");
    }

    @Test
    void text_that_was_spoilt_before_is_noticed() {
        try (SheetRows rows = CsvSource.of(TestData.file("dirty-import/encodings/mojibake.csv"))
                .open()) {
            assertThat(rows.findings()).anyMatch(finding -> finding.code().equals(SheetCode.SPOILT_TEXT));
        }
    }

    @Test
    void a_file_that_ends_inside_a_character_gives_all_whole_records_and_refuses_the_last() {
        List<SheetRow> rows = TestData.rows(CsvSource.of(TestData.file("dirty-import/encodings/truncated-utf8.csv")));

        assertThat(rows.subList(0, rows.size() - 1)).noneMatch(row -> row.has(SheetCode.ENDED_EARLY));
        SheetRow last = rows.get(rows.size() - 1);
        assertThat(last.kind()).isEqualTo(RowKind.BROKEN);
        assertThat(last.findings()).isNotEmpty();
    }

    @Test
    void a_stated_encoding_is_obeyed_and_verified() {
        Path gbk = TestData.csv(folder, SHEET, GB18030);

        assertThat(TestData.records(
                        CsvSource.builder(gbk).charset(Charset.forName("GBK")).build()))
                .first()
                .isEqualTo(List.of("张三", "北京", "好"));
        FileException refused =
                refusal(CsvSource.builder(gbk).charset(StandardCharsets.UTF_8).build());
        assertThat(refused.code()).isEqualTo("FILE_ENCODING");
        assertThat(refused.line()).hasValue(1);
        assertThat(refused.getMessage()).contains("byte 0");
    }

    @Test
    void a_byte_order_mark_that_contradicts_the_statement_is_refused() {
        Path utf8 = TestData.csv(folder, "\uFEFF" + SHEET, StandardCharsets.UTF_8);

        assertThat(refusal(CsvSource.builder(utf8).charset(GB18030).build()).code())
                .isEqualTo("FILE_ENCODING");
    }

    @Test
    void the_place_of_the_first_wrong_byte_is_told() throws IOException {
        ByteArrayOutputStream broken = new ByteArrayOutputStream();
        broken.write("name,city\nZoë,Köln\n".getBytes(StandardCharsets.UTF_8));
        broken.write(new byte[] {'a', ',', (byte) 0xFF, '\n'});
        FileException refused = refusal(CsvSource.of(TestData.bytes(folder, broken.toByteArray())));

        assertThat(refused.code()).isEqualTo("FILE_ENCODING");
        assertThat(refused.getMessage()).contains("line 3");
    }

    @Test
    void latin_text_of_another_code_page_is_not_read_as_chinese() {
        Path latin = TestData.csv(
                folder, "name;city\nM\u00fcller;K\u00f6ln\nJos\u00e9;Malm\u00f6\n", StandardCharsets.ISO_8859_1);

        assertThat(refusal(CsvSource.of(latin)).code()).isEqualTo("FILE_ENCODING");
        assertThat(TestData.records(CsvSource.builder(latin)
                        .charset(StandardCharsets.ISO_8859_1)
                        .build()))
                .first()
                .isEqualTo(List.of("M\u00fcller", "K\u00f6ln"));
    }

    @Test
    void so_little_text_that_it_is_legal_in_two_encodings_is_refused() {
        // 一 in GBK is the two bytes D2 BB, which UTF-8 reads as a Cyrillic letter.
        Path file = TestData.csv(folder, "name,code\n一,12\n", GB18030);

        assertThat(refusal(CsvSource.of(file)).code()).isEqualTo("FILE_ENCODING");
        assertThat(TestData.records(CsvSource.builder(file).charset(GB18030).build()))
                .first()
                .isEqualTo(List.of("一", "12"));
    }

    @Test
    void utf16_is_read_with_its_mark_and_named_without() {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(TestData.records(CsvSource.of(TestData.csv(folder, "\uFEFF" + SHEET, charset))))
                    .first()
                    .isEqualTo(List.of("张三", "北京", "好"));
            Path bare = TestData.csv(folder, "name,city,note\r\nab,cd,ef\r\nab,cd,ef\r\n", charset);
            assertThat(refusal(CsvSource.of(bare)).getMessage()).contains("UTF-16");
        }
    }

    @Test
    void a_file_cut_in_the_middle_of_a_utf16_unit_ends_early() {
        byte[] whole = ("\uFEFF" + SHEET + "赵六,天津,安").getBytes(StandardCharsets.UTF_16LE);
        List<SheetRow> rows =
                TestData.rows(CsvSource.of(TestData.bytes(folder, Arrays.copyOf(whole, whole.length - 1))));

        assertThat(rows.get(rows.size() - 1).kind()).isEqualTo(RowKind.BROKEN);
    }

    @Test
    void every_encoding_survives_every_cut() {
        for (Map.Entry<Charset, String> encoding : Map.of(
                        StandardCharsets.UTF_8, SHEET, GB18030, SHEET, StandardCharsets.UTF_16LE, "\uFEFF" + SHEET)
                .entrySet()) {
            byte[] whole = encoding.getValue().getBytes(encoding.getKey());
            for (int length = 12; length < whole.length; length++) {
                Path cut = TestData.bytes(folder, Arrays.copyOf(whole, length));
                try {
                    List<SheetRow> rows = TestData.rows(CsvSource.builder(cut)
                            .charset(encoding.getKey())
                            .headerRow(1)
                            .build());
                    for (SheetRow row : rows) {
                        boolean told =
                                row.kind() != RowKind.DATA || !row.findings().isEmpty();
                        boolean intact =
                                SHEET.contains(String.join(
                                                ",",
                                                row.cells().stream()
                                                        .map(cell -> cell.text())
                                                        .toList()) + "\r");
                        assertThat(told || intact)
                                .as(encoding.getKey() + " cut at " + length + ": " + row)
                                .isTrue();
                    }
                } catch (FileException e) {
                    assertThat(e.code()).isIn("FILE_ENCODING", "FILE_EMPTY");
                }
            }
        }
    }

    private static FileException refusal(SheetSource source) {
        FileException refused = catchThrowableOfType(FileException.class, () -> TestData.rows(source));
        assertThat(refused).as("refused").isNotNull();
        return refused;
    }
}

package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.FindingCode;
import io.crmsdk.quality.Judged;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to a cell, in whatever file: its value is right, or somebody is told (F-904). */
class RandomDamageTest {
    private static final List<String> HEADER = List.of(
            "客户编号",
            "客户名称",
            "联系人",
            "手机",
            "固定电话",
            "邮箱",
            "身份证号",
            "统一社会信用代码",
            "城市",
            "会员等级",
            "累计消费",
            "生日",
            "注册时间",
            "最近下单时间",
            "备注");
    private static final int ROWS = Integer.getInteger("crmsdk.rows", 120);

    @TempDir
    Path folder;

    private record Planted(String value, boolean damaged, Cell cell) {}

    static Stream<String> formats() {
        return Stream.of(
                "UTF-8", "UTF-8 BOM", "GB18030", "GBK", "UTF-16LE BOM", "UTF-16BE BOM", "xlsx 1900", "xlsx 1904");
    }

    @ParameterizedTest
    @MethodSource("formats")
    void no_damage_is_ever_silent(String format) {
        long seed = Long.getLong("crmsdk.seed", new Random().nextLong());
        System.out.println("seed " + seed + " " + format);
        Random random = new Random(seed);
        boolean workbook = format.startsWith("xlsx");
        List<List<Planted>> planted = plant(random, workbook, format.endsWith("1904"), format.equals("GBK"));

        Path file = workbook ? workbook(planted, format.endsWith("1904")) : text(planted, format, random);

        List<String> silent = new ArrayList<>();
        List<SheetRow> rows = TestData.rows(SheetSource.of(file)).stream()
                .filter(row -> row.kind() == RowKind.DATA)
                .toList();
        assertThat(rows).hasSize(planted.size());
        for (int i = 0; i < rows.size(); i++) {
            for (int column = 0; column < HEADER.size(); column++) {
                Planted wanted = planted.get(i).get(column);
                Judged<String> judged = SheetJudges.judge(HEADER, rows.get(i), column);
                if (wanted.damaged() ? isSilentlyWrong(judged, wanted) : isTouched(judged, wanted)) {
                    silent.add(HEADER.get(column) + (wanted.damaged() ? " damaged" : " clean") + " '"
                            + wanted.cell().text() + "' " + wanted.cell().kind() + " meant '" + wanted.value()
                            + "' got '" + judged.value() + "' " + judged.findings());
                }
            }
        }
        assertThat(silent).as("seed " + seed + " " + format).isEmpty();
    }

    /** A value that is not the meant one, without a flag. */
    private static boolean isSilentlyWrong(Judged<String> judged, Planted wanted) {
        if (judged.value() == null) {
            // Nothing is wrong only if it was told, or nothing was there.
            return judged.findings().isEmpty() && !Labels.isBlank(wanted.cell());
        }
        boolean right = judged.value().equals(wanted.value());
        return !right && !judged.flagged() && !isKeptOnPurpose(judged, wanted);
    }

    /** A number given with an extension, or a second number in the cell, is more than was meant, not something else. */
    private static boolean isKeptOnPurpose(Judged<String> judged, Planted wanted) {
        return judged.value().startsWith(wanted.value() + ";ext=")
                || judged.outcome() == Action.MOVE
                // Text that looks like a formula is told, and kept: exports make it harmless.
                || judged.has(FindingCode.FORMULA_TEXT);
    }

    private static boolean isTouched(Judged<String> judged, Planted wanted) {
        String value = judged.value() == null ? "" : judged.value();
        return !value.equals(wanted.value()) || judged.flagged();
    }

    private List<List<Planted>> plant(Random random, boolean typed, boolean date1904, boolean gbk) {
        Damage damage = new Damage(random, typed, date1904);
        List<Map<String, Object>> customers = new ArrayList<>(TestData.lines("dirty-import/expected.jsonl"));
        Collections.shuffle(customers, random);
        List<List<Planted>> rows = new ArrayList<>();
        for (Map<String, Object> customer : customers.subList(0, ROWS)) {
            List<Planted> row = new ArrayList<>();
            for (String column : HEADER) {
                String field = SheetJudges.FIELDS.get(column);
                Object known = customer.get(field);
                String value = known == null ? "" : known.toString();
                boolean hit = !value.isEmpty() && !field.equals("city") && random.nextInt(3) == 0;
                Cell cell = value.isEmpty()
                        ? Cell.empty()
                        : hit ? damage.damaged(field, value) : damage.clean(field, value);
                boolean encodable = !gbk || Charset.forName("GBK").newEncoder().canEncode(cell.text());
                row.add(encodable ? new Planted(value, hit, cell) : new Planted("", false, Cell.empty()));
            }
            rows.add(row);
        }
        return rows;
    }

    private Path workbook(List<List<Planted>> planted, boolean date1904) {
        List<List<Cell>> rows = new ArrayList<>();
        rows.add(HEADER.stream().map(Cell::text).toList());
        planted.forEach(row -> rows.add(row.stream().map(Planted::cell).toList()));
        return new TinyWorkbook().date1904(date1904).sheet("客户", rows).write(folder);
    }

    private Path text(List<List<Planted>> planted, String format, Random random) {
        String delimiter = List.of(",", "\t", ";", "|").get(random.nextInt(4));
        StringBuilder text = new StringBuilder(format.endsWith("BOM") ? "\uFEFF" : "");
        text.append(String.join(delimiter, HEADER)).append("\r\n");
        for (List<Planted> row : planted) {
            text.append(row.stream()
                            .map(cell -> quoted(cell.cell().text(), delimiter, random))
                            .collect(Collectors.joining(delimiter)))
                    .append("\r\n");
        }
        Charset charset = Charset.forName(format.replace(" BOM", ""));
        return TestData.csv(
                folder, text.toString(), charset.equals(StandardCharsets.UTF_8) ? StandardCharsets.UTF_8 : charset);
    }

    private static String quoted(String text, String delimiter, Random random) {
        boolean needed = text.contains(delimiter) || text.contains("\"") || text.contains("\n") || text.contains("\r");
        return needed || random.nextInt(10) == 0 ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}

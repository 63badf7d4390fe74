package io.crmsdk.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmsdk.fixtures.JsonLines;
import io.crmsdk.fixtures.SharedFiles;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.OptOut;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The bundled mapping {@code cn/customers} on a sheet as people export it. */
class CustomersSheetTest {
    private static final List<String> HEADER = List.of(
            "客户编号",
            "客户名称",
            "联系人",
            "职务",
            "手机",
            "固定电话",
            "邮箱",
            "身份证号",
            "统一社会信用代码",
            "省份",
            "城市",
            "区县",
            "地址",
            "会员等级",
            "累计消费",
            "是否退订",
            "生日",
            "注册时间",
            "最近下单时间",
            "备注");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    @Test
    void the_fitting_mapping_is_found_by_the_header_whatever_its_polarity_and_spelling() {
        List<String> other = new ArrayList<>(HEADER);
        other.set(15, "是否接收营销");
        other.set(4, "*手机号码：");

        assertThat(Mapping.bundledFor(HEADER).name()).isEqualTo("cn/customers");
        assertThat(Mapping.bundledFor(other).forColumns(other).columns())
                .containsEntry("mobile", "*手机号码：")
                .containsEntry("optOut", "是否接收营销")
                .hasSize(20);
        assertThat(Mapping.bundledNames()).contains("cn/customers");
    }

    @Test
    void a_header_that_nothing_fits_is_an_error_that_shows_the_nearest() {
        MappingException thrown = catchThrowableOfType(
                MappingException.class, () -> Mapping.bundledFor(List.of("手机", "Order", "Amount", "Currency", "Due")));

        assertThat(thrown.code()).isEqualTo("NO_FITTING_MAPPING");
        assertThat(thrown)
                .hasMessageContaining("cn/customers")
                .hasMessageContaining("手机")
                .hasMessageContaining("Currency");
    }

    @Test
    void the_header_decides_what_a_yes_means() {
        assertThat(optOut("是否退订", "是")).isEqualTo(OptOut.OPTED_OUT);
        assertThat(optOut("是否退订", "否")).isEqualTo(OptOut.NOT_OPTED_OUT);
        assertThat(optOut("是否接收营销", "是")).isEqualTo(OptOut.NOT_OPTED_OUT);
        assertThat(optOut("是否接收营销", "否")).isEqualTo(OptOut.OPTED_OUT);
        assertThat(optOut("是否接收营销", "")).isEqualTo(OptOut.UNKNOWN);
        assertThat(optOut("是否接收营销", "退订")).isEqualTo(OptOut.OPTED_OUT);
    }

    private static OptOut optOut(String header, String cell) {
        RowMapping rows = Mapping.bundled("cn/customers").forColumns(List.of("联系人", "邮箱", header));
        MappedRecord record = rows.read(2, List.of(Cell.text("王小明"), Cell.text("wang@example.com"), Cell.text(cell)));
        assertThat(record.consent()).singleElement().satisfies(signal -> {
            assertThat(signal.contactPoints()).containsExactly("wang@example.com");
            assertThat(signal.scope()).isEqualTo("marketing");
        });
        return (OptOut) record.values().get("optOut");
    }

    @Test
    void two_columns_for_one_field_are_not_guessed_between() {
        MappingException thrown = catchThrowableOfType(
                MappingException.class, () -> Mapping.bundled("cn/customers").forColumns(List.of("手机", "手机号", "联系人")));

        assertThat(thrown.code()).isEqualTo("AMBIGUOUS_COLUMN");
    }

    @Test
    void a_landline_in_the_mobile_column_goes_where_it_belongs_and_two_numbers_stay_two() {
        RowMapping rows = Mapping.bundled("cn/customers").forColumns(List.of("联系人", "手机", "固定电话", "内部代号"));
        MappedRecord moved =
                rows.read(2, List.of(Cell.text("王小明"), Cell.text("027-35035896"), Cell.empty(), Cell.text("x7")));
        MappedRecord two = rows.read(3, List.of(Cell.text("王小明"), Cell.text("18211107659/13900017669")));

        assertThat(text("landline", moved.values().get("landline"))).isEqualTo("+862735035896");
        assertThat(moved.values().get("mobile")).isNull();
        assertThat(moved.raw()).containsExactly(Map.entry("内部代号", "x7"));
        assertThat(moved.findings()).anySatisfy(finding -> {
            assertThat(finding.column()).isEqualTo("手机");
            assertThat(finding.field()).isEqualTo("mobile");
            assertThat(finding.action()).isEqualTo(Action.MOVE);
            assertThat(finding.raw()).isEqualTo("027-35035896");
        });
        assertThat(two.customer().phones())
                .extracting(phone -> phone.e164())
                .containsExactly("+8618211107659", "+8613900017669");
    }

    @Test
    void a_landline_in_the_mobile_column_is_kept_where_there_is_no_column_for_it_or_it_is_taken() {
        MappedRecord without = Mapping.bundled("cn/customers")
                .forColumns(List.of("联系人", "手机"))
                .read(2, List.of(Cell.text("王小明"), Cell.text("(021)6123 4567 转 801")));
        MappedRecord taken = Mapping.bundled("cn/customers")
                .forColumns(List.of("联系人", "手机", "固定电话"))
                .read(2, List.of(Cell.text("王小明"), Cell.text("027-35035896"), Cell.text("021-61234567")));

        assertThat(text("landline", without.values().get("landline"))).isEqualTo("+862161234567;ext=801");
        assertThat(without.customer().phones())
                .extracting(phone -> phone.number().text())
                .containsExactly("+862161234567;ext=801");
        assertThat(taken.customer().phones())
                .extracting(phone -> phone.e164())
                .containsExactly("+862161234567", "+862735035896");
    }

    @Test
    void a_row_with_more_cells_than_columns_is_refused() {
        RowMapping rows = Mapping.bundled("cn/customers").forColumns(List.of("联系人", "手机", "地址"));
        MappedRecord record = rows.read(208, List.of(Cell.text("王"), Cell.text(""), Cell.text("a"), Cell.text("b")));

        assertThat(record.rejected()).isTrue();
        assertThat(record.findings())
                .anySatisfy(finding -> assertThat(finding.code()).isEqualTo("LENGTH"));
    }

    @Test
    void every_cell_of_the_dirty_sheet_ends_as_expected_or_is_reported() throws IOException {
        Optional<Path> found = SharedFiles.find("data/dirty-import");
        assumeTrue(found.isPresent(), "the shared data is not beside this checkout");
        Path data = found.get();
        List<List<String>> sheet = csv(Files.readString(data.resolve("customers.gbk.csv"), Charset.forName("GBK")));
        Map<Integer, Map<String, Map<String, Object>>> labels = labels(data);
        RowMapping rows =
                Mapping.bundledFor(sheet.get(0)).forColumns(sheet.get(0)).on(TODAY);
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Map<String, Object> expected : JsonLines.file(data.resolve("expected.jsonl"))) {
            int number = Integer.parseInt(String.valueOf(expected.get("row")));
            if (!expected.get("file").equals("customers.gbk.csv") || labels.containsKey(-number)) {
                continue;
            }
            List<Cell> cells = sheet.get(number - 1).stream().map(Cell::text).toList();
            Map<String, Map<String, Object>> damaged = labels.getOrDefault(number, Map.of());
            MappedRecord record = rows.read(number, cells, series(damaged));
            for (String field : rows.columns().keySet()) {
                checked++;
                check(number, field, expected, record, damaged.get(field), wrong);
            }
        }

        assertThat(checked).isGreaterThan(5_000);
        assertThat(wrong).isEmpty();
    }

    private static Set<Integer> series(Map<String, Map<String, Object>> damaged) {
        Set<Integer> series = new HashSet<>();
        damaged.values().forEach(label -> {
            if ("fill_down_series".equals(label.get("damage"))) {
                series.add(HEADER.indexOf((String) label.get("column")));
            }
        });
        return series;
    }

    private static void check(
            int row,
            String field,
            Map<String, Object> expected,
            MappedRecord record,
            Map<String, Object> label,
            List<String> wrong) {
        String value = text(field, record.values().get(field));
        String wanted = expected.get(field) == null || "".equals(expected.get(field))
                ? null
                : String.valueOf(expected.get(field));
        boolean same = comparable(field, value).equals(comparable(field, wanted));
        List<Finding> findings = record.findings().stream()
                .filter(finding -> finding.field().equals(field))
                .toList();
        boolean reported =
                findings.stream().anyMatch(finding -> finding.action().compareTo(Action.EMPTY) >= 0);
        boolean kept = label != null
                && value != null
                && String.valueOf(label.get("accept")).contains("keep")
                && value.endsWith(String.valueOf(label.get("raw")).replaceAll("[- ]", ""));
        if (!same && !reported && !kept && !(field.equals("optOut") && "true".equals(value))) {
            wrong.add(row + " " + field + " wanted " + wanted + " got " + value + " " + label + " " + findings);
        }
    }

    private static String comparable(String field, String value) {
        if (value == null) {
            return "";
        }
        return switch (field) {
            case "email" -> value.toLowerCase(Locale.ROOT);
            case "company", "contact", "address", "note", "title" ->
                Normalizer.normalize(value, Normalizer.Form.NFKC).replaceAll("\\s", "");
            default -> value;
        };
    }

    static String text(String field, Object value) {
        if (value instanceof PhoneNumber number) {
            return number.text() == null ? number.raw() : number.text();
        }
        if (value instanceof EmailAddress address) {
            return address.raw();
        }
        if (value instanceof Money money) {
            return money.amount().toPlainString();
        }
        if (value instanceof PartialDate date) {
            return date.text();
        }
        if (value instanceof VipLevel level) {
            return level == VipLevel.UNKNOWN
                    ? null
                    : String.valueOf(level.tier().orElseThrow());
        }
        if (value instanceof OptOut state) {
            return state == OptOut.UNKNOWN ? null : String.valueOf(state == OptOut.OPTED_OUT);
        }
        return value == null ? null : value.toString();
    }

    /** Labels by row and field; a row that is damaged as a whole is under its negative number. */
    private static Map<Integer, Map<String, Map<String, Object>>> labels(Path data) {
        Map<Integer, Map<String, Map<String, Object>>> labels = new HashMap<>();
        for (Map<String, Object> label : JsonLines.file(data.resolve("truth.jsonl"))) {
            if (!"customers.gbk.csv".equals(label.get("file"))) {
                continue;
            }
            int row = Integer.parseInt(String.valueOf(label.get("row")));
            if ("cell".equals(label.get("kind"))) {
                labels.computeIfAbsent(row, number -> new HashMap<>()).put((String) label.get("field"), label);
            } else if ("row".equals(label.get("kind"))) {
                labels.put(-row, Map.of());
            }
        }
        return labels;
    }

    /** Enough of RFC 4180 for one well-formed file. */
    private static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append(c);
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append(c);
                }
            } else if (c == '"' && cell.isEmpty()) {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                row.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }
}

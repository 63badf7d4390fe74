package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.mapping.Mapping;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PartialDate;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.OptOut;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Through the bundled mapping as well, every labelled cell ends as its label allows, and every other keeps its value (F-904). */
class SheetReaderTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);
    /** What may happen to a row, by its label. */
    private static final Map<String, RowOutcome> ROWS = Map.of(
            "blank", RowOutcome.SKIPPED,
            "repeated_header", RowOutcome.SKIPPED,
            "subtotal", RowOutcome.SKIPPED,
            "total", RowOutcome.SKIPPED,
            "extra_field", RowOutcome.REJECTED,
            "missing_fields", RowOutcome.REJECTED);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"customers.gbk.csv", "customers.xlsx", "customers-mac1904.xlsx"})
    void no_value_of_a_dirty_sheet_is_silently_wrong(String sheet) {
        Map<String, Map<String, Object>> cells = new HashMap<>();
        Map<String, RowOutcome> outcomes = new HashMap<>();
        for (Map<String, Object> truth : TestData.lines("dirty-import/truth.jsonl")) {
            if (sheet.equals(truth.get("file")) && "cell".equals(truth.get("kind"))) {
                cells.put(truth.get("row") + " " + truth.get("field"), truth);
            } else if (sheet.equals(truth.get("file")) && "row".equals(truth.get("kind"))) {
                outcomes.put((String) truth.get("row"), ROWS.get(truth.get("damage")));
            }
        }
        Map<String, Map<String, Object>> expected = new HashMap<>();
        TestData.lines("dirty-import/expected.jsonl").stream()
                .filter(row -> sheet.equals(row.get("file")))
                .forEach(row -> expected.put((String) row.get("row"), row));
        List<String> wrong = new ArrayList<>();

        try (SheetRows rows =
                        SheetSource.of(TestData.file("dirty-import/" + sheet)).open();
                SheetReader reader = SheetReader.of(
                        rows,
                        Mapping.bundledFor(rows.header())
                                .forColumns(rows.header())
                                .on(TODAY))) {
            while (reader.hasNext()) {
                SheetResult result = reader.next();
                String number = String.valueOf(result.number());
                RowOutcome wanted = outcomes.remove(number);
                if (result.number() == 1 || wanted != null) {
                    assertThat(result.outcome())
                            .as(result.toString())
                            .isEqualTo(result.number() == 1 ? RowOutcome.SKIPPED : wanted);
                    continue;
                }
                check(result, expected.get(number), cells, wrong);
            }
            assertThat(reader.counts().get(RowOutcome.ACCEPTED)).isPositive();
        }

        assertThat(wrong).isEmpty();
        assertThat(outcomes).isEmpty();
        assertThat(cells.keySet()).isEmpty();
    }

    private static void check(
            SheetResult result,
            Map<String, Object> expected,
            Map<String, Map<String, Object>> labels,
            List<String> wrong) {
        assertThat(result.customer()).as(result.toString()).isNotNull();
        Map<String, Object> values = Objects.requireNonNull(result.record()).values();
        boolean labelled = false;
        for (String field : SheetJudges.FIELDS.values().stream().distinct().toList()) {
            Map<String, Object> label = labels.remove(result.number() + " " + field);
            labelled |= label != null;
            String value = text(values.get(field));
            String wanted =
                    expected.get(field) == null ? "" : expected.get(field).toString();
            List<Finding> findings = result.findings().stream()
                    .filter(finding -> finding.field().equals(field))
                    .toList();
            boolean flagged =
                    findings.stream().anyMatch(finding -> finding.action().compareTo(Action.FLAG_KEEP) >= 0);
            boolean right =
                    label == null ? value.equals(wanted) && !flagged : isAccepted(label, value, findings, flagged);
            // A number found in the other column's place is told, and stands where it belongs.
            boolean moved = field.equals("landline") && flagged && movedHere(result);
            if (!right && !moved) {
                wrong.add(result.number() + " " + field + " wanted '" + wanted + "' got '" + value + "' " + findings
                        + (label == null ? " clean" : " " + label.get("damage") + " " + label.get("accept")));
            }
        }
        if (!labelled && result.row().findings().isEmpty() && result.outcome() != RowOutcome.ACCEPTED) {
            boolean onlyWriting = result.outcome() == RowOutcome.REPAIRED;
            if (!onlyWriting) {
                wrong.add(result + " has no label");
            }
        }
    }

    private static boolean movedHere(SheetResult result) {
        return result.findings().stream().anyMatch(finding -> finding.action() == Action.MOVE);
    }

    @SuppressWarnings("unchecked")
    private static boolean isAccepted(
            Map<String, Object> label, String value, List<Finding> findings, boolean flagged) {
        List<String> accept = (List<String>) label.get("accept");
        String expected =
                label.get("expected") == null ? "" : label.get("expected").toString();
        String raw = (String) label.get("raw");
        boolean moved = findings.stream().anyMatch(finding -> finding.action() == Action.MOVE);
        boolean refused = findings.stream().anyMatch(finding -> finding.action() == Action.REJECT);
        if (value.isEmpty()) {
            return moved && (accept.contains("move") || accept.contains("move_to_landline"))
                    || refused && accept.contains("reject")
                    || !refused && (accept.contains("empty") || accept.contains("unknown"));
        }
        boolean kept = value.equals(raw) || value.equals("+86" + raw.replaceAll("\\D", ""));
        return value.equals(expected) && accept.contains(flagged ? "repair_flagged" : "repair")
                || kept && accept.contains(flagged ? "flag_keep" : "keep")
                || value.equals("true") && accept.contains("opted_out");
    }

    /** A value in the words of the expectations; unknown and absent alike are nothing. */
    private static String text(Object value) {
        if (value == null || value == OptOut.UNKNOWN) {
            return "";
        }
        if (value instanceof PhoneNumber phone) {
            return phone.text();
        }
        if (value instanceof PartialDate date) {
            return date.text();
        }
        if (value instanceof EmailAddress email) {
            return email.canonical();
        }
        if (value instanceof Money money) {
            return money.amount().toPlainString();
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof VipLevel level) {
            return String.valueOf(level.tier().orElseThrow());
        }
        if (value instanceof OptOut optOut) {
            return String.valueOf(optOut == OptOut.OPTED_OUT);
        }
        return value instanceof Instant instant ? instant.toString() : value.toString();
    }

    @Test
    void a_sheet_cut_anywhere_gives_no_wrong_row_and_says_that_it_ended_early() throws Exception {
        // F-901: truncate at each 10 %.
        byte[] whole = Files.readAllBytes(TestData.file("dirty-import/customers.gbk.csv"));
        Map<Integer, String> right = results(TestData.file("dirty-import/customers.gbk.csv"));
        for (int tenth = 1; tenth < 10; tenth++) {
            Path cut = TestData.bytes(folder, java.util.Arrays.copyOf(whole, whole.length * tenth / 10));
            Map<Integer, String> partly = results(cut);
            int last =
                    partly.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
            String end = partly.remove(last);
            assertThat(right).containsAllEntriesOf(partly);
            assertThat(end).matches("(?s)(REJECTED|FLAGGED).*");
        }
    }

    @Test
    void the_same_sheet_twice_gives_the_same_results() {
        // F-902: nothing depends on the run.
        Path sheet = TestData.file("dirty-import/customers.xlsx");

        assertThat(results(sheet)).isEqualTo(results(sheet));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // An unquoted comma in the name, and the blank remark at the end was cut.
                "000001,北京甲公司,分公司,13800138000,010-62345678,li@example.com,北京",
                // A cell was deleted, and the others moved up.
                "000001,13800138000,010-62345678,li@example.com,北京,,",
            })
    void values_one_column_beside_their_own_are_refused_as_a_row(String row) throws Exception {
        SheetResult result = only(row);

        assertThat(result.outcome()).isEqualTo(RowOutcome.REJECTED);
        assertThat(result.record()).isNull();
        assertThat(result.findings()).extracting(Finding::code).containsExactly(SheetCode.SHIFTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000001,北京甲公司,13800138000,010-62345678,li@example.com,北京,",
                // Two damaged values in their own columns stay two damaged values.
                "000001,北京甲公司,1380013,010,li@example.com,北京,",
                "000001,北京甲公司,待定2,不详3,li#example,北京,",
                "000001,北京甲公司,1.38E+10,010-62345678,li,北京,好客户",
            })
    void values_in_their_own_columns_are_not_taken_for_moved_ones(String row) throws Exception {
        assertThat(only(row).findings()).extracting(Finding::code).doesNotContain(SheetCode.SHIFTED);
    }

    private SheetResult only(String row) throws Exception {
        Path sheet = TestData.bytes(
                folder, ("客户编号,客户名称,手机,固定电话,邮箱,城市,备注\r\n" + row + "\r\n").getBytes(StandardCharsets.UTF_8));
        try (SheetReader reader = SheetReader.open(SheetSource.of(sheet), Mapping.bundled("cn/customers"))) {
            reader.next();
            return reader.next();
        }
    }

    @Test
    void a_stream_is_read_like_a_file_and_leaves_nothing_behind() throws Exception {
        byte[] sheet = "客户编号,客户名称,手机\r\n000001,北京甲公司,13800138000\r\n".getBytes(StandardCharsets.UTF_8);
        try (SheetReader reader = SheetReader.open(
                SheetSource.of("stdin", new java.io.ByteArrayInputStream(sheet)), Mapping.bundled("cn/customers"))) {
            assertThat(reader.next().outcome()).isEqualTo(RowOutcome.SKIPPED);
            SheetResult row = reader.next();
            assertThat(row.customer()).isNotNull();
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.sheet().name()).isEqualTo("stdin");
        }
    }

    private static Map<Integer, String> results(Path sheet) {
        Map<Integer, String> results = new HashMap<>();
        try (SheetRows rows = SheetSource.of(sheet).open();
                SheetReader reader = SheetReader.of(
                        rows,
                        Mapping.bundledFor(rows.header())
                                .forColumns(rows.header())
                                .on(TODAY))) {
            reader.forEachRemaining(result -> results.put(
                    result.number(),
                    result.outcome() + " "
                            + (result.record() == null ? "" : result.record().values())));
        }
        return results;
    }
}

package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Judged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Read from the files themselves, every labelled cell ends as its label allows, and every other keeps its value (F-904). */
class DirtySheetsTest {
    @ParameterizedTest
    @ValueSource(strings = {"customers.gbk.csv", "customers.xlsx", "customers-mac1904.xlsx"})
    void no_cell_is_silently_wrong_and_no_clean_cell_is_refused(String sheet) {
        Map<String, Map<String, Object>> labels = new HashMap<>();
        Map<String, Map<String, Object>> expected = new HashMap<>();
        for (Map<String, Object> truth : TestData.lines("dirty-import/truth.jsonl")) {
            if (sheet.equals(truth.get("file")) && "cell".equals(truth.get("kind"))) {
                labels.put(truth.get("row") + " " + truth.get("column"), truth);
            }
        }
        for (Map<String, Object> row : TestData.lines("dirty-import/expected.jsonl")) {
            if (sheet.equals(row.get("file"))) {
                expected.put((String) row.get("row"), row);
            }
        }
        List<String> wrong = new ArrayList<>();
        int judgedCells = 0;
        try (SheetRows rows =
                SheetSource.of(TestData.file("dirty-import/" + sheet)).open()) {
            while (rows.hasNext()) {
                SheetRow row = rows.next();
                if (row.kind() != RowKind.DATA) {
                    continue;
                }
                Map<String, Object> wanted = expected.get(String.valueOf(row.number()));
                for (int column = 0; column < rows.header().size(); column++) {
                    String name = rows.header().get(column);
                    Map<String, Object> label = labels.remove(row.number() + " " + name);
                    Judged<String> judged = SheetJudges.judge(rows.header(), row, column);
                    judgedCells++;
                    Object value = wanted.get(SheetJudges.FIELDS.get(name));
                    if (label == null ? !isClean(judged, value) : !isAccepted(judged, label)) {
                        wrong.add(row.number() + " " + name + " '"
                                + row.cells().get(column).text() + "' wanted '"
                                + value + "' " + (label == null ? "clean" : label.get("accept")) + " got '"
                                + judged.value() + "' " + judged.findings());
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(labels.keySet()).as("labels that no row met").isEmpty();
        assertThat(judgedCells).isGreaterThan(1_000);
    }

    private static boolean isClean(Judged<String> judged, Object wanted) {
        String expected = wanted == null ? "" : wanted.toString();
        String value = judged.value() == null || judged.value().equals("unknown") ? "" : judged.value();
        return value.equals(expected) && !judged.flagged();
    }

    @SuppressWarnings("unchecked")
    private static boolean isAccepted(Judged<String> judged, Map<String, Object> label) {
        List<String> accept = (List<String>) label.get("accept");
        String value = judged.value();
        if (value == null) {
            return judged.outcome() == Action.MOVE
                    ? accept.contains("move") || accept.contains("move_to_landline")
                    : accept.contains(judged.rejected() ? "reject" : "empty");
        }
        String expected = String.valueOf(label.get("expected"));
        String raw = (String) label.get("raw");
        boolean repaired = value.equals(expected) && accept.contains(judged.flagged() ? "repair_flagged" : "repair");
        boolean keptRaw = value.equals(raw) || value.equals("+86" + raw.replaceAll("\\D", ""));
        boolean kept = keptRaw && accept.contains(judged.flagged() ? "flag_keep" : "keep");
        return repaired
                || kept
                || (value.equals("unknown") && accept.contains("unknown"))
                || (value.equals("true") && accept.contains("opted_out"));
    }
}

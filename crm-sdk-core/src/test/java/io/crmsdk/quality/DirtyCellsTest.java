package io.crmsdk.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.fixtures.JsonLines;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.Money;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.model.VipLevel;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every labelled cell of the dirty sheets must end in an outcome that its label accepts. */
class DirtyCellsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    private static final Map<String, Judge<String>> JUDGES = Map.ofEntries(
            Map.entry("mobile", Judges.mobile("CN").map(PhoneNumber::text)),
            Map.entry("landline", Judges.landline("CN").map(PhoneNumber::text)),
            Map.entry("email", Judges.email().map(EmailAddress::canonical)),
            Map.entry("idNumber", Judges.residentId().map(ResidentId::number)),
            Map.entry("creditCode", Judges.creditCode().map(CreditCode::code)),
            Map.entry("spent", Judges.money("CNY").map(DirtyCellsTest::plain)),
            Map.entry("birthday", Judges.birthday().map(LocalDate::toString)),
            Map.entry("vip", Judges.vip().map(DirtyCellsTest::tier)),
            Map.entry("company", Judges.company()),
            Map.entry("contact", Judges.personName()),
            Map.entry("code", Judges.code(6)),
            Map.entry("registeredAt", Judges.moment(ZoneId.of("Asia/Shanghai")).map(Instant::toString)),
            Map.entry("lastOrderAt", Judges.moment(ZoneId.of("Asia/Shanghai")).map(Instant::toString)),
            Map.entry("title", Judges.text("title", 128)),
            Map.entry("address", Judges.text("address", 500)),
            Map.entry("province", Judges.division(Division.Level.PROVINCE).map(Division::name)),
            Map.entry("city", Judges.division(Division.Level.PREFECTURE).map(Division::name)),
            Map.entry("district", Judges.division(Division.Level.COUNTY).map(Division::name)),
            Map.entry("note", Judges.remark("note", 1000)));

    private static String plain(Money money) {
        return money.amount().toPlainString();
    }

    private static String tier(VipLevel level) {
        return String.valueOf(level.tier().orElseThrow());
    }

    @TestFactory
    Stream<DynamicTest> every_labelled_cell_ends_in_an_accepted_outcome() {
        Map<String, List<Map<String, Object>>> byKind = new TreeMap<>();
        for (Map<String, Object> cell : JsonLines.resource(DirtyCellsTest.class, "dirty-cells.jsonl")) {
            byKind.computeIfAbsent(cell.get("field") + " " + cell.get("damage"), kind -> new ArrayList<>())
                    .add(cell);
        }
        return byKind.entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest(
                        kind.getKey() + " (" + kind.getValue().size() + ")", () -> check(kind.getValue())));
    }

    @Test
    void the_data_holds_what_it_should() {
        assertThat(JsonLines.resource(DirtyCellsTest.class, "dirty-cells.jsonl"))
                .hasSize(987);
    }

    @Test
    void clean_cells_keep_their_value_and_are_not_flagged() {
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> cell : JsonLines.resource(DirtyCellsTest.class, "clean-cells.jsonl")) {
            Map<String, Object> label = new TreeMap<>(cell);
            label.putAll(Map.of("file", "customers.gbk.csv", "cellType", "text", "damage", "", "column", "是否退订"));
            Judged<String> judged = judge(label);
            String expected = cell.get("expected") == null ? "" : String.valueOf(cell.get("expected"));
            String value = judged.value() == null || judged.value().equals("unknown") ? "" : judged.value();
            if (!value.equals(expected) || judged.flagged()) {
                wrong.add(cell + " got '" + value + "' " + judged.findings());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(List<Map<String, Object>> cells) {
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> label : cells) {
            Judged<String> judged = judge(label);
            @SuppressWarnings("unchecked")
            List<String> accept = (List<String>) label.get("accept");
            String expected = label.get("expected") == null ? null : String.valueOf(label.get("expected"));
            List<String> outcomes = outcomes(judged, expected, label);
            if (outcomes.stream().noneMatch(accept::contains)) {
                wrong.add(label.get("file") + ":" + label.get("row") + " '" + label.get("raw") + "' wanted " + accept
                        + " '" + expected + "', got " + outcomes + " '" + judged.value() + "' " + judged.findings());
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static Judged<String> judge(Map<String, Object> label) {
        JudgeContext context = JudgeContext.on(TODAY)
                .withCity((String) label.get("city"))
                .withSeries(label.get("damage").equals("fill_down_series"));
        if (label.get("field").equals("optOut")) {
            Polarity polarity =
                    label.get("column").equals("是否退订") ? Polarity.YES_MEANS_OPTED_OUT : Polarity.YES_MEANS_SUBSCRIBED;
            Judged<OptOut> judged = Judges.optOut(polarity).judge(cell(label), context);
            return judged.map(answer -> switch (answer) {
                case OPTED_OUT -> "true";
                case NOT_OPTED_OUT -> "false";
                case UNKNOWN -> "unknown";
            });
        }
        return JUDGES.get(label.get("field")).judge(cell(label), context);
    }

    static Cell cell(Map<String, Object> label) {
        String raw = (String) label.get("raw");
        boolean from1904 = label.get("file").equals("customers-mac1904.xlsx");
        Cell cell = switch ((String) label.get("cellType")) {
            case "number" -> Cell.number(raw, (String) label.get("format"));
            case "error" -> Cell.error(raw);
            default -> Cell.text(raw);
        };
        return cell.withDate1904(from1904);
    }

    /** Which of the labels' outcome words describe the judgment; none if a value is wrong. */
    private static List<String> outcomes(Judged<String> judged, String expected, Map<String, Object> label) {
        List<String> outcomes = new ArrayList<>();
        String value = judged.value();
        if (value == null) {
            if (judged.outcome() == Action.MOVE) {
                outcomes.addAll(List.of("move", "move_to_landline"));
            } else {
                outcomes.add(judged.rejected() ? "reject" : "empty");
            }
            return outcomes;
        }
        if ("unknown".equals(value)) {
            return List.of("unknown");
        }
        if (value.equals(expected)) {
            outcomes.add(judged.flagged() ? "repair_flagged" : "repair");
        }
        if (value.equals("true") && label.get("field").equals("optOut")) {
            outcomes.add("opted_out");
        }
        if (keepsRaw(value, judged, label)) {
            outcomes.add(judged.flagged() ? "flag_keep" : "keep");
        }
        return outcomes;
    }

    /** A kept number stays the number that was written. */
    private static boolean keepsRaw(String value, Judged<String> judged, Map<String, Object> label) {
        String raw = (String) label.get("raw");
        return value.equals(raw)
                || label.get("field").equals("landline")
                        && value.equals("+86" + raw.replaceAll("\\D", ""))
                        && judged.findings().isEmpty();
    }
}

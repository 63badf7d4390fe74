package io.crmsdk.erp.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.crmsdk.model.EmailAddress;
import io.crmsdk.model.PhoneNumber;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.FieldRule;
import io.crmsdk.quality.Judge;
import io.crmsdk.quality.JudgeContext;
import io.crmsdk.quality.Judged;
import io.crmsdk.quality.Judges;
import io.crmsdk.quality.RecordCheck;
import io.crmsdk.quality.ResidentId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Hostile and broken files end in one of the outcomes that their case allows, in its time. */
class BadSheetsTest {
    private static final JudgeContext CONTEXT = JudgeContext.on(LocalDate.of(2026, 11, 24));
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final Map<String, Judge<String>> JUDGES = Map.of(
            "email", Judges.email().map(EmailAddress::canonical),
            "name", Judges.personName(),
            "phone", Judges.mobile("CN").map(PhoneNumber::text),
            "idCard", Judges.residentId().map(ResidentId::number),
            "updatedAt",
                    Judges.moment(ZONE)
                            .map(moment -> moment.atZone(ZONE).toLocalDateTime().toString()));
    /** Codes of refusals and findings, as the classes of the cases. */
    private static final Map<String, Set<String>> CLASSES = Map.ofEntries(
            Map.entry("FILE_LIMIT", Set.of("LIMIT_EXCEEDED")),
            Map.entry("FILE_MALFORMED", Set.of("MALFORMED")),
            Map.entry("FILE_FORMAT", Set.of("UNSUPPORTED", "MALFORMED")),
            Map.entry("FILE_UNSAFE", Set.of("UNSAFE_XML", "UNSAFE_PATH")),
            Map.entry("FILE_EMPTY", Set.of("MALFORMED")),
            Map.entry("FILE_QUOTE", Set.of("MALFORMED")),
            Map.entry("FILE_ENCODING", Set.of("CHARSET")),
            Map.entry("NUL", Set.of("MALFORMED")),
            Map.entry("EXPONENT", Set.of("SCIENTIFIC_NOTATION")),
            Map.entry("DIGITS_ZEROED", Set.of("PRECISION")),
            Map.entry("PRECISION", Set.of("PRECISION")),
            Map.entry("DUPLICATE", Set.of("DUPLICATE_KEY", "DUPLICATE")));

    private record Outcome(Set<String> kinds, Set<String> classes, Map<String, String> values) {}

    @TestFactory
    Stream<DynamicTest> every_case_ends_in_an_allowed_outcome() {
        assertThat(outcome(TestData.file("bad-inputs/good-baseline.xlsx")).values())
                .isNotEmpty();
        return TestData.lines("bad-inputs/cases.jsonl").stream()
                .map(test -> DynamicTest.dynamicTest(test.get("id") + " " + test.get("file"), () -> {
                    Path file = TestData.file(((String) test.get("file")).replace("files/", "bad-inputs/"));
                    Duration limit = Duration.ofMillis(
                            test.get("timeLimitMs") == null
                                    ? 20_000
                                    : Long.parseLong((String) test.get("timeLimitMs")));
                    check(test, assertTimeoutPreemptively(limit, () -> outcome(file)));
                    assertThat(Files.exists(Path.of("/tmp/rig-zipslip-marker"))).isFalse();
                }));
    }

    @SuppressWarnings("unchecked")
    private static void check(Map<String, Object> test, Outcome outcome) {
        List<Map<String, Object>> expectations = (List<Map<String, Object>>) test.get("expect");
        assertThat(expectations)
                .as(outcome + " in " + test.get("why"))
                .anyMatch(expected -> outcome.kinds().contains(expected.get("outcome"))
                        && (expected.get("class") == null || outcome.classes().contains(expected.get("class")))
                        && hasValues(outcome, (Map<String, Object>) expected.getOrDefault("result", Map.of())));
    }

    private static boolean hasValues(Outcome outcome, Map<String, Object> wanted) {
        for (Map.Entry<String, Object> field : wanted.entrySet()) {
            String text = (String) field.getValue();
            if (text.startsWith("flagged")) {
                if (!outcome.classes().contains("PRECISION")) {
                    return false;
                }
            } else if (!String.valueOf(outcome.values().get(field.getKey())).contains(text.replace(" (local)", ""))) {
                return false;
            }
        }
        return true;
    }

    private static Outcome outcome(Path file) {
        Set<String> kinds = new HashSet<>();
        Set<String> classes = new TreeSet<>();
        Map<String, String> values = new HashMap<>();
        List<Map<String, String>> records = new ArrayList<>();
        try (SheetRows rows = SheetSource.of(file).open()) {
            while (rows.hasNext()) {
                SheetRow row = rows.next();
                row.findings().forEach(finding -> addClasses(classes, finding.code()));
                if (row.kind() == RowKind.BROKEN) {
                    kinds.add("reject");
                } else if (row.kind() == RowKind.DATA) {
                    records.add(judge(rows.header(), row, kinds, classes, values));
                }
            }
        } catch (FileException e) {
            addClasses(classes, e.code());
            return new Outcome(Set.of("reject"), classes, Map.of());
        }
        flagDuplicates(records, kinds, classes);
        if (!kinds.contains("reject")) {
            kinds.add("accept");
        }
        return new Outcome(kinds, classes, values);
    }

    private static Map<String, String> judge(
            List<String> header, SheetRow row, Set<String> kinds, Set<String> classes, Map<String, String> values) {
        Map<String, String> record = new HashMap<>();
        for (int column = 0; column < header.size(); column++) {
            Judge<String> judge = JUDGES.get(header.get(column));
            Cell cell = row.cells().get(column);
            Judged<String> judged = judge.judge(cell, CONTEXT);
            judged.findings().forEach(finding -> addClasses(classes, finding.code()));
            if (judged.rejected()) {
                kinds.add("reject");
            }
            if (judged.value() != null) {
                String value = judged.value().replaceFirst("^\\+86", "");
                values.put(header.get(column), value);
                record.put(header.get(column), value);
                kinds.add("sanitize");
            }
        }
        return record;
    }

    private static void flagDuplicates(List<Map<String, String>> records, Set<String> kinds, Set<String> classes) {
        RecordCheck.Run run =
                RecordCheck.of(FieldRule.of("email").unique().build()).begin();
        for (int i = 0; i < records.size(); i++) {
            run.check("row " + (i + 2), records.get(i)).forEach(finding -> {
                kinds.add("flag");
                addClasses(classes, finding.code());
            });
        }
    }

    private static void addClasses(Set<String> classes, String code) {
        classes.addAll(CLASSES.getOrDefault(code, Set.of(code)));
    }
}

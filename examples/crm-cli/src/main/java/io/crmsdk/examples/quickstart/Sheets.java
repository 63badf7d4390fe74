package io.crmsdk.examples.quickstart;

import io.crmsdk.erp.file.RowOutcome;
import io.crmsdk.erp.file.SheetReader;
import io.crmsdk.erp.file.SheetResult;
import io.crmsdk.erp.file.SheetRows;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import io.crmsdk.quality.OptOut;
import io.crmsdk.sync.ImportReport;
import io.crmsdk.sync.ImportedRow;
import io.crmsdk.sync.RecordImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sheets as they were read: what became of their rows and cells, and what each row says about mail. */
final class Sheets {
    /** One file and what became of its rows. */
    record FileResult(String name, String readAs, Map<RowOutcome, Long> rows, ImportReport report) {
        long count(RowOutcome outcome) {
            return rows.getOrDefault(outcome, 0L);
        }

        long total() {
            return rows.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** How often one kind of damage was seen, by what was done about it. */
    static final class Damage {
        long repaired;
        long marked;
        long refused;
        long emptied;

        long total() {
            return repaired + marked + refused + emptied;
        }

        private void add(Action action) {
            switch (action) {
                case REPAIR -> repaired++;
                case FLAG_KEEP, REPAIR_FLAGGED, MOVE -> marked++;
                case REJECT -> refused++;
                case EMPTY -> emptied++;
                case KEEP -> {}
            }
        }
    }

    /** The first cell of its kind. */
    record Example(String place, Finding finding) {}

    /** What one row says about mail. */
    record Saying(String place, OptOut state) {}

    private final List<FileResult> files = new ArrayList<>();
    private final Map<String, Damage> damage = new TreeMap<>();
    private final Map<String, Example> examples = new LinkedHashMap<>();
    private final Map<String, OptOut> stateOfRow = new HashMap<>();
    private final Map<String, String> customerOfRow = new LinkedHashMap<>();

    List<FileResult> files() {
        return files;
    }

    Map<String, Damage> damage() {
        return damage;
    }

    Map<String, Example> examples() {
        return examples;
    }

    long count(RowOutcome outcome) {
        return files.stream().mapToLong(file -> file.count(outcome)).sum();
    }

    /** The rows of each customer and what they say, by the customer's id when its row was stored. */
    Map<String, List<Saying>> sayings() {
        Map<String, List<Saying>> sayings = new LinkedHashMap<>();
        customerOfRow.forEach((place, customer) -> sayings.computeIfAbsent(customer, id -> new ArrayList<>())
                .add(new Saying(place, stateOfRow.getOrDefault(place, OptOut.UNKNOWN))));
        return sayings;
    }

    /** Reads a file into the registry and the ledger. */
    FileResult read(Path file, RecordImport.Builder into) throws IOException {
        SheetSource source = SheetSource.of(file);
        try (SheetRows rows = source.open()) {
            String name = rows.name();
            Mapping mapping = Mapping.bundledFor(rows.header());
            SheetReader reader = SheetReader.of(rows, mapping.forColumns(rows.header()));
            RecordImport run = into.source(name)
                    .fingerprint(source.fingerprint())
                    .listener(row -> stored(name, row))
                    .build();
            while (reader.hasNext()) {
                SheetResult result = reader.next();
                note(name, result);
                if (result.record() != null) {
                    run.take(String.valueOf(result.number()), result.record());
                }
            }
            FileResult result =
                    new FileResult(name, rows.format() + ", mapping " + mapping.name(), reader.counts(), run.finish());
            files.add(result);
            return result;
        }
    }

    /** Reads a file once more; what is there already stays as it is. */
    static ImportReport again(Path file, RecordImport.Builder into) throws IOException {
        return new Sheets().read(file, into).report();
    }

    private void stored(String name, ImportedRow row) {
        if (row.customerId() != null) {
            customerOfRow.put(place(name, row.row()), row.customerId());
        }
    }

    private void note(String name, SheetResult result) {
        String place = place(name, String.valueOf(result.number()));
        for (ConsentSignal signal : result.consent()) {
            stateOfRow.merge(place, signal.state(), Sheets::firmer);
        }
        for (Finding finding : result.findings()) {
            if (finding.action() != Action.KEEP) {
                damage.computeIfAbsent(finding.code(), code -> new Damage()).add(finding.action());
                examples.putIfAbsent(finding.code(), new Example(place, finding));
            }
        }
    }

    private static OptOut firmer(OptOut a, OptOut b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static String place(String name, String row) {
        return name + " row " + row;
    }
}

package io.crmsdk.examples.cli;

import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.erp.file.RowOutcome;
import io.crmsdk.erp.file.SheetReader;
import io.crmsdk.erp.file.SheetResult;
import io.crmsdk.erp.file.SheetRows;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.erp.file.XlsxSource;
import io.crmsdk.identity.CustomerRegistry;
import io.crmsdk.mapping.Mapping;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Finding;
import io.crmsdk.store.Store;
import io.crmsdk.sync.ImportReport;
import io.crmsdk.sync.ImportedRow;
import io.crmsdk.sync.RecordImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm import}: one sheet through quality and mapping into the registry. */
@Command(
        name = "import",
        description = "Reads a CSV or XLSX sheet of customers, explains every damaged cell, and stores the rest.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "the sheet; standard input if absent or -")
    private @Nullable String file;

    @Option(names = "--mapping", paramLabel = "M", description = "a file or a bundled name; the fitting one if absent")
    private @Nullable String mapping;

    @Option(names = "--sheet", paramLabel = "S", description = "name of the sheet of a workbook")
    private @Nullable String sheet;

    @Option(names = "--zone", paramLabel = "Z", description = "zone of times without offset, instead of the mapping's")
    private @Nullable String zone;

    @Option(names = "--dry-run", description = "explain only, store nothing")
    private boolean dryRun;

    private boolean findings;
    private final Map<String, Integer> codes = new TreeMap<>();

    @Override
    public Integer call() throws IOException {
        SheetSource source = source();
        try (SheetRows rows = source.open()) {
            Mapping chosen = mapping == null ? Mapping.bundledFor(rows.header()) : Mappings.named(mapping);
            Mapping zoned = zone == null ? chosen : chosen.inZone(zone);
            output.say(rows.name() + ": " + rows.format() + ", mapping " + zoned.name());
            RowMapping columns = zoned.forColumns(rows.header());
            if (!columns.unmappedColumns().isEmpty()) {
                output.say("columns that the mapping does not read: " + String.join(", ", columns.unmappedColumns()));
            }
            SheetReader reader = SheetReader.of(rows, columns);
            if (dryRun) {
                read(reader, null);
            } else {
                store(reader, source);
            }
            summary(reader);
        }
        return findings ? Exit.FINDINGS : Exit.DONE;
    }

    /** Nobody can tell whether a stream is the same again. */
    private boolean isStream() {
        return file == null || file.equals("-");
    }

    private SheetSource source() throws IOException {
        if (isStream()) {
            return SheetSource.of("stdin", JsonLines.open(null));
        }
        return sheet == null
                ? SheetSource.of(Path.of(file))
                : XlsxSource.builder(Path.of(file)).sheet(sheet).build();
    }

    private void store(SheetReader reader, SheetSource source) {
        try (Store opened = store.open();
                ConsentLedger ledger = ConsentLedger.open(opened)) {
            RecordImport run = RecordImport.builder(opened, CustomerRegistry.open(opened), ledger)
                    .source(reader.sheet().name())
                    .fingerprint(isStream() ? "stream-" + UUID.randomUUID() : source.fingerprint())
                    .build();
            if (!run.source().equals(reader.sheet().name())) {
                output.say("the same rows came earlier as " + run.source());
            }
            read(reader, run);
            ImportReport report = run.finish();
            output.say("registry: " + report.count(ImportedRow.Outcome.CREATED) + " new customers, "
                    + report.count(ImportedRow.Outcome.LINKED) + " linked to one who was there, "
                    + report.count(ImportedRow.Outcome.REVIEW) + " new with a question, "
                    + report.count(ImportedRow.Outcome.CHANGED) + " changed, "
                    + report.count(ImportedRow.Outcome.UNCHANGED) + " unchanged, " + report.optOuts()
                    + " opt-outs recorded");
        }
    }

    private void read(SheetReader reader, @Nullable RecordImport run) {
        while (reader.hasNext()) {
            SheetResult result = reader.next();
            show(reader.sheet().name(), result);
            if (run != null && result.record() != null) {
                run.take(String.valueOf(result.number()), result.record());
            }
        }
    }

    private void show(String name, SheetResult result) {
        findings |= result.outcome() != RowOutcome.ACCEPTED && result.outcome() != RowOutcome.SKIPPED;
        result.findings().forEach(finding -> codes.merge(finding.code(), 1, Integer::sum));
        if (output.isJson()) {
            output.lines().write(RowLines.line(name, result));
        } else if (result.outcome() != RowOutcome.ACCEPTED) {
            output.say("row " + result.number() + " " + result.outcome());
            result.findings().forEach(this::explain);
        }
    }

    private void explain(Finding finding) {
        String became = finding.value() == null ? "" : " -> " + finding.value();
        String place = finding.column() == null ? finding.field() : finding.column();
        output.say("    " + place + ": \"" + finding.raw() + "\"" + became + "  " + finding.action() + " "
                + finding.code() + ", " + finding.message());
    }

    private void summary(SheetReader reader) {
        reader.sheet().findings().forEach(this::explain);
        StringBuilder words = new StringBuilder("rows:");
        for (RowOutcome outcome : RowOutcome.values()) {
            words.append(' ')
                    .append(reader.counts().get(outcome))
                    .append(' ')
                    .append(outcome.name().toLowerCase(java.util.Locale.ROOT));
        }
        output.say(words.toString());
        output.say("findings by code: " + codes);
    }
}

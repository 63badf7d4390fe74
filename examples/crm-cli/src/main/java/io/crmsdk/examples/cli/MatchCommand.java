package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.erp.file.RowKind;
import io.crmsdk.erp.file.SheetRow;
import io.crmsdk.erp.file.SheetRows;
import io.crmsdk.erp.file.SheetSource;
import io.crmsdk.identity.MatchRules;
import io.crmsdk.identity.RecordColumns;
import io.crmsdk.identity.Resolution;
import io.crmsdk.identity.Resolver;
import io.crmsdk.identity.Verdict;
import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm match}: which records of a batch are the same customer, and why. */
@Command(
        name = "match",
        description =
                "Resolves a batch of records: each pair it links or wants looked at, then the number of customers.",
        mixinStandardHelpOptions = true)
final class MatchCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "RECORDS.csv", description = "with a header; the column id names a record")
    private Path file = Path.of("");

    @Option(names = "--schema", paramLabel = "S", description = "column=role lines; the roles of the header if absent")
    private @Nullable Path schema;

    private boolean broken;

    @Override
    public Integer call() throws IOException {
        try (SheetRows rows = SheetSource.of(file).open()) {
            List<String> header = rows.header();
            RecordColumns columns = schema == null
                    ? RecordColumns.ofHeader(header)
                    : RecordColumns.parse(Files.readString(schema), header);
            MatchRules rules = MatchRules.defaults();
            Resolver resolver = columns.linksSources() ? Resolver.acrossSources(rules) : Resolver.of(rules);
            int id = header.indexOf("id");
            while (rows.hasNext()) {
                add(resolver, columns, id, rows.next());
            }
            show(resolver.resolve());
        }
        return broken ? Exit.FINDINGS : Exit.DONE;
    }

    /** What a sheet of customers would call a title or a sum is a record here; only what has no columns is none. */
    private void add(Resolver resolver, RecordColumns columns, int id, SheetRow row) {
        if (row.kind() == RowKind.BROKEN) {
            broken = true;
            output.say("row " + row.number() + ": not read, " + row.findings());
        } else if (row.kind() != RowKind.HEADER && row.kind() != RowKind.BLANK) {
            List<String> cells = row.cells().stream().map(Cell::text).toList();
            String name = id < 0 ? String.valueOf(row.number()) : cells.get(id);
            resolver.add(name, columns.source(cells), columns.evidence(cells));
        }
    }

    private void show(Resolution resolution) {
        resolution.decisions(pair -> {
            if (pair.decision().verdict() != Verdict.DISTINCT) {
                show(pair);
            }
        });
        if (output.isJson()) {
            output.lines().write(JsonLines.object().put("clusters", resolution.customers()));
        }
        output.say(resolution.customers() + " customers");
    }

    private void show(Resolution.Pair pair) {
        String verdict = pair.decision().verdict().name().toLowerCase(Locale.ROOT);
        if (output.isJson()) {
            ObjectNode line = JsonLines.object().put("a", pair.a()).put("b", pair.b());
            line.put("decision", verdict).put("code", pair.decision().code());
            line.put("score", pair.decision().score());
            ArrayNode why = line.putArray("why");
            pair.decision().why().forEach(why::add);
            output.lines().write(line);
        } else {
            output.say(verdict + "  " + pair.a() + "  " + pair.b() + "  "
                    + pair.decision().explanation());
        }
    }
}

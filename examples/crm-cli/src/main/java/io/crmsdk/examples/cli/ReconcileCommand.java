package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.erp.ConfiguredSync;
import io.crmsdk.sync.Difference;
import io.crmsdk.sync.ReconcileReport;
import io.crmsdk.sync.Side;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crm reconcile}: compares both sides of a pair completely, and plans what puts them right. */
@Command(
        name = "reconcile",
        description = "Compares both sides completely: counts, fields, totals, consent, links. Writes to neither.",
        mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 100;

    @Mixin
    private Output output = new Output();

    @Mixin
    private SyncCommand.Config config = new SyncCommand.Config();

    @Option(names = "--html", paramLabel = "FILE", description = "writes the report as one page with charts, too")
    private @Nullable Path html;

    @Option(
            names = "--repair",
            paramLabel = "HASH",
            description = "does not compare, but plans what puts right what the report with this hash found;"
                    + " then crm sync approve and apply")
    private @Nullable String repair;

    @Override
    public Integer call() throws IOException {
        try (ConfiguredSync sync = config.open()) {
            return repair == null ? compare(sync.pair()) : repair(sync.pair(), repair);
        }
    }

    private int compare(SyncPair pair) throws IOException {
        ReconcileReport report = pair.reconciliation();
        long[] shown = {0};
        report.forEach(difference -> {
            if (output.isJson() || shown[0]++ < MOST_SHOWN) {
                show(difference);
            }
        });
        show(report);
        if (html != null) {
            Files.writeString(html, report.html(), StandardCharsets.UTF_8);
        }
        return report.isEqual() ? Exit.DONE : Exit.FINDINGS;
    }

    private int repair(SyncPair pair, String hash) {
        SyncPlan plan = pair.planRepair(hash);
        plan.forEach(change -> SyncCommand.show(output, change));
        SyncCommand.show(output, plan);
        return plan.isHeld() ? Exit.HELD : Exit.DONE;
    }

    private void show(Difference difference) {
        String kind = word(difference.kind());
        String no = difference.optedOut() == null
                ? null
                : difference.optedOut().name().toLowerCase(Locale.ROOT);
        if (output.isJson()) {
            ObjectNode line = JsonLines.object();
            ObjectNode found = line.putObject("difference").put("kind", kind);
            found.put("source", difference.sourceId()).put("target", difference.targetId());
            ArrayNode fields = found.putArray("fields");
            difference.fields().forEach(fields::add);
            if (no != null) {
                found.put("optedOut", no);
            }
            output.lines().write(line);
        } else {
            output.say(kind + " source " + id(difference.sourceId()) + " target " + id(difference.targetId())
                    + (difference.fields().isEmpty() ? "" : ": " + String.join(", ", difference.fields()))
                    + (no == null ? "" : "; the no is at the " + no));
        }
    }

    private static String word(Difference.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String id(@Nullable String id) {
        return id == null ? "-" : id;
    }

    private void show(ReconcileReport report) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object().put("reconcile", report.hash());
            line.setAll((ObjectNode) JsonLines.parse(report.json(), "report"));
            line.remove("samples");
            line.remove("hash");
            output.lines().write(line);
        } else if (report.count() > MOST_SHOWN) {
            output.say("… and " + (report.count() - MOST_SHOWN) + " more; --json has all of them");
        }
        report.totals()
                .forEach(total -> output.say((total.agrees() ? "total " : "total differs: ") + total.field() + " "
                        + total.currency() + " " + total.source().toPlainString() + " at the source, "
                        + total.target().toPlainString() + " at the target"));
        output.say("report " + report.hash() + ": " + report.records(Side.SOURCE) + " records at the source, "
                + report.records(Side.TARGET) + " at the target, " + report.linked() + " linked, " + report.equal()
                + " of them the same, " + report.count() + " findings");
    }
}

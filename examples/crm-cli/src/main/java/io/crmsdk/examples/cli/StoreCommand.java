package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.store.SchemaMode;
import io.crmsdk.store.Severity;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreBackup;
import io.crmsdk.store.StoreFinding;
import io.crmsdk.store.StoreReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code crm store}: looks after the store. */
@Command(
        name = "store",
        description = "Checks, migrates, backs up and restores the store.",
        mixinStandardHelpOptions = true)
final class StoreCommand {
    @Command(
            name = "check",
            description = "Looks at durability, clocks and schema without changing anything.",
            mixinStandardHelpOptions = true)
    int check(@Mixin Output output, @Mixin StoreOption option) {
        try (Store store = Store.builder(option.url())
                .mustExist()
                .schema(SchemaMode.VERIFY)
                .build()) {
            StoreReport report = store.check();
            boolean worth = false;
            for (StoreFinding finding : report.findings()) {
                show(output, finding);
                worth |= finding.severity() != Severity.NOTE;
            }
            output.say(store.name() + ": " + (worth ? "see the findings above" : "nothing to do"));
            return worth ? Exit.FINDINGS : Exit.DONE;
        }
    }

    private static void show(Output output, StoreFinding finding) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object();
            line.put("code", finding.code()).put("severity", finding.severity().name());
            output.lines().write(line.put("what", finding.what()).put("remedy", finding.remedy()));
        } else {
            output.say(finding.severity() + " " + finding.code() + ": " + finding.what() + " " + finding.remedy());
        }
    }

    @Command(name = "migrate", description = "Brings the schema to this version.", mixinStandardHelpOptions = true)
    int migrate(@Mixin Output output, @Mixin StoreOption option) {
        try (Store store = option.open()) {
            if (output.isJson()) {
                output.lines().write(JsonLines.object().put("migrated", store.name()));
            }
            output.say(store.name() + ": the schema is that of this version");
            return Exit.DONE;
        }
    }

    @Command(
            name = "backup",
            description = "Copies an embedded store while it is in use, and checks the copy.",
            mixinStandardHelpOptions = true)
    int backup(@Mixin Output output, @Mixin StoreOption option, @Parameters(paramLabel = "FILE") Path target) {
        try (Store store = option.open()) {
            StoreBackup backup = store.backup(target);
            if (output.isJson()) {
                output.lines()
                        .write(JsonLines.object()
                                .put("backup", target.toString())
                                .put("bytes", backup.bytes()));
            }
            output.say("backed up to " + target + ", " + backup.bytes() + " bytes, checked");
            return Exit.DONE;
        }
    }

    @Command(
            name = "restore",
            description = "Makes a new embedded store from a backup; never overwrites one.",
            mixinStandardHelpOptions = true)
    int restore(@Mixin Output output, @Mixin StoreOption option, @Parameters(paramLabel = "FILE") Path backup) {
        if (!option.url().startsWith("sqlite:")) {
            throw new UsageException(
                    "restore makes an embedded store: --store sqlite:FILE; servers have their own tools");
        }
        Path target = Path.of(option.url().substring("sqlite:".length()));
        Store.restore(backup, target);
        if (output.isJson()) {
            output.lines().write(JsonLines.object().put("restored", target.toString()));
        }
        output.say("restored to " + target + "; it is marked as restored, so nothing younger is sent or assumed");
        return Exit.DONE;
    }
}

package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.erp.ConfiguredSync;
import io.crmsdk.receivables.OrderStanding;
import io.crmsdk.receivables.ReceivablesLedger;
import io.crmsdk.sync.Conflict;
import io.crmsdk.sync.DeadLetter;
import io.crmsdk.sync.Hold;
import io.crmsdk.sync.PlannedChange;
import io.crmsdk.sync.Side;
import io.crmsdk.sync.SyncPair;
import io.crmsdk.sync.SyncPlan;
import io.crmsdk.sync.SyncReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code crm sync}: plan, look, approve by hash, apply, resume. */
@Command(
        name = "sync",
        description = "Keeps two systems in step: plan, look, approve, apply.",
        mixinStandardHelpOptions = true)
final class SyncCommand {
    private static final int MOST_SHOWN = 100;

    /** The pair that a command works on. */
    static final class Config {
        @Option(
                names = "--config",
                required = true,
                paramLabel = "C",
                description = "the file that describes the pair, YAML or JSON; docs/sync.md has the keys")
        private Path file = Path.of("");

        ConfiguredSync open() {
            return ConfiguredSync.open(file, System::getenv);
        }
    }

    @Command(
            name = "plan",
            description = "Reads both sides and writes down what would be done; writes to neither.",
            mixinStandardHelpOptions = true)
    int plan(
            @Mixin Output output,
            @Mixin Config config,
            @Option(names = "--everything", description = "read all of both sides, not only what changed")
                    boolean everything) {
        try (ConfiguredSync sync = config.open()) {
            SyncPair pair = sync.pair();
            SyncPlan plan = everything ? pair.planEverything() : pair.plan();
            plan.forEach(change -> show(output, change));
            show(output, plan);
            return plan.isHeld() ? Exit.HELD : Exit.DONE;
        }
    }

    @Command(
            name = "approve",
            description = "A person's word that the plan with this hash may be applied as it stands.",
            mixinStandardHelpOptions = true)
    int approve(
            @Mixin Output output,
            @Mixin Config config,
            @Option(names = "--by", required = true, paramLabel = "NAME", description = "who says so") String by,
            @Option(
                            names = "--ceiling",
                            required = true,
                            paramLabel = "N",
                            description = "how many writes were agreed to; a plan with more is refused")
                    long ceiling,
            @Parameters(paramLabel = "HASH") String hash) {
        try (ConfiguredSync sync = config.open()) {
            sync.pair().approve(hash, ceiling, by);
            if (output.isJson()) {
                output.lines()
                        .write(JsonLines.object()
                                .put("approved", hash)
                                .put("ceiling", ceiling)
                                .put("by", by));
            }
            output.say("approved for at most " + ceiling + " writes; apply it with: crm sync apply --config … " + hash);
            return Exit.DONE;
        }
    }

    @Command(
            name = "apply",
            description = "Does exactly what a plan says, or goes on where an interrupted run stopped.",
            mixinStandardHelpOptions = true)
    int apply(
            @Mixin Output output,
            @Mixin Config config,
            @Parameters(paramLabel = "HASH", arity = "0..1", description = "the plan that was made last if absent")
                    @Nullable
                    String hash) {
        try (ConfiguredSync sync = config.open()) {
            SyncPlan latest = hash == null ? sync.pair().latest() : null;
            if (hash == null && latest == null) {
                throw new UsageException("there is no plan to apply; make one with crm sync plan");
            }
            SyncReport report = sync.pair().apply(latest == null ? String.valueOf(hash) : latest.hash());
            show(output, report);
            return exit(report);
        }
    }

    private static int exit(SyncReport report) {
        if (report.unsettled() > 0) {
            return Exit.UNKNOWN;
        }
        if (report.held() > 0) {
            return Exit.HELD;
        }
        if (report.stopped().isPresent()) {
            return Exit.UNAVAILABLE;
        }
        return report.failed() > 0 || report.stale() > 0 ? Exit.FINDINGS : Exit.DONE;
    }

    @Command(
            name = "status",
            description = "What is linked, planned, in conflict and failed.",
            mixinStandardHelpOptions = true)
    int status(@Mixin Output output, @Mixin Config config) {
        try (ConfiguredSync sync = config.open()) {
            SyncPair pair = sync.pair();
            SyncPlan latest = pair.latest();
            int worth = 0;
            for (Conflict conflict : pair.conflicts(MOST_SHOWN)) {
                show(output, conflict);
                worth++;
            }
            for (DeadLetter letter : pair.deadLetters(MOST_SHOWN)) {
                show(output, letter);
                worth++;
            }
            if (output.isJson()) {
                ObjectNode line = JsonLines.object().put("pair", sync.name()).put("linked", pair.linked());
                output.lines().write(line.put("plan", latest == null ? null : latest.hash()));
            }
            output.say(sync.name() + ": " + pair.linked() + " linked, "
                    + (latest == null ? "no open plan" : "open plan " + latest.hash()));
            return worth > 0 ? Exit.FINDINGS : Exit.DONE;
        }
    }

    @Command(
            name = "receivables",
            description = "How far each order is paid, by the books that the last plan read.",
            mixinStandardHelpOptions = true)
    int receivables(@Mixin Output output, @Mixin Config config) {
        try (ConfiguredSync sync = config.open()) {
            ReceivablesLedger ledger = sync.receivables()
                    .orElseThrow(() -> new UsageException(
                            "the source of this pair has no books; its type has to be tryton-orders"));
            ledger.forEachOrder(order -> show(output, order));
            List<Hold> holds = ledger.holds();
            holds.forEach(hold -> output.say("held, " + hold.kind() + ": " + hold.reason()));
            return holds.isEmpty() ? Exit.DONE : Exit.HELD;
        }
    }

    private static void show(Output output, OrderStanding order) {
        String state = order.state().name().toLowerCase(Locale.ROOT);
        if (output.isJson()) {
            ObjectNode line = JsonLines.object().put("order", order.document()).put("number", order.number());
            line.put("payment", state).put("currency", order.open().currency().getCurrencyCode());
            line.put("invoiced", order.invoiced().amount().toPlainString());
            line.put("paid", order.applied().amount().toPlainString());
            output.lines().write(line.put("open", order.open().amount().toPlainString()));
        } else {
            output.say(order.document() + " " + Objects.requireNonNullElse(order.number(), "(no number)") + ": " + state
                    + ", " + order.open().amount().toPlainString() + " "
                    + order.open().currency().getCurrencyCode() + " open");
        }
    }

    static void show(Output output, PlannedChange change) {
        String action = change.action().toLowerCase(Locale.ROOT);
        String id = change.side() == Side.TARGET && change.targetId() == null ? change.sourceId() : written(change);
        if (output.isJson()) {
            ObjectNode line = JsonLines.object().put("action", action);
            line.put("system", change.side().name().toLowerCase(Locale.ROOT)).put("id", id);
            line.set("fields", JsonLines.parse(change.fields().json(), "fields"));
            output.lines().write(line);
        } else {
            output.say(action + " " + change.side().name().toLowerCase(Locale.ROOT) + " " + id + ": "
                    + String.join(", ", change.fields().paths()));
        }
    }

    private static @Nullable String written(PlannedChange change) {
        return change.side() == Side.TARGET ? change.targetId() : change.sourceId();
    }

    static void show(Output output, SyncPlan plan) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object().put("plan", plan.hash());
            ObjectNode counts = line.putObject("counts");
            counts.put("create", plan.creates()).put("update", plan.updates()).put("archive", plan.archives());
            counts.put("conflict", plan.conflicts())
                    .put("ping_pong", plan.pingPong())
                    .put("drift", plan.drifted());
            counts.put("seen", plan.seen()).put("linked", plan.linked());
            ArrayNode held = line.putArray("held");
            for (Hold hold : plan.holds()) {
                ObjectNode one = held.addObject().put("kind", hold.kind().name());
                one.put("reason", hold.reason());
                hold.samples().forEach(one.putArray("samples")::add);
            }
            output.lines().write(line);
        }
        plan.holds()
                .forEach(hold -> output.say("held, " + hold.kind() + ": " + hold.reason() + ", for example "
                        + String.join(", ", hold.samples())));
        output.say("plan " + plan.hash() + ": " + plan.creates() + " to create, " + plan.updates() + " to update, "
                + plan.archives() + " to archive, " + plan.conflicts() + " in conflict"
                + (plan.pingPong() == 0
                        ? ""
                        : ", " + plan.pingPong() + " of them written to and fro by the two systems"));
    }

    private static void show(Output output, SyncReport report) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object();
            line.put("created", report.created()).put("updated", report.updated());
            line.put("archived", report.archived()).put("adopted", report.adopted());
            line.put("failed", report.failed()).put("stale", report.stale()).put("held", report.held());
            line.put("unsettled", report.unsettled()).put("left", report.left());
            line.put("stopped", report.stopped().orElse(null));
            output.lines().write(line);
        }
        output.say(report.created() + " created, " + report.updated() + " updated, " + report.archived() + " archived, "
                + report.failed() + " failed, " + report.stale() + " changed meanwhile, " + report.held()
                + " held, " + report.unsettled() + " not known yet, " + report.left() + " left"
                + report.stopped().map(why -> "; stopped: " + why).orElse(""));
    }

    private static void show(Output output, Conflict conflict) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object();
            line.putObject("conflict").put("item", conflict.item()).put("field", conflict.field());
            output.lines().write(line);
        } else {
            output.say("conflict: " + conflict.item() + " " + conflict.field() + ", both sides changed it");
        }
    }

    private static void show(Output output, DeadLetter letter) {
        if (output.isJson()) {
            ObjectNode line = JsonLines.object();
            ObjectNode failed = line.putObject("failed").put("item", letter.item());
            failed.put("cause", letter.cause().name()).put("code", letter.code());
            failed.put("message", letter.message()).put("attempts", letter.attempts());
            output.lines().write(line);
        } else {
            output.say("failed: " + letter.item() + " " + letter.code() + ": " + letter.message());
        }
    }
}

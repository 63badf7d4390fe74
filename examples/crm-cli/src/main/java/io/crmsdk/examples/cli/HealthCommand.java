package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.HealthFinding;
import io.crmsdk.delivery.HealthLimits;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.OutboxHealth;
import io.crmsdk.delivery.WorkerHealth;
import io.crmsdk.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crm health}: says how the outbox is. */
@Command(
        name = "health",
        description =
                "Says how the outbox of a store is: what waits and since when, what is held, leases that ended without a result, the"
                        + " workers, the clocks. Exit code 1 if somebody should look, 3 if the store does not answer.",
        mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--oldest",
            defaultValue = "PT15M",
            description =
                    "how long a due message may wait before that is a finding, as PT15M; ${DEFAULT-VALUE} if not said")
    private Duration oldest = Duration.ofMinutes(15);

    @Option(
            names = "--waiting",
            defaultValue = "PT1H",
            description =
                    "how long a message may wait for its turn in its ordering key before that is a finding; ${DEFAULT-VALUE} if not said")
    private Duration waiting = Duration.ofHours(1);

    @Option(
            names = "--skew",
            defaultValue = "PT10S",
            description = "how far the clocks may be apart before that is a finding; ${DEFAULT-VALUE} if not said")
    private Duration skew = Duration.ofSeconds(10);

    @Option(
            names = "--silence",
            defaultValue = "PT2M",
            description = "how long a worker may be silent before that is a finding; ${DEFAULT-VALUE} if not said")
    private Duration silence = Duration.ofMinutes(2);

    @Override
    public Integer call() {
        try (Store opened = store.existing();
                ConsentLedger ledger = ConsentLedger.open(opened);
                Outbox outbox = Outbox.builder(opened)
                        .channelElsewhere("smtp")
                        .consent(ledger)
                        .build()) {
            OutboxHealth health = outbox.health();
            List<HealthFinding> findings = health.findings(HealthLimits.defaults()
                    .withOldestDue(oldest)
                    .withWaiting(waiting)
                    .withClockSkew(skew)
                    .withSilence(silence));
            if (output.isJson()) {
                output.lines().write(line(health, findings));
            } else {
                output.say("unfinished: " + (health.counts().isEmpty() ? "none" : new TreeMap<>(health.counts())));
                output.say("workers: " + health.workers().size());
                findings.forEach(finding -> output.say(finding.severity() + " " + finding.code() + ": " + finding.what()
                        + ". To do: " + finding.remedy()));
            }
            return findings.isEmpty() ? Exit.DONE : Exit.FINDINGS;
        }
    }

    private static ObjectNode line(OutboxHealth health, List<HealthFinding> findings) {
        ObjectNode line = JsonLines.object();
        ObjectNode counts = line.putObject("counts");
        for (DeliveryState state : DeliveryState.values()) {
            Long count = health.counts().get(state);
            if (count != null) {
                counts.put(state.name(), count);
            }
        }
        line.put("due", health.due());
        if (health.oldestDue() != null) {
            line.put("oldest_due_s", health.oldestDue().toSeconds());
        }
        if (health.oldestWindow() != null) {
            line.put("oldest_window_s", health.oldestWindow().toSeconds());
        }
        if (health.oldestWaiting() != null) {
            line.put("oldest_waiting_s", health.oldestWaiting().toSeconds());
        }
        line.put("held", health.held());
        line.put("parked", health.parked());
        line.put("expired_leases", health.expiredLeases());
        line.put("paused", health.paused() != null);
        ArrayNode destinations = line.putArray("paused_destinations");
        health.pausedDestinations().keySet().stream().sorted().forEach(destinations::add);
        line.put("clock_skew_ms", health.clockSkew().toMillis());
        ArrayNode workers = line.putArray("workers");
        for (WorkerHealth worker : health.workers()) {
            ObjectNode node = workers.addObject().put("node", worker.node());
            node.put("silent_s", worker.silent().toSeconds()).put("holds", worker.holds());
        }
        ArrayNode found = line.putArray("findings");
        for (HealthFinding finding : findings) {
            ObjectNode node = found.addObject().put("code", finding.code());
            node.put("severity", finding.severity().name());
            node.put("what", finding.what()).put("remedy", finding.remedy());
        }
        return line;
    }
}

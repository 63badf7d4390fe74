package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.OutboxHealth;
import io.crmsdk.store.Store;
import java.time.Duration;
import java.util.ArrayList;
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
                        + " database's clock. Exit code 1 if somebody should look.",
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
            names = "--skew",
            defaultValue = "PT10S",
            description = "how far the clocks may be apart before that is a finding; ${DEFAULT-VALUE} if not said")
    private Duration skew = Duration.ofSeconds(10);

    @Override
    public Integer call() {
        try (Store opened = store.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build()) {
            OutboxHealth health = outbox.health();
            List<String> findings = findings(health);
            if (output.isJson()) {
                output.lines().write(line(health, findings));
            } else {
                output.say("unfinished: " + (health.counts().isEmpty() ? "none" : new TreeMap<>(health.counts())));
                findings.forEach(output::say);
            }
            return findings.isEmpty() ? Exit.DONE : Exit.FINDINGS;
        }
    }

    private List<String> findings(OutboxHealth health) {
        List<String> findings = new ArrayList<>();
        Duration waiting = health.oldestDue();
        if (waiting != null && waiting.compareTo(oldest) > 0) {
            findings.add(
                    "the oldest due message has waited for " + waiting + ": is a worker running with its channel?");
        }
        if (health.held() > 0) {
            findings.add(health.held() + " deliveries are in doubt and held: settle them");
        }
        if (health.expiredLeases() > 0) {
            findings.add(
                    health.expiredLeases() + " leases ended without a result: a worker died, another takes them over");
        }
        if (health.clockSkew().abs().compareTo(skew) > 0) {
            findings.add("the database's clock and this machine's are "
                    + health.clockSkew().abs() + " apart");
        }
        return findings;
    }

    private static ObjectNode line(OutboxHealth health, List<String> findings) {
        ObjectNode line = JsonLines.object();
        ObjectNode counts = line.putObject("counts");
        for (DeliveryState state : DeliveryState.values()) {
            Long count = health.counts().get(state);
            if (count != null) {
                counts.put(state.name(), count);
            }
        }
        if (health.oldestDue() != null) {
            line.put("oldest_due_s", health.oldestDue().toSeconds());
        }
        line.put("held", health.held());
        line.put("expired_leases", health.expiredLeases());
        line.put("clock_skew_ms", health.clockSkew().toMillis());
        findings.forEach(line.putArray("findings")::add);
        return line;
    }
}

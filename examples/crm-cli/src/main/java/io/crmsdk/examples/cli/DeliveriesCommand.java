package io.crmsdk.examples.cli;

import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.store.Store;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code crm deliveries}: where every message stands, and what shows it. */
@Command(
        name = "deliveries",
        description = "Lists every message to every recipient with its state, evidence and history.",
        mixinStandardHelpOptions = true)
final class DeliveriesCommand implements Callable<Integer> {
    @Mixin
    private Output output = new Output();

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--key", paramLabel = "K", description = "Only the message with this key.")
    private @Nullable String key;

    @Override
    public Integer call() {
        DeliveryQuery query =
                key == null ? DeliveryQuery.all() : DeliveryQuery.all().key(key);
        try (Store opened = store.existing();
                Outbox outbox = Outbox.builder(opened).channelElsewhere("smtp").build();
                Stream<Delivery> deliveries = outbox.deliveries(query)) {
            deliveries.forEach(this::show);
        }
        return Exit.DONE;
    }

    private void show(Delivery delivery) {
        if (output.isJson()) {
            output.lines().write(DeliveryLines.standing(delivery));
            return;
        }
        Evidence evidence = delivery.evidence();
        output.say(String.format(
                "%-12s %-28s %s%s",
                delivery.state(),
                delivery.key(),
                delivery.recipient(),
                evidence == null ? "" : "  " + evidence.host() + ": " + evidence.reply()));
    }
}

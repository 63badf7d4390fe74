package io.crmsdk.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryChange;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.HistoryEntry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Deliveries and what happens to them as lines of the contract. */
final class DeliveryLines {
    private DeliveryLines() {}

    static ObjectNode change(DeliveryChange change, boolean begins) {
        ObjectNode line = JsonLines.object();
        line.put("ev", begins ? "attempt" : word(change.state().name()));
        line.put("key", change.key()).put("to", change.recipient()).put("delivery", change.deliveryId());
        line.put("attempt", change.attempt());
        evidence(line, change.evidence());
        if (!change.detail().isEmpty()) {
            line.put("detail", change.detail());
        }
        return line.put("at", change.at().toString());
    }

    static ObjectNode standing(Delivery delivery) {
        ObjectNode line = JsonLines.object();
        line.put("ev", "final").put("key", delivery.key()).put("to", delivery.recipient());
        line.put("state", delivery.state().name()).put("delivery", delivery.id());
        line.put("message", delivery.messageId());
        line.put("attempts", delivery.attempts()).put("possibleDuplicate", delivery.possibleDuplicate());
        if (delivery.nextAttempt() != null) {
            line.put("nextAttempt", delivery.nextAttempt().toString());
        }
        evidence(line, delivery.evidence());
        ArrayNode history = line.putArray("history");
        delivery.history().forEach(entry -> history.add(entry(entry)));
        return line;
    }

    private static ObjectNode entry(HistoryEntry entry) {
        ObjectNode node = JsonLines.object();
        node.put("at", entry.at().toString()).put("state", entry.state().name());
        node.put("applied", entry.applied()).put("attempt", entry.attempt()).put("node", entry.node());
        if (!entry.detail().isEmpty()) {
            node.put("detail", entry.detail());
        }
        evidence(node, entry.evidence());
        return node;
    }

    private static void evidence(ObjectNode line, @Nullable Evidence evidence) {
        if (evidence != null) {
            ObjectNode node = line.putObject("evidence");
            node.put("host", evidence.host()).put("reply", evidence.reply());
            if (evidence.remoteId() != null) {
                node.put("queueId", evidence.remoteId());
            }
            node.put("at", evidence.at().toString());
        }
    }

    private static String word(String state) {
        return state.toLowerCase(Locale.ROOT);
    }
}

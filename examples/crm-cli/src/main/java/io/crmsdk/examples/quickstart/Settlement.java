package io.crmsdk.examples.quickstart;

import io.crmsdk.delivery.Confirmation;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.time.UtcClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Settles deliveries by what the mailboxes hold. */
final class Settlement {
    /** One delivery that was in doubt, and what settled it. */
    record Settled(String id, String reason, String by) {}

    private final Outbox outbox;
    private final Campaign campaign;
    private final List<Settled> doubts = new ArrayList<>();

    Settlement(Outbox outbox, Campaign campaign) {
        this.outbox = outbox;
        this.campaign = campaign;
    }

    List<Settled> doubts() {
        return doubts;
    }

    /** Doubtful ones: found means delivered, not found means surely not sent, and it is sent then. */
    long settleDoubts(Map<String, Integer> copies) {
        List<Delivery> open = list(DeliveryState.UNCONFIRMED);
        for (Delivery delivery : open) {
            boolean found = copies.containsKey(messageId(delivery));
            String reason =
                    delivery.history().get(delivery.history().size() - 1).detail();
            outbox.settle(
                    delivery.id(),
                    confirmation(
                            delivery,
                            found ? Confirmation.Verdict.DELIVERED : Confirmation.Verdict.NOT_SENT,
                            found ? "found in the mailbox" : "not in the mailbox, and nothing is under way"));
            doubts.add(new Settled(
                    delivery.id(),
                    reason,
                    found ? "found in the mailbox: delivered" : "not in the mailbox: sent again"));
        }
        return open.size();
    }

    /** Accepted ones that lie in the mailbox are delivered. */
    long confirmAccepted(Map<String, Integer> copies) {
        long confirmed = 0;
        for (Delivery delivery : list(DeliveryState.ACCEPTED)) {
            if (copies.containsKey(messageId(delivery))) {
                outbox.settle(
                        delivery.id(), confirmation(delivery, Confirmation.Verdict.DELIVERED, "found in the mailbox"));
                confirmed++;
            }
        }
        return confirmed;
    }

    private List<Delivery> list(DeliveryState state) {
        try (Stream<Delivery> deliveries = outbox.deliveries(DeliveryQuery.all().state(state))) {
            return deliveries.toList();
        }
    }

    private String messageId(Delivery delivery) {
        Campaign.Sent sent = campaign.stored().get(delivery.key());
        return sent == null ? "" : sent.messageId();
    }

    private Confirmation confirmation(Delivery delivery, Confirmation.Verdict verdict, String words) {
        Evidence evidence = new Evidence(
                "mailbox",
                words + ": " + messageId(delivery),
                null,
                UtcClock.system().instant());
        return new Confirmation(verdict, evidence, "quickstart", "read the mailboxes after the campaign");
    }
}

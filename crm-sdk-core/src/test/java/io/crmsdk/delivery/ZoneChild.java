package io.crmsdk.delivery;

import io.crmsdk.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.TimeZone;

/** A process in a zone of its own: stores messages at instants where zones differ, and says what it reads back. */
final class ZoneChild {
    /** In New York's doubled hour, in its missing one, beyond 2038, and one microsecond before a year of Shanghai. */
    static final List<Instant> INSTANTS = List.of(
            Instant.parse("2100-11-07T06:30:00.000001Z"),
            Instant.parse("2100-03-14T07:30:00.123456Z"),
            Instant.parse("2099-12-31T15:59:59.999999Z"),
            Instant.parse("2100-06-01T00:00:00Z"));

    private ZoneChild() {}

    /** Arguments: the store's address, a prefix for the keys. */
    public static void main(String[] arguments) {
        try (Store store = Store.open(arguments[0]);
                Outbox outbox = Outbox.builder(store).channel(new FakeChannel()).build()) {
            for (int n = 0; n < INSTANTS.size(); n++) {
                outbox.enqueue(Message.transactional(arguments[1] + n)
                        .to("li@example.com")
                        .content("text/plain", "x")
                        .notBefore(INSTANTS.get(n))
                        .build());
            }
            outbox.deliveries(DeliveryQuery.all()).forEach(ZoneChild::say);
            say("DONE in " + TimeZone.getDefault().getID());
        }
    }

    private static void say(Delivery delivery) {
        say("READ " + delivery.key() + " " + delivery.nextAttempt());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}

package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.store.Databases.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2OutboxTest extends OutboxContract {
    @TempDir
    Path directory;

    @Override
    DeliveryTestStore open() throws Exception {
        return DeliveryTestStore.empty(Kind.H2, directory);
    }

    @Test
    void a_delivery_that_the_engine_tore_from_its_queue_row_is_in_a_state_again() throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.H2, directory)) {
            String fresh = enqueue(store, "fresh");
            String attempted = enqueue(store, "attempted");
            store.execute(
                    "INSERT INTO crm_delivery_event (delivery_id, fence, step, at_us, state, applied, attempt, node,"
                            + " detail) VALUES ('" + attempted + "', 1, 2, 1, 'SENDING', 1, 1, 'n', '')");
            store.execute("DELETE FROM crm_delivery_queue");

            Outbox outbox = outbox(store);

            assertThat(outbox.delivery(fresh).orElseThrow().state()).isEqualTo(DeliveryState.QUEUED);
            assertThat(outbox.delivery(attempted).orElseThrow().state()).isEqualTo(DeliveryState.UNCONFIRMED);
            assertThat(outbox.health().held()).isEqualTo(1);
        }
    }

    @Test
    void a_key_that_the_engine_tore_from_its_message_can_be_used_again() throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.H2, directory)) {
            enqueue(store, "a");
            store.execute("DELETE FROM crm_message");

            String id = enqueue(store, "a");

            assertThat(outbox(store).delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.QUEUED);
        }
    }

    @Test
    void a_message_that_the_engine_tore_from_its_deliveries_can_be_stored_again() throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.H2, directory)) {
            enqueue(store, "a");
            store.execute("DELETE FROM crm_delivery");
            store.execute("DELETE FROM crm_delivery_queue");

            String id = enqueue(store, "a");

            assertThat(outbox(store).delivery(id).orElseThrow().state()).isEqualTo(DeliveryState.QUEUED);
        }
    }

    @Test
    void a_delivery_that_the_engine_tore_from_its_queue_row_waits_for_its_turn_again() throws Exception {
        try (DeliveryTestStore store = DeliveryTestStore.empty(Kind.H2, directory)) {
            enqueue(store, draft("first").orderingKey("k").build());
            String second = enqueue(store, draft("second").orderingKey("k").build());
            store.execute("DELETE FROM crm_delivery_queue WHERE delivery_id = '" + second + "'");
            store.execute("DELETE FROM crm_delivery_order");

            assertThat(outbox(store).delivery(second).orElseThrow().state()).isEqualTo(DeliveryState.WAITING);
            String third = enqueue(store, draft("third").orderingKey("k").build());
            assertThat(outbox(store).delivery(third).orElseThrow().state()).isEqualTo(DeliveryState.WAITING);
            assertThat(store.strings("SELECT place FROM crm_delivery_turn ORDER BY place"))
                    .containsExactly("1", "2", "3");
        }
    }

    private static Message.Builder draft(String key) {
        return Message.transactional(key).to("li@example.com").content("text/plain", key);
    }

    private static String enqueue(DeliveryTestStore store, String key) {
        return enqueue(store, draft(key).build());
    }

    private static String enqueue(DeliveryTestStore store, Message message) {
        return ((EnqueueAnswer.Ack) outbox(store).enqueue(message))
                .deliveryIds()
                .get(0);
    }

    private static Outbox outbox(DeliveryTestStore store) {
        return Outbox.builder(store.store()).channel(new FakeChannel()).build();
    }
}

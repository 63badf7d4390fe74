package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElsewhereChannelTest {
    @Test
    void a_process_without_the_channel_stores_for_those_that_have_it(@TempDir Path folder) {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                Outbox outbox = Outbox.builder(store).channelElsewhere("smtp").build()) {
            EnqueueAnswer answer = outbox.enqueue(Message.transactional("order-1")
                    .to("li@example.com")
                    .content("text/plain", "hello")
                    .build());

            assertThat(answer).isInstanceOf(EnqueueAnswer.Ack.class);
            assertThat(outbox.deliveries(DeliveryQuery.all()))
                    .singleElement()
                    .satisfies(delivery -> assertThat(delivery.channel()).isEqualTo("smtp"));
        }
    }

    @Test
    void it_starts_no_workers(@TempDir Path folder) {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                Outbox outbox = Outbox.builder(store).channelElsewhere("smtp").build()) {
            assertThatThrownBy(() -> outbox.startWorkers(WorkerOptions.defaults()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }
}

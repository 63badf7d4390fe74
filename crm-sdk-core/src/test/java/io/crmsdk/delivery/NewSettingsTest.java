package io.crmsdk.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * New settings while messages are being sent. Nothing is reloaded in place: who wants other settings builds another outbox on
 * the same store and closes the old workers.
 */
class NewSettingsTest {
    @TempDir
    Path folder;

    private static WorkerOptions.Builder options() {
        return WorkerOptions.builder()
                .threads(1)
                .claimBatch(1)
                .poll(Duration.ofMillis(20))
                .stopWithin(Duration.ofSeconds(20));
    }

    private static Message message(String key) {
        return Message.transactional(key)
                .to(key + "@example.com")
                .content("text/plain", "x")
                .build();
    }

    private static void settled(Outbox outbox, int count) {
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> outbox.deliveries(DeliveryQuery.all())
                                .filter(delivery -> delivery.state() == DeliveryState.ACCEPTED)
                                .count()
                        == count);
    }

    @Test
    void F_907_an_attempt_ends_under_the_settings_it_began_with_and_the_next_one_has_the_new_ones() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FakeChannel before = new FakeChannel();
        before.doing(dispatch -> {
            begun.countDown();
            goOn.await(20, TimeUnit.SECONDS);
            before.accept(dispatch);
        });
        FakeChannel after = new FakeChannel();
        try (Store store = Store.sqlite(folder.resolve("store.db"));
                Outbox old = Outbox.builder(store).channel(before).build();
                Outbox renewed = Outbox.builder(store).channel(after).build()) {
            Workers oldWorkers = old.startWorkers(options().build());
            old.enqueue(message("first"));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            old.enqueueAll(List.of(message("second"), message("third")));

            Thread stop = new Thread(oldWorkers::close);
            stop.start();
            try (Workers newWorkers = renewed.startWorkers(options().build())) {
                assertThat(before.taken)
                        .as("still waiting under its old settings")
                        .isEmpty();
                goOn.countDown();
                stop.join(20_000);
                renewed.enqueue(message("fourth"));
                settled(renewed, 4);
            }
        }

        assertThat(before.taken).contains("first@example.com").doesNotContain("fourth@example.com");
        assertThat(after.taken).contains("fourth@example.com").doesNotContain("first@example.com");
        List<String> all = new ArrayList<>(before.taken);
        all.addAll(after.taken);
        assertThat(all)
                .as("each by one of the two")
                .containsExactlyInAnyOrder(
                        "first@example.com", "second@example.com", "third@example.com", "fourth@example.com");
    }

    @Test
    void F_907_new_settings_that_cannot_be_meant_are_refused_and_the_old_ones_go_on() throws Exception {
        FakeChannel channel = new FakeChannel();
        try (Store store = Store.sqlite(folder.resolve("store.db"));
                Outbox outbox = Outbox.builder(store).channel(channel).build();
                Workers workers = outbox.startWorkers(options().build())) {
            outbox.enqueue(message("before"));
            assertThatThrownBy(() -> Outbox.builder(store).channel(channel).channel(new FakeChannel()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> Outbox.builder(store).build()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> WorkerOptions.builder().threads(0)).isInstanceOf(IllegalArgumentException.class);
            outbox.enqueue(message("behind"));

            settled(outbox, 2);
        }

        assertThat(channel.taken).containsExactlyInAnyOrder("before@example.com", "behind@example.com");
    }
}

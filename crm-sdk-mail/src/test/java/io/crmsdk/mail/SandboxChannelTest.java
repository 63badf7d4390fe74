package io.crmsdk.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmsdk.delivery.Channel;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.Dispatch;
import io.crmsdk.delivery.DispatchRecipient;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Evidence;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.Outcome;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.model.EmailAddress;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxChannelTest {
    @TempDir
    Path folder;

    private final List<String> reached = Collections.synchronizedList(new ArrayList<>());

    private final List<String> contents = Collections.synchronizedList(new ArrayList<>());
    private final List<String> ids = Collections.synchronizedList(new ArrayList<>());

    /** What would really send. */
    private final Channel real = new Channel() {
        @Override
        public String name() {
            return "smtp";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return message.mediaType().equals("message/rfc822")
                    ? null
                    : new EnqueueAnswer.Reject(message.key(), "BAD_CONTENT", "no mail");
        }

        @Override
        public void send(Dispatch dispatch) {
            dispatch.beginWindow();
            for (DispatchRecipient recipient : dispatch.recipients()) {
                reached.add(recipient.address());
                contents.add(new String(dispatch.message().content(), StandardCharsets.ISO_8859_1));
                ids.add(dispatch.messageId());
                dispatch.record(recipient, new Outcome.Accepted(new Evidence("mx", "250 ok", "q", Instant.EPOCH)));
            }
        }
    };

    private static Message mail(String... to) {
        Email.Builder email = Email.builder()
                .from("shop@shop.example", "Shop")
                .subject("Receipt")
                .text("paid");
        for (String address : to) {
            email.to(address);
        }
        return email.build().toMessage("k");
    }

    private List<Delivery> sent(SandboxChannel channel, Message message) {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                Outbox outbox = Outbox.builder(store).channel(channel).build()) {
            assertThat(outbox.enqueue(message)).isInstanceOf(EnqueueAnswer.Ack.class);
            try (Workers workers = outbox.startWorkers(WorkerOptions.builder()
                    .threads(1)
                    .poll(Duration.ofMillis(20))
                    .build())) {
                return await().atMost(20, TimeUnit.SECONDS)
                        .until(
                                () -> outbox.deliveries(DeliveryQuery.all()).toList(),
                                all -> all.stream()
                                        .allMatch(delivery -> delivery.state().isFinal()));
            }
        }
    }

    private List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void nothing_leaves_and_each_mail_is_a_file_that_says_so() throws Exception {
        SandboxChannel channel = SandboxChannel.builder(folder.resolve("out")).build();

        List<Delivery> deliveries = sent(channel, mail("ann@example.com", "bob@example.com"));

        assertThat(deliveries).allSatisfy(delivery -> {
            assertThat(delivery.state()).isEqualTo(DeliveryState.FAILED);
            assertThat(delivery.history())
                    .anySatisfy(entry ->
                            assertThat(entry.detail()).startsWith("SANDBOX: kept as " + delivery.id() + ".eml"));
        });
        assertThat(kept())
                .extracting(file -> file.getFileName().toString())
                .as("and no drafts")
                .containsExactly(
                        deliveries.get(0).id() + ".eml", deliveries.get(1).id() + ".eml");
        assertThat(Files.readString(kept().get(1)))
                .startsWith("X-Crm-Sandbox: not sent; for bob@example.com; delivery "
                        + deliveries.get(1).id() + "\r\nDate: ")
                .contains("Subject: Receipt", "paid");
    }

    @Test
    void only_those_on_the_list_are_reached() throws Exception {
        SandboxChannel channel = SandboxChannel.builder(folder.resolve("out"))
                .letThrough(real, List.of("@shop.example", "Eva@Partner.example"))
                .build();

        List<Delivery> deliveries = sent(
                channel,
                mail(
                        "dev@shop.example",
                        "eva@partner.example",
                        "ann@partner.example",
                        "dev@sub.shop.example",
                        "dev@notshop.example"));

        assertThat(channel.name()).isEqualTo("smtp");
        assertThat(reached).containsExactly("dev@shop.example", "eva@partner.example");
        assertThat(deliveries)
                .extracting(Delivery::state)
                .containsExactly(
                        DeliveryState.ACCEPTED,
                        DeliveryState.ACCEPTED,
                        DeliveryState.FAILED,
                        DeliveryState.FAILED,
                        DeliveryState.FAILED);
        assertThat(kept()).hasSize(3);
    }

    @Test
    void all_mails_go_to_one_address_and_nobody_else_has_accepted_anything() throws Exception {
        SandboxChannel channel = SandboxChannel.builder(folder.resolve("out"))
                .letThrough(real, List.of("@shop.example"))
                .redirectTo(real, EmailAddress.parse("staging@shop.example"))
                .build();

        List<Delivery> deliveries = sent(channel, mail("ann@example.com", "dev@shop.example"));

        assertThat(reached).containsExactly("staging@shop.example", "dev@shop.example");
        assertThat(deliveries)
                .extracting(Delivery::state)
                .containsExactly(DeliveryState.FAILED, DeliveryState.ACCEPTED);
        assertThat(deliveries.get(0).history())
                .anySatisfy(entry -> assertThat(entry.detail()).endsWith("to the sandbox's address: accepted"));
        assertThat(contents.get(0))
                .startsWith("X-Crm-Sandbox: not sent; for ann@example.com; delivery ")
                .contains("\r\nSubject: [sandbox] Receipt\r\n");
        assertThat(contents.get(1)).doesNotContain("andbox");
        assertThat(ids.get(0)).as("no report is joined to Ann's delivery").isNotEqualTo(ids.get(1));
        assertThat(kept()).hasSize(1);
    }

    @Test
    void what_the_real_channel_would_refuse_is_refused() {
        SandboxChannel channel = SandboxChannel.builder(folder.resolve("out"))
                .letThrough(real, List.of())
                .build();
        Message text = Message.transactional("k")
                .to("ann@example.com")
                .content("text/plain", "hi")
                .build();

        assertThat(channel.validate(text).code()).isEqualTo("BAD_CONTENT");
        assertThat(channel.validate(mail("ann@example.com"))).isNull();
    }

    @Test
    void F_906_a_sandbox_shows_what_it_is() {
        SandboxChannel channel = SandboxChannel.builder(folder.resolve("out")).build();

        assertThat(channel.toString()).startsWith("SandboxChannel[sandbox, ").endsWith("lets through 0]");
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                Outbox outbox = Outbox.builder(store).channel(channel).build()) {
            assertThat(outbox.health().pausedChannels().get("sandbox")).startsWith("SANDBOX: mails are kept in ");
        }
    }

    @Test
    void a_folder_that_cannot_be_and_a_list_that_means_nothing_are_refused_at_once() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> SandboxChannel.builder(file).build()).hasMessageContaining("SANDBOX_FOLDER");
        assertThatThrownBy(() -> SandboxChannel.builder(folder).letThrough(real, List.of("shop.example")))
                .hasMessageContaining("recipient 1");
    }
}

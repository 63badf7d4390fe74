package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
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
import io.crmsdk.mail.Email;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.Suppression;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.suppression.SuppressionReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider reports, joined to the delivery that it is about. */
class WebhookDeliveryTest {
    @TempDir
    Path folder;

    private final Provider channel = new Provider();
    private Store store;
    private ConsentLedger ledger;
    private SuppressionList suppression;
    private Outbox outbox;

    /** Answers as the test says; by default yes, with an id for each recipient. */
    private static final class Provider implements Channel {
        private volatile Function<DispatchRecipient, Outcome> answer =
                to -> new Outcome.Accepted(new Evidence("api", "HTTP 200", "id-" + to.address(), Instant.EPOCH));
        private volatile @Nullable CountDownLatch gate;

        @Override
        public String name() {
            return "provider";
        }

        @Override
        public EnqueueAnswer.@Nullable Reject validate(Message message) {
            return null;
        }

        @Override
        public void send(Dispatch dispatch) throws Exception {
            dispatch.beginWindow();
            CountDownLatch wait = gate;
            if (wait != null) {
                wait.await(20, TimeUnit.SECONDS);
            }
            for (DispatchRecipient recipient : dispatch.recipients()) {
                dispatch.record(recipient, answer.apply(recipient));
            }
        }
    }

    @BeforeEach
    void open() {
        store = Store.sqlite(folder.resolve("crm.db"));
        ledger = ConsentLedger.open(store);
        suppression = SuppressionList.open(store);
        outbox = Outbox.builder(store)
                .channel(channel)
                .consent(ledger)
                .suppression(suppression)
                .build();
    }

    @AfterEach
    void close() {
        outbox.close();
        store.close();
    }

    private WebhookReceiver.Builder brevo() {
        return WebhookReceiver.builder(WebhookScheme.brevo(List.of("token")), store)
                .consent(ledger, scope -> Scope.of("marketing"))
                .deliveries(outbox, suppression);
    }

    private static WebhookVerdict receive(WebhookReceiver receiver, String body) {
        return receiver.receive(
                new WebhookRequest(
                        "POST",
                        "https://crm.example/hooks",
                        Map.of("Authorization", List.of("Bearer token")),
                        body.getBytes(StandardCharsets.UTF_8)),
                Instant.now());
    }

    private static String event(String what, String recipient, String mark) {
        return "{\"event\":\"" + what + "\",\"email\":\"" + recipient + "\",\"ts_epoch\":" + System.currentTimeMillis()
                + "," + mark + "}";
    }

    private static String told(Delivery delivery) {
        return "\"message-id\":\"<x@relay.example>\",\"X-Mailin-custom\":\"crm_message:" + delivery.messageId() + "\"";
    }

    private List<Delivery> sent(Message... messages) {
        outbox.enqueueAll(List.of(messages));
        try (Workers workers = work()) {
            return await().atMost(20, TimeUnit.SECONDS)
                    .until(
                            () -> outbox.deliveries(DeliveryQuery.all()).toList(),
                            all -> all.stream()
                                    .allMatch(delivery -> delivery.state().isFinal()
                                            || delivery.state() == DeliveryState.UNCONFIRMED));
        }
    }

    private Workers work() {
        return outbox.startWorkers(
                WorkerOptions.builder().threads(1).poll(Duration.ofMillis(20)).build());
    }

    private static Message message(String key, String... to) {
        return Message.transactional(key).to(to).content("text/plain", "paid").build();
    }

    private Delivery now(Delivery delivery) {
        return outbox.delivery(delivery.id()).orElseThrow();
    }

    private @Nullable SuppressionReason suppressed(String address) {
        return suppression
                .find(ContactKey.email(address))
                .map(Suppression::reason)
                .orElse(null);
    }

    @ParameterizedTest
    @CsvSource({
        "request, ACCEPTED",
        "deferred, ACCEPTED",
        "delivered, DELIVERED",
        "opened, ACCEPTED",
        "hard_bounce, BOUNCED",
        "soft_bounce, BOUNCED",
        "blocked, BOUNCED",
        "spam, COMPLAINED",
        "unsubscribed, ACCEPTED",
        "something_new, ACCEPTED"
    })
    void an_event_settles_the_delivery_whose_id_it_brings_back(String what, DeliveryState state) {
        List<Delivery> sent = sent(message("k", "ann@example.com", "bob@example.com"));

        receive(brevo().lookback(Duration.ZERO).build(), event(what, "Bob@Example.com", told(sent.get(0))));

        assertThat(now(sent.get(0)).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(now(sent.get(1)).state()).isEqualTo(state);
        if (state != DeliveryState.ACCEPTED) {
            assertThat(now(sent.get(1)).evidence().host()).isEqualTo("brevo event");
        }
    }

    @Test
    void an_event_is_joined_by_the_provider_s_id_alone() {
        List<Delivery> sent = sent(message("k", "ann@example.com", "bob@example.com"));
        String body =
                "{\"RecordType\":\"Delivery\",\"MessageID\":\"id-bob@example.com\",\"Recipient\":\"bob@example.com\","
                        + "\"DeliveredAt\":\"" + Instant.now() + "\"}";
        WebhookReceiver receiver = WebhookReceiver.builder(WebhookScheme.postmark("user", "word"), store)
                .deliveries(outbox, suppression)
                .build();

        receiver.receive(
                new WebhookRequest(
                        "POST",
                        "https://crm.example/hooks",
                        Map.of(
                                "Authorization",
                                List.of("Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("user:word".getBytes(StandardCharsets.UTF_8)))),
                        body.getBytes(StandardCharsets.UTF_8)),
                Instant.now());

        assertThat(now(sent.get(0)).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(now(sent.get(1)).state()).isEqualTo(DeliveryState.DELIVERED);
        assertThat(now(sent.get(1)).history())
                .anySatisfy(entry -> assertThat(entry.detail()).endsWith("told by the provider's id"));
    }

    @ParameterizedTest
    @CsvSource({
        "dm:Deliver:Succeed, '', '', DELIVERED, false",
        "dm:Deliver:Fail, SmtpNxBox, 550 5.1.1 no such user, BOUNCED, true",
        "dm:Deliver:Fail, SmtpReject, 554 5.7.1 spam, BOUNCED, false",
        "dm:Feedback:FblReport, '', '', COMPLAINED, true",
        "dm:Trace:Open, '', '', ACCEPTED, false",
        "dm:Validator:GrayListResult, '', '', ACCEPTED, false",
    })
    void events_of_DirectMail_settle_by_what_its_send_call_answered(
            String type, String failed, String words, DeliveryState state, boolean suppressed) {
        List<Delivery> sent = sent(message("k", "ann@example.com", "bob@example.com"));
        WebhookReceiver receiver = WebhookReceiver.builder(
                        WebhookScheme.aliyunDirectMail(List.of("old", "token")), store)
                .deliveries(outbox, suppression)
                .build();
        String body = "{\"id\":\"e1\",\"source\":\"acs.dm\",\"specversion\":\"1.0\",\"type\":\"" + type
                + "\",\"time\":\"" + Instant.now().atOffset(ZoneOffset.ofHours(8)) + "\",\"data\":{"
                + "\"env_id\":\"id-bob@example.com\",\"rcpt\":\"bob@example.com\",\"deliver_time\":\"2024-04-29T11:07:04\","
                + "\"err_code\":\"" + words.replaceAll(" .*", "") + "\",\"err_msg\":\"" + words
                + "\",\"failed_type\":\"" + failed + "\"}}";

        assertThat(receiver.receive(eventBridge("stolen", body), Instant.now()).code())
                .isEqualTo("CREDENTIALS_INVALID");
        assertThat(receiver.receive(eventBridge("token", body), Instant.now()).code())
                .isEqualTo("OK");
        assertThat(receiver.receive(eventBridge("token", body), Instant.now()).events())
                .as("again")
                .isEmpty();

        assertThat(now(sent.get(0)).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(now(sent.get(1)).state()).isEqualTo(state);
        assertThat(suppression.find(ContactKey.email("bob@example.com")).isPresent())
                .isEqualTo(suppressed);
    }

    @Test
    void times_of_DirectMail_are_the_envelopes_and_who_left_there_left_all() {
        WebhookScheme scheme = WebhookScheme.aliyunDirectMail(List.of("token"));
        String body = "{\"id\":\"e1\",\"type\":\"dm:Feedback:UnSubscribe\",\"time\":\"2024-04-29T11:07:04.000+08:00\","
                + "\"data\":{\"rcpt\":\"bob@example.com\",\"send_time\":\"2024-04-29T11:07:04\"}}";

        assertThat(WebhookReceiver.builder(scheme, store)
                        .build()
                        .verify(eventBridge("token", body), Instant.now())
                        .events())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.at()).isEqualTo(Instant.parse("2024-04-29T03:07:04Z"));
                    assertThat(event.type()).isEqualTo(WebhookEvent.Type.UNSUBSCRIBED);
                    assertThat(event.scope()).isEqualTo("all");
                });
        assertThat(WebhookReceiver.builder(scheme, store)
                        .build()
                        .verify(eventBridge("token", body.replace("+08:00", "")), Instant.now())
                        .events()
                        .get(0)
                        .at())
                .as("no zone is guessed")
                .isNull();
    }

    private static WebhookRequest eventBridge(String token, String body) {
        return new WebhookRequest(
                "POST",
                "https://crm.example/hooks",
                Map.of("x-eventbridge-signature-token", List.of(token)),
                body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_event_is_joined_by_the_Message_ID_alone(boolean brackets) {
        Email email = Email.builder()
                .from(Mailbox.of("shop@shop.example"))
                .to("ann@example.com")
                .to("bob@example.com")
                .subject("Receipt")
                .text("paid")
                .build();
        List<Delivery> sent = sent(email.toMessage("order-1"), message("other", "bob@example.com"));
        String id = email.messageId("order-1");

        receive(
                brevo().build(),
                event(
                        "delivered",
                        "bob@example.com",
                        "\"message-id\":\"" + (brackets ? id : id.substring(1, id.length() - 1)) + "\""));

        assertThat(sent.stream().map(this::now).filter(one -> one.state() == DeliveryState.DELIVERED))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.key()).isEqualTo("order-1");
                    assertThat(one.recipient()).isEqualTo("bob@example.com");
                    assertThat(one.history())
                            .anySatisfy(entry -> assertThat(entry.detail()).endsWith("told by its Message-ID"));
                });
    }

    @Test
    void ids_alone_are_searched_only_as_far_back_as_was_said() {
        List<Delivery> sent = sent(message("k", "ann@example.com"));
        String later = "{\"event\":\"delivered\",\"email\":\"ann@example.com\",\"message-id\":\"id-ann@example.com\","
                + "\"ts_epoch\":" + Instant.now().plus(Duration.ofDays(8)).toEpochMilli() + "}";

        receive(brevo().build(), later);

        assertThat(now(sent.get(0)).state()).isEqualTo(DeliveryState.ACCEPTED);
    }

    @Test
    void F_604_an_event_about_nothing_that_was_sent_is_kept_and_suppresses_nobody() {
        List<Delivery> sent = sent(message("k", "ann@example.com"));
        WebhookReceiver receiver = brevo().build();

        WebhookVerdict other = receive(receiver, event("hard_bounce", "eve@example.com", told(sent.get(0))));
        WebhookVerdict unknown = receive(
                receiver, event("hard_bounce", "ann@example.com", "\"X-Mailin-custom\":\"crm_message:elsewhere\""));

        assertThat(other.events()).hasSize(1);
        assertThat(unknown.events()).hasSize(1);
        assertThat(now(sent.get(0)).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(suppressed("ann@example.com")).isNull();
        assertThat(suppressed("eve@example.com")).isNull();
    }

    @Test
    void F_613_a_hard_bounce_stops_all_that_is_queued_for_the_address_and_a_complaint_stops_marketing() {
        List<Delivery> sent = sent(message("k", "ann@example.com", "bob@example.com", "cy@example.com"));
        WebhookReceiver receiver = brevo().build();
        receive(receiver, event("hard_bounce", "ann@example.com", told(sent.get(0))));
        receive(receiver, event("spam", "bob@example.com", told(sent.get(0))));
        receive(receiver, event("blocked", "cy@example.com", told(sent.get(0))));

        assertThat(suppressed("ann@example.com")).isEqualTo(SuppressionReason.HARD_BOUNCE);
        assertThat(suppressed("bob@example.com")).isEqualTo(SuppressionReason.COMPLAINT);
        assertThat(suppressed("cy@example.com"))
                .as("never sent, which says nothing new of the address")
                .isNull();
        assertThat(ledger.decide(ContactKey.email("bob@example.com"), Scope.of("marketing"))
                        .verdict())
                .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
        assertThat(sent(message("k2", "ann@example.com", "bob@example.com")))
                .filteredOn(delivery -> delivery.key().equals("k2"))
                .extracting(Delivery::state)
                .as("what is owed to somebody who complained is still sent")
                .containsExactly(DeliveryState.SUPPRESSED, DeliveryState.ACCEPTED);
    }

    @Test
    void F_601_F_602_events_in_any_order_and_any_number_lead_to_the_same_state() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Message> messages = new ArrayList<>();
        for (int n = 0; n < 24; n++) {
            messages.add(message("k" + n, "person" + n + "@example.com"));
        }
        WebhookReceiver receiver = brevo().build();
        for (Delivery delivery : sent(messages.toArray(Message[]::new))) {
            List<String> events = new ArrayList<>();
            for (String what : List.of("request", "delivered", "hard_bounce", "spam")) {
                events.add(event(what, delivery.recipient(), told(delivery)));
            }
            events.addAll(events);
            Collections.shuffle(events, random);

            int fresh = 0;
            for (String event : events) {
                fresh += receive(receiver, event).events().size();
            }

            assertThat(fresh).as("seed " + seed).isEqualTo(4);
            assertThat(now(delivery).state()).as("seed " + seed).isEqualTo(DeliveryState.COMPLAINED);
            assertThat(now(delivery).history().stream()
                            .filter(entry -> entry.evidence() != null
                                    && entry.evidence().host().equals("brevo event")))
                    .as("seed " + seed)
                    .hasSize(4);
            assertThat(suppressed(delivery.recipient())).isEqualTo(SuppressionReason.HARD_BOUNCE);
        }
    }

    @Test
    void F_414_a_doubt_is_settled_by_what_the_provider_reports() {
        channel.answer = to -> new Outcome.Unconfirmed("HTTP_BROKEN: nobody knows");
        Delivery doubtful = sent(message("k", "ann@example.com")).get(0);
        assertThat(doubtful.state()).isEqualTo(DeliveryState.UNCONFIRMED);

        receive(brevo().build(), event("request", "ann@example.com", told(doubtful)));

        assertThat(now(doubtful).state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(now(doubtful).evidence().remoteId()).isEqualTo("<x@relay.example>");
    }

    @Test
    void F_603_an_event_that_overtakes_the_answer_of_the_send_call_is_not_undone_by_it() {
        channel.gate = new CountDownLatch(1);
        outbox.enqueue(message("k", "ann@example.com"));
        try (Workers workers = work()) {
            Delivery sending = await().atMost(20, TimeUnit.SECONDS)
                    .until(
                            () -> outbox.deliveries(DeliveryQuery.all())
                                    .findFirst()
                                    .orElseThrow(),
                            one -> one.state() == DeliveryState.SENDING);

            receive(brevo().build(), event("delivered", "ann@example.com", told(sending)));
            channel.gate.countDown();

            assertThat(now(sending).state()).isEqualTo(DeliveryState.DELIVERED);
        }
        assertThat(outbox.deliveries(DeliveryQuery.all()))
                .singleElement()
                .satisfies(one -> assertThat(one.state()).isEqualTo(DeliveryState.DELIVERED));
    }

    @Test
    void F_606_a_call_whose_handler_died_half_way_is_done_when_the_provider_sends_it_again() {
        Delivery sent = sent(message("k", "ann@example.com")).get(0);
        String body = event("hard_bounce", "ann@example.com", told(sent));
        store.inTransaction(connection -> {
            try {
                return WebhookBook.keepCall(
                        connection,
                        "brevo",
                        Report.of(List.of()),
                        body.getBytes(StandardCharsets.UTF_8),
                        store.nowMicros(connection));
            } catch (Refused e) {
                throw new AssertionError(e);
            }
        });

        WebhookVerdict verdict = receive(brevo().build(), body);

        assertThat(verdict.events()).hasSize(1);
        assertThat(now(sent).state()).isEqualTo(DeliveryState.BOUNCED);
        assertThat(suppressed("ann@example.com")).isEqualTo(SuppressionReason.HARD_BOUNCE);
        assertThat(receive(brevo().build(), body).events()).isEmpty();
    }
}

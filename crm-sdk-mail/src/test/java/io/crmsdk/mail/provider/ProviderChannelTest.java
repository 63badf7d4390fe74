package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.mail.Attachment;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.Mailbox;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProviderChannelTest {
    private static final String KEY = "key-that-must-not-show";

    @TempDir
    Path folder;

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile Answer answer = new Answer(200, "", Map.of());

    private record Call(String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }
    }

    /** A status of 0 ends the connection without a word, once the request was read. */
    private record Answer(int status, String body, Map<String, String> headers) {}

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        calls.add(new Call(
                exchange.getRequestURI().getPath(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        if (answer.status() == 0) {
            exchange.close();
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        if (answer.body().startsWith("{")) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        exchange.close();
    }

    private static ProviderChannel.Builder builder(String provider) {
        return switch (provider) {
            case "sendgrid" -> ProviderChannel.sendGrid(() -> KEY);
            case "postmark" -> ProviderChannel.postmark(() -> KEY, "outbound");
            case "brevo" -> ProviderChannel.brevo(() -> KEY);
            case "mailgun" -> ProviderChannel.mailgun("shop.example", () -> KEY);
            default -> ProviderChannel.resend(() -> KEY);
        };
    }

    private ProviderChannel channel(String provider) {
        return builder(provider)
                .origin(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .unsafelyAllowingPlainHttp()
                .build();
    }

    private static Message mail(String key, String... to) {
        Email.Builder email = Email.builder()
                .from("shop@shop.example", "Der Laden 店")
                .replyTo(Mailbox.of("help@shop.example"))
                .subject("Quittung 收据")
                .text("Danke 谢谢")
                .html("<p>Danke 谢谢</p>")
                .attach(Attachment.of("rechnung.txt", "text/plain", "42,00 €".getBytes(StandardCharsets.UTF_8)))
                .header("X-Order", "4711");
        for (String address : to) {
            email.to(address);
        }
        return email.build().toMessage(key);
    }

    private Delivery sent(String provider) {
        return sent(channel(provider)).get(0);
    }

    private List<Delivery> sent(ProviderChannel channel, String... to) {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ProviderChannel closing = channel;
                Outbox outbox = Outbox.builder(store).channel(channel).build()) {
            assertThat(outbox.enqueue(mail("k", to.length == 0 ? new String[] {"ann@example.com"} : to)))
                    .isInstanceOf(EnqueueAnswer.Ack.class);
            try (Workers workers = outbox.startWorkers(WorkerOptions.builder()
                    .threads(1)
                    .poll(Duration.ofMillis(20))
                    .build())) {
                return await().atMost(30, TimeUnit.SECONDS)
                        .until(
                                () -> outbox.deliveries(DeliveryQuery.all()).toList(),
                                all -> all.stream()
                                        .allMatch(delivery -> delivery.state() != DeliveryState.QUEUED
                                                && delivery.state() != DeliveryState.SENDING));
            }
        }
    }

    static Stream<String> providers() {
        return Stream.of("sendgrid", "postmark", "brevo", "mailgun", "resend");
    }

    private static Answer yes(String provider) {
        return switch (provider) {
            case "sendgrid" -> new Answer(202, "", Map.of("X-Message-Id", "id-1"));
            case "postmark" -> new Answer(200, "{\"ErrorCode\":0,\"Message\":\"OK\",\"MessageID\":\"id-1\"}", Map.of());
            case "brevo" -> new Answer(201, "{\"messageId\":\"id-1\"}", Map.of());
            case "mailgun" -> new Answer(200, "{\"id\":\"<id-1>\",\"message\":\"Queued. Thank you.\"}", Map.of());
            default -> new Answer(200, "{\"id\":\"id-1\"}", Map.of());
        };
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_documented_yes_is_accepted_with_the_provider_s_id(String provider) {
        answer = yes(provider);

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(delivery.evidence().remoteId()).isEqualTo("id-1");
        assertThat(delivery.evidence().host()).isEqualTo("127.0.0.1");
        assertThat(calls).singleElement().satisfies(call -> {
            assertThat(call.body()).contains("ann@example.com").contains("4711").contains("crm_message");
            assertThat(call.header("Authorization") + call.header("X-Postmark-Server-Token") + call.header("api-key"))
                    .isNotEmpty();
            if (!provider.equals("mailgun")) {
                assertThat(call.body()).contains("Quittung 收据", "Danke 谢谢", "Der Laden 店", "rechnung.txt");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("providers")
    void F_503_too_many_requests_defers_until_the_time_that_was_told(String provider) {
        answer = new Answer(429, "{}", Map.of("Retry-After", "3600"));

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.DEFERRED);
        assertThat(delivery.history())
                .anySatisfy(entry -> assertThat(entry.detail()).contains("HTTP_BUSY"));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_wrong_key_defers_and_does_not_fail_the_mail(String provider) {
        answer = new Answer(401, "{\"message\":\"nope\"}", Map.of());

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.DEFERRED);
        assertThat(delivery.history().toString()).doesNotContain(KEY);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void a_mail_that_is_declined_has_failed_with_the_provider_s_words(String provider) {
        answer = switch (provider) {
            case "sendgrid" ->
                new Answer(400, "{\"errors\":[{\"message\":\"Does not contain a valid address.\"}]}", Map.of());
            case "postmark" ->
                new Answer(422, "{\"ErrorCode\":300,\"Message\":\"Does not contain a valid address.\"}", Map.of());
            default -> new Answer(400, "{\"message\":\"Does not contain a valid address.\"}", Map.of());
        };

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.FAILED);
        assertThat(delivery.evidence().reply()).contains("Does not contain a valid address.");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void F_501_a_call_that_broke_off_after_it_was_read_is_unconfirmed_and_not_repeated_blindly(String provider) {
        answer = new Answer(0, "", Map.of());

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.UNCONFIRMED);
        if (!provider.equals("resend")) {
            assertThat(calls)
                    .as("only Resend recognises a repetition by its key")
                    .hasSize(1);
        }
    }

    @Test
    void resend_recognises_repetitions_by_the_delivery() {
        answer = yes("resend");

        Delivery delivery = sent("resend");

        assertThat(calls.get(0).header("Idempotency-Key")).isEqualTo(delivery.id());
    }

    @ParameterizedTest
    @CsvSource({"postmark", "brevo", "mailgun", "resend"})
    void F_505_a_success_without_the_provider_s_id_proves_nothing(String provider) {
        answer = new Answer(200, "{\"hello\":\"proxy\"}", Map.of());

        assertThat(sent(provider).state()).isEqualTo(DeliveryState.UNCONFIRMED);
    }

    @Test
    void F_505_postmark_declines_inside_a_success() {
        answer = new Answer(200, "{\"ErrorCode\":406,\"Message\":\"Inactive recipient\"}", Map.of());

        Delivery delivery = sent("postmark");

        assertThat(delivery.state()).isEqualTo(DeliveryState.FAILED);
        assertThat(delivery.evidence().reply()).contains("ErrorCode 406");
    }

    @Test
    void what_is_about_the_account_does_not_fail_the_mail() {
        answer = new Answer(422, "{\"ErrorCode\":405,\"Message\":\"Not allowed to send\"}", Map.of());

        assertThat(sent("postmark").state()).isEqualTo(DeliveryState.DEFERRED);
    }

    @Test
    void a_provider_that_cannot_be_reached_surely_took_nothing() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        ProviderChannel channel = builder("postmark")
                .origin(URI.create("http://127.0.0.1:" + port))
                .unsafelyAllowingPlainHttp()
                .build();

        assertThat(sent(channel).get(0).state()).isEqualTo(DeliveryState.DEFERRED);
    }

    @Test
    void each_recipient_has_a_call_of_its_own_and_sees_no_other() {
        answer = yes("sendgrid");

        List<Delivery> deliveries = sent(channel("sendgrid"), "ann@example.com", "bob@example.com");

        assertThat(deliveries).allMatch(delivery -> delivery.state() == DeliveryState.ACCEPTED);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).body()).contains("ann@example.com").doesNotContain("bob@example.com");
        assertThat(calls.get(1).body()).contains("bob@example.com").doesNotContain("ann@example.com");
    }

    @Test
    void mailgun_gets_the_mail_as_it_is() {
        answer = yes("mailgun");

        sent("mailgun");

        assertThat(calls.get(0).path()).isEqualTo("/v3/shop.example/messages.mime");
        assertThat(calls.get(0).body()).contains("Content-Type: message/rfc822", "Message-ID: <", "name=\"to\"");
    }

    @Test
    void what_is_no_mail_is_refused_at_the_door() {
        try (ProviderChannel channel = channel("brevo")) {
            assertThat(channel.validate(Message.transactional("k")
                                    .to("ann@example.com")
                                    .content("text/plain", "hi")
                                    .build())
                            .code())
                    .isEqualTo(ProviderChannel.BAD_CONTENT);
            assertThat(channel.validate(mail("k", "ann@example.com"))).isNull();
            assertThat(channel.toString()).doesNotContain(KEY);
        }
    }
}

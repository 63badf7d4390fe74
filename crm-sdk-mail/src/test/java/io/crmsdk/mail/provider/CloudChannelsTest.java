package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.crmsdk.delivery.Delivery;
import io.crmsdk.delivery.DeliveryQuery;
import io.crmsdk.delivery.DeliveryState;
import io.crmsdk.delivery.EnqueueAnswer;
import io.crmsdk.delivery.HistoryEntry;
import io.crmsdk.delivery.Message;
import io.crmsdk.delivery.Outbox;
import io.crmsdk.delivery.WorkerOptions;
import io.crmsdk.delivery.Workers;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.http.RequestSigner;
import io.crmsdk.mail.Attachment;
import io.crmsdk.mail.Email;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amazon SES and Alibaba DirectMail by their signed APIs: every class of answer. */
class CloudChannelsTest {
    private static final String SECRET = "secret-that-must-not-show";
    private static final AccessKey KEY = AccessKey.of("AKID", SECRET);

    @TempDir
    Path folder;

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private HttpServer server;
    private volatile Answer answer = exchange -> {};

    private record Call(String method, URI target, Map<String, List<String>> headers, byte[] body) {
        String header(String name) {
            return headers.entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                    .map(entry -> entry.getValue().get(0))
                    .findFirst()
                    .orElse("");
        }
    }

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            calls.add(new Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    exchange.getRequestBody().readAllBytes()));
            answer.to(exchange);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        closing.countDown();
        server.stop(0);
    }

    private static Answer says(int status, String body, String... headers) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private static Answer yes(String provider) {
        return provider.equals("ses")
                ? says(200, "{\"MessageId\":\"id-1\"}")
                : says(200, "{\"EnvId\":\"id-1\",\"RequestId\":\"r\"}");
    }

    private URI origin() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private ProviderChannel channel(String provider) {
        ProviderChannel.Builder builder = provider.equals("ses")
                ? ProviderChannel.amazonSes("eu-central-1", () -> KEY, "events")
                : ProviderChannel.aliyunDirectMail(() -> KEY);
        return builder.origin(origin())
                .unsafelyAllowingPlainHttp()
                .limits(HttpLimits.defaults()
                        .withTimes(Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofSeconds(2)))
                .build();
    }

    private static Email.Builder email() {
        return Email.builder()
                .from("shop@shop.example", "Laden 店")
                .to("ann@example.com")
                .subject("Quittung 收据 A&B")
                .text("Danke 谢谢 ~*+")
                .html("<p>Danke</p>");
    }

    private Delivery sent(String provider) {
        try (Store store = Store.sqlite(folder.resolve("crm.db"));
                ProviderChannel channel = channel(provider);
                Outbox outbox = Outbox.builder(store).channel(channel).build()) {
            assertThat(outbox.enqueue(email().build().toMessage("k"))).isInstanceOf(EnqueueAnswer.Ack.class);
            try (Workers workers = outbox.startWorkers(WorkerOptions.builder()
                    .threads(1)
                    .poll(Duration.ofMillis(20))
                    .build())) {
                Delivery delivery = await().atMost(30, TimeUnit.SECONDS)
                        .until(
                                () -> outbox.deliveries(DeliveryQuery.all())
                                        .findFirst()
                                        .orElseThrow(),
                                one -> one.state() != DeliveryState.QUEUED && one.state() != DeliveryState.SENDING);
                assertThat(delivery.history().stream()
                                .map(HistoryEntry::detail)
                                .toList()
                                .toString())
                        .doesNotContain(SECRET);
                assertThat(channel.toString()).doesNotContain(SECRET);
                return delivery;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ses", "aliyun"})
    void a_documented_yes_is_accepted_with_the_provider_s_id(String provider) {
        answer = yes(provider);

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(delivery.evidence().remoteId()).isEqualTo("id-1");
        assertThat(calls).hasSize(1);
        assertThat(calls.get(0).headers().toString() + calls.get(0).target()).doesNotContain(SECRET);
    }

    @Test
    void amazon_gets_the_mail_as_it_is_with_our_id_and_a_signature_that_fits() {
        answer = yes("ses");

        Delivery delivery = sent("ses");

        Call call = calls.get(0);
        String body = new String(call.body(), StandardCharsets.UTF_8);
        JsonTree json = JsonTree.parseIfJson(body);
        assertThat(call.target().getPath()).isEqualTo("/v2/email/outbound-emails");
        assertThat(json.get("Destination", "ToAddresses").items())
                .extracting(JsonTree::string)
                .containsExactly("ann@example.com");
        assertThat(json.get("EmailTags").items().get(0).get("Value").string()).isEqualTo(delivery.messageId());
        assertThat(json.get("ConfigurationSetName").string()).isEqualTo("events");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(json.get("Content", "Raw", "Data").string()),
                        StandardCharsets.UTF_8))
                .contains("From: ", "Message-ID: <", "To: ann@example.com");
        String date = call.header("X-Amz-Date");
        Instant at = Instant.parse(
                date.replaceFirst("(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z", "$1-$2-$3T$4:$5:$6Z"));
        assertThat(new AwsSigner("eu-central-1", "ses", () -> KEY)
                        .sign(new RequestSigner.Draft(
                                call.method(),
                                URI.create(origin() + call.target().toString()),
                                Map.of("Content-Type", call.header("Content-Type")),
                                call.body(),
                                at)))
                .containsEntry("Authorization", call.header("Authorization"));
    }

    @Test
    void alibaba_gets_the_parts_and_a_signature_that_fits() {
        answer = yes("aliyun");

        sent("aliyun");

        Call call = calls.get(0);
        assertThat(call.target().getQuery())
                .contains(
                        "AccountName=shop@shop.example",
                        "ToAddress=ann@example.com",
                        "FromAlias=Laden 店",
                        "TextBody=Danke 谢谢 ~*+",
                        "HtmlBody=<p>Danke</p>");
        assertThat(call.target().getRawQuery()).contains("~%2A%2B").doesNotContain("+");
        assertThat(call.header("Host")).isEqualTo(origin().getAuthority());
        AliyunSigner signer = new AliyunSigner(() -> KEY, () -> call.header("x-acs-signature-nonce"));
        assertThat(signer.sign(new RequestSigner.Draft(
                        call.method(),
                        URI.create(origin() + call.target().toString()),
                        Map.of(
                                "x-acs-action", "SingleSendMail",
                                "x-acs-version", "2015-11-23"),
                        call.body(),
                        Instant.parse(call.header("x-acs-date")))))
                .containsEntry("Authorization", call.header("Authorization"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ses", "aliyun"})
    void F_501_too_many_requests_defers_until_the_time_that_was_told(String provider) {
        answer = says(429, "{}", "Retry-After", "3600");

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(DeliveryState.DEFERRED);
        assertThat(delivery.nextAttempt()).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    }

    @ParameterizedTest
    @CsvSource({
        "ses, 400, MessageRejected, The content is a virus., FAILED",
        "ses, 400, BadRequestException, Local part is wrong., FAILED",
        "ses, 400, MessageRejected, Email address is not verified., DEFERRED",
        "ses, 400, AccountSuspendedException, shut down, DEFERRED",
        "ses, 400, SendingPausedException, paused, DEFERRED",
        "ses, 400, LimitExceededException, quota, DEFERRED",
        "ses, 403, SignatureDoesNotMatch, check your key, DEFERRED",
        "ses, 404, NotFoundException, no such configuration set, DEFERRED",
        "aliyun, 400, InvalidToAddress, wrong, FAILED",
        "aliyun, 400, InvalidToAddress.Spam, on the list, FAILED",
        "aliyun, 400, InvalidSubject.Malformed, too long, FAILED",
        "aliyun, 400, InvalidSendMail.Spam, quota, DEFERRED",
        "aliyun, 400, Throttling.User, too fast, DEFERRED",
        "aliyun, 404, InvalidMailAddress.NotFound, no such sender, DEFERRED",
        "aliyun, 403, Forbidden.RAM, not allowed, DEFERRED",
        "aliyun, 400, MissingAccountName, missing, DEFERRED"
    })
    void what_the_mail_is_declined_for_fails_it_and_what_the_account_is_defers_it(
            String provider, int status, String code, String words, DeliveryState state) {
        answer = provider.equals("ses")
                ? says(status, "{\"message\":\"" + words + "\"}", "x-amzn-ErrorType", code + ":http://internal/")
                : says(status, "{\"Code\":\"" + code + "\",\"Message\":\"" + words + "\"}");

        Delivery delivery = sent(provider);

        assertThat(delivery.state()).isEqualTo(state);
        assertThat(delivery.evidence().reply()).contains(code, words);
    }

    @ParameterizedTest
    @CsvSource({"ses, 500", "ses, 503", "aliyun, 500", "aliyun, 503"})
    void F_503_a_fault_after_the_request_was_read_is_unconfirmed_and_not_repeated_blindly(String provider, int status) {
        answer = says(status, "{}");

        assertThat(sent(provider).state()).isEqualTo(DeliveryState.UNCONFIRMED);
        assertThat(calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ses", "aliyun"})
    void F_503_no_answer_in_time_is_unconfirmed(String provider) {
        answer = exchange -> {
            try {
                closing.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };

        assertThat(sent(provider).state()).isEqualTo(DeliveryState.UNCONFIRMED);
        assertThat(calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ses", "aliyun"})
    void F_503_an_answer_that_is_cut_is_unconfirmed(String provider) {
        answer = exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"MessageId\":\"id-1\",\"EnvId\":\"id".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        };

        assertThat(sent(provider).state()).isEqualTo(DeliveryState.UNCONFIRMED);
        assertThat(calls).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ses", "aliyun"})
    void F_505_a_success_without_the_provider_s_id_proves_nothing(String provider) {
        answer = says(200, "{\"hello\":\"proxy\"}");

        assertThat(sent(provider).state()).isEqualTo(DeliveryState.UNCONFIRMED);
    }

    @Test
    void what_alibabas_api_cannot_carry_is_refused_at_the_door_by_name() {
        try (ProviderChannel channel = channel("aliyun")) {
            Message file = email().attach(Attachment.of("a.txt", "text/plain", new byte[] {1}))
                    .build()
                    .toMessage("k");
            Message header = email().header("X-Order", "1").build().toMessage("k");
            Message subject = email().subject("s".repeat(101)).build().toMessage("k");
            Message body = email().text("文".repeat(30_000)).build().toMessage("k");

            assertThat(List.of(file, header, subject, body))
                    .extracting(message -> channel.validate(message).message())
                    .satisfiesExactly(
                            reason -> assertThat(reason).contains("attachments", "SMTP"),
                            reason -> assertThat(reason).contains("X-Order"),
                            reason -> assertThat(reason).contains("100 characters"),
                            reason -> assertThat(reason).contains("81920 bytes"));
            assertThat(channel.validate(email().build().toMessage("k"))).isNull();
        }
    }

    @Test
    void regions_are_names_and_china_has_its_own_domain() {
        assertThat(new SesSend("cn-north-1", () -> KEY, null).origin())
                .isEqualTo(URI.create("https://email.cn-north-1.amazonaws.com.cn"));
        assertThatThrownBy(() -> ProviderChannel.amazonSes("evil.example/", () -> KEY, null))
                .hasMessageContaining("region");
    }
}

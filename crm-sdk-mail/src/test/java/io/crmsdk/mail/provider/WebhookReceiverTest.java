package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.Scope;
import io.crmsdk.mail.web.JdkHandler;
import io.crmsdk.store.Store;
import io.crmsdk.store.StoreException;
import java.lang.reflect.Proxy;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** Webhook calls of all providers: whose they are, what is new in them, and what stays of them. */
class WebhookReceiverTest {
    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() {
        store = Store.sqlite(folder.resolve("crm.db"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static WebhookReceiver.Builder receiver(WebhookCalls call, Store into) {
        return WebhookReceiver.builder(call.scheme(), into).tolerance(Duration.ofSeconds(300));
    }

    private WebhookVerdict receive(WebhookCalls call) {
        return receiver(call, store).build().receive(call.request(), WebhookCalls.NOW);
    }

    static List<WebhookCalls> calls() {
        return WebhookCalls.all();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_call_is_believed_or_refused_and_says_what_is_new(WebhookCalls call) {
        if (call.after() != null) {
            receive(WebhookCalls.of(call.after()));
        }
        WebhookVerdict verdict = receive(call);

        assertThat(verdict.accepted()).as(verdict.code()).isEqualTo(call.accept());
        if (call.accept()) {
            assertThat(WebhookCalls.words(verdict.events())).isEqualTo(call.events());
            assertThat(verdict.confirm() != null).isEqualTo(call.confirm());
            assertThat(verdict.status()).isEqualTo(200);
        } else {
            assertThat(verdict.events()).isEmpty();
            assertThat(verdict.status()).isBetween(400, 499);
        }
    }

    static Stream<WebhookCalls> signed() {
        return WebhookCalls.all().stream()
                .filter(call -> call.accept() && call.after() == null)
                .filter(call -> !List.of("postmark", "brevo", "mailgun")
                        .contains(call.call().get("provider")));
    }

    @ParameterizedTest
    @MethodSource("signed")
    void F_605_no_changed_byte_of_a_signed_body_is_believed(WebhookCalls call) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        WebhookReceiver receiver = receiver(call, store).build();
        for (int n = 0; n < 60; n++) {
            byte[] body = call.body();
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
            WebhookVerdict verdict = receiver.verify(call.request(call.headers(), body), WebhookCalls.NOW);

            // What Amazon does not sign can be changed; then it still says the same.
            assertThat(!verdict.accepted()
                            || WebhookCalls.words(verdict.events()).equals(call.events()))
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("signed")
    void F_605_no_changed_letter_of_a_signature_is_believed(WebhookCalls call) {
        assumeTrue(
                call.headers().keySet().stream()
                        .anyMatch(name -> name.toLowerCase().contains("signature")),
                "its signature stands in the body");
        WebhookReceiver receiver = receiver(call, store).build();
        call.headers().forEach((name, values) -> {
            if (!name.toLowerCase().contains("signature") || name.equalsIgnoreCase("X-Postal-Signature")) {
                return;
            }
            String good = values.get(0);
            for (int i = good.lastIndexOf(' ') + 1; i < good.length(); i++) {
                char other = good.charAt(i) == 'A' ? 'B' : 'A';
                Map<String, List<String>> headers = call.headers();
                headers.put(name, List.of(good.substring(0, i) + other + good.substring(i + 1)));

                assertThat(receiver.verify(call.request(headers, call.body()), WebhookCalls.NOW)
                                .accepted())
                        .as("letter " + i)
                        .isFalse();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("calls")
    void a_call_cut_anywhere_is_refused_or_read_without_an_exception(WebhookCalls call) {
        WebhookReceiver receiver = receiver(call, store).build();
        byte[] body = call.body();
        for (int length = 0; length < body.length; length += Math.max(1, body.length / 50)) {
            WebhookVerdict verdict =
                    receiver.verify(call.request(call.headers(), Arrays.copyOf(body, length)), WebhookCalls.NOW);

            assertThat(verdict.code()).isNotEmpty();
        }
    }

    @Test
    void F_605_a_key_that_may_be_used_once_protects_what_its_signature_does_not_cover() {
        receive(WebhookCalls.of("mailgun-token-first"));

        assertThat(receive(WebhookCalls.of("mailgun-token-replayed-other-body")).code())
                .isEqualTo("REPLAYED");
        assertThat(receive(WebhookCalls.of("mailgun-token-first")).events())
                .as("the same call again, as after a lost answer")
                .isEmpty();
    }

    @Test
    void a_header_sent_twice_is_no_header() {
        WebhookCalls call = WebhookCalls.of("stdwh-v1");
        Map<String, List<String>> headers = call.headers();
        headers.computeIfPresent("webhook-signature", (name, values) -> List.of("v1,AAAA", values.get(0)));

        assertThat(receiver(call, store)
                        .build()
                        .verify(call.request(headers, call.body()), WebhookCalls.NOW)
                        .code())
                .isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void a_rightly_signed_body_that_is_too_deep_is_refused() {
        WebhookCalls call = WebhookCalls.of("brevo-request");
        byte[] deep = ("[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);

        assertThat(receiver(call, store)
                        .build()
                        .verify(call.request(call.headers(), deep), WebhookCalls.NOW)
                        .code())
                .isEqualTo("LIMIT_EXCEEDED");
    }

    @Test
    void who_left_or_complained_at_the_provider_has_opted_out_here_and_nobody_is_opted_in() {
        try (ConsentLedger ledger = ConsentLedger.open(store)) {
            WebhookCalls call = WebhookCalls.of("sendgrid-all-events");
            WebhookReceiver receiver = receiver(call, store)
                    .consent(ledger, scope -> Scope.of(scope.equals("all") ? "marketing" : "marketing/group7"))
                    .build();
            receiver.receive(call.request(), WebhookCalls.NOW);
            receiver.receive(call.request(), WebhookCalls.NOW);

            assertThat(verdict(ledger, "gus@isp.example", "marketing/news"))
                    .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
            assertThat(verdict(ledger, "flo@isp.example", "marketing")).isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
            assertThat(verdict(ledger, "hal@isp.example", "marketing/group7"))
                    .as("joined again at the provider, which permits nothing here")
                    .isEqualTo(ConsentDecision.Verdict.OPTED_OUT);
            assertThat(verdict(ledger, "bo@isp.example", "marketing"))
                    .as("a bounce is not consent, in either direction")
                    .isNotEqualTo(ConsentDecision.Verdict.OPTED_OUT);
        }
    }

    private static ConsentDecision.Verdict verdict(ConsentLedger ledger, String address, String scope) {
        return ledger.decide(ContactKey.email(address), Scope.of(scope)).verdict();
    }

    @Test
    void F_606_a_listener_that_dies_loses_nothing() {
        WebhookCalls call = WebhookCalls.of("stdwh-v1");
        WebhookVerdict verdict = receiver(call, store)
                .listener(event -> {
                    throw new IllegalStateException("planted");
                })
                .build()
                .receive(call.request(), WebhookCalls.NOW);

        assertThat(verdict.status()).isEqualTo(200);
        assertThat(receive(call).events()).as("it was kept").isEmpty();
    }

    @Test
    void F_607_a_call_while_the_database_is_down_is_not_acknowledged_and_is_new_when_it_comes_again() throws Exception {
        AtomicBoolean down = new AtomicBoolean();
        try (Store flaky =
                Store.builder(source(folder.resolve("flaky.db"), down)).build()) {
            WebhookCalls call = WebhookCalls.of("stdwh-v1");
            WebhookReceiver receiver = receiver(call, flaky).build();
            down.set(true);
            assertThatThrownBy(() -> receiver.receive(call.request(), WebhookCalls.NOW))
                    .isInstanceOf(StoreException.class);
            assertThat(answer(call, receiver)).isEqualTo(503);
            down.set(false);

            assertThat(receiver.receive(call.request(), WebhookCalls.NOW).events())
                    .hasSize(1);
        }
    }

    private static DataSource source(Path file, AtomicBoolean down) {
        SQLiteDataSource real = new SQLiteDataSource();
        real.setUrl("jdbc:sqlite:" + file);
        return (DataSource) Proxy.newProxyInstance(
                WebhookReceiverTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> {
                    if (down.get()) {
                        throw new SQLException("planted: no connection", "08001");
                    }
                    return method.invoke(real, args);
                });
    }

    /** Through the JDK's own server and client; the time is that of the call. */
    private static int answer(WebhookCalls call, WebhookReceiver receiver) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/hook", new JdkHandler(new WebhookEndpoint(receiver, InstantSource.fixed(WebhookCalls.NOW))));
        server.start();
        try {
            HttpURLConnection request = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook")
                            .toURL()
                            .openConnection();
            request.setDoOutput(true);
            call.headers().forEach((name, values) -> request.setRequestProperty(name, values.get(0)));
            request.getOutputStream().write(call.body());
            return request.getResponseCode();
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdwh-v1", "sendgrid-all-events", "sns-complaint", "postal-held", "brevo-request"})
    void the_jdks_server_hands_over_the_very_bytes(String id) throws Exception {
        WebhookCalls call = WebhookCalls.of(id);

        assertThat(answer(call, receiver(call, store).build())).isEqualTo(200);
    }

    @Test
    void the_same_call_many_times_at_once_is_new_once() throws Exception {
        WebhookCalls call = WebhookCalls.of("sendgrid-all-events");
        WebhookReceiver receiver = receiver(call, store).build();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int n = 0; n < 16; n++) {
                calls.add(() -> receiver.receive(call.request(), WebhookCalls.NOW)
                        .events()
                        .size());
            }
            int events = 0;
            for (Future<Integer> one : threads.invokeAll(calls)) {
                events += one.get();
            }

            assertThat(events).isEqualTo(call.events().size());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keys_that_prove_nothing_are_refused_when_they_are_configured() {
        assertThatThrownBy(() -> WebhookScheme.postmark("", "")).hasMessageContaining("neither may be empty");
        assertThatThrownBy(() -> WebhookScheme.brevo(List.of(""))).hasMessageContaining("none of them empty");
        assertThatThrownBy(() -> WebhookScheme.mailgun(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> WebhookScheme.mandrill(URI.create("https://x.example/h"), List.of("test-webhook")))
                .hasMessageContaining("known to everybody");
        assertThatThrownBy(() -> WebhookScheme.standardWebhooks(List.of("secret")))
                .hasMessageContaining("whsec_");
        assertThat(WebhookScheme.postmark("user", "pass-word").toString()).doesNotContain("pass-word");
    }
}

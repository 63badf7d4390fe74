package io.crmsdk.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.crmsdk.http.GatewayFixture.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.crmsdk.time.TimeConvention;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pacing, repeating and the origin lock: F-501, F-502, F-503, F-505, F-508. */
class HttpGatewayTest {
    private static final HttpCall POST = HttpCall.post("/orders").json("{}".getBytes(UTF_8));
    private static final HttpCall PUT = HttpCall.put("/orders/1").json("{}".getBytes(UTF_8));

    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final GatewayFixture fixture = new GatewayFixture();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpGateway.Builder builder() {
        return fixture.to(URI.create("http://127.0.0.1:" + server.port()));
    }

    private void inTurn(ResponseDefinitionBuilder... answers) {
        for (int i = 0; i < answers.length; i++) {
            server.stubFor(any(anyUrl())
                    .inScenario("turns")
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "turn" + i)
                    .willSetStateTo(i + 1 == answers.length ? "turn" + i : "turn" + (i + 1))
                    .willReturn(answers[i]));
        }
    }

    private int requests() {
        return server.getAllServeEvents().size();
    }

    private static ResponseDefinitionBuilder turnedAway(String... retryAfter) {
        ResponseDefinitionBuilder answer = aResponse().withStatus(429);
        return retryAfter.length == 0 ? answer : answer.withHeader("Retry-After", retryAfter);
    }

    @Test
    void a_wait_told_in_seconds_is_kept_and_is_no_failed_attempt_F501() {
        inTurn(turnedAway("17"), okJson("{\"id\":1}"));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("ACCEPTED 200");
            assertThat(fixture.waits).containsExactly(Duration.ofSeconds(17));
            assertThat(gateway.stats().retries()).isZero();
        }
    }

    @Test
    void a_wait_told_as_a_date_is_measured_against_the_answers_own_date_F501() {
        inTurn(
                turnedAway("Mon, 01 Jan 2029 00:01:30 GMT").withHeader("Date", "Mon, 01 Jan 2029 00:01:00 GMT"),
                okJson("{\"id\":1}"));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("ACCEPTED 200");
            assertThat(fixture.waits).containsExactly(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5",
                "1000000000000",
                "soon",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "1e3",
                "99999999999999999999999",
                ""
            })
    void an_absurd_wait_is_replaced_by_our_own_backoff_F501(String retryAfter) {
        inTurn(turnedAway(retryAfter), okJson("{\"id\":1}"));
        assertOwnBackoff();
    }

    @Test
    void two_waits_at_once_are_no_wait_F501() {
        inTurn(turnedAway("5", "50"), okJson("{\"id\":1}"));
        assertOwnBackoff();
    }

    @Test
    void no_wait_told_means_our_own_backoff_F501() {
        inTurn(turnedAway(), okJson("{\"id\":1}"));
        assertOwnBackoff();
    }

    private void assertOwnBackoff() {
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("ACCEPTED 200");
            assertThat(fixture.waits).hasSize(1);
            assertThat(fixture.waits.get(0)).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30));
        }
    }

    @Test
    void a_wait_longer_than_the_call_may_take_ends_it_and_says_when_to_come_back_F501() {
        inTurn(turnedAway("3600"));
        try (HttpGateway gateway = builder().build()) {
            HttpOutcome.NotTaken outcome = (HttpOutcome.NotTaken) gateway.send(POST);

            assertThat(outcome.code()).isEqualTo("HTTP_BUSY");
            assertThat(outcome.retryAt().orElseThrow()).isAfter(Instant.parse("2026-03-01T10:59:59Z"));
            assertThat(fixture.waits).isEmpty();
        }
    }

    @Test
    void nobody_else_calls_while_the_destination_wants_to_be_left_alone_F501() {
        inTurn(turnedAway("3600"), okJson("{}"));
        try (HttpGateway gateway = builder().build()) {
            gateway.send(POST);
            assertThat(code(gateway.send(HttpCall.get("/other")))).isEqualTo("NOT_TAKEN HTTP_BUSY");
            assertThat(requests()).isEqualTo(1);
            assertThat(gateway.stats().pause()).isGreaterThan(Duration.ofMinutes(59));

            fixture.clock.advance(Duration.ofHours(1));
            assertThat(code(gateway.send(HttpCall.get("/other")))).isEqualTo("ACCEPTED 200");
        }
    }

    @Test
    void two_workers_share_one_wait_F501() throws Exception {
        inTurn(turnedAway("60"), okJson("{}"));
        ExecutorService workers = Executors.newFixedThreadPool(2);
        List<String> waited = new ArrayList<>();
        try (HttpGateway gateway = HttpGateway.builder(URI.create("http://127.0.0.1:" + server.port()))
                .privateNetworkAllowed()
                .plainHttpAllowed()
                .clock(fixture.clock)
                .pause(nanos -> {
                    synchronized (waited) {
                        waited.add(Thread.currentThread().getName());
                        if (gatewayWaits(waited) == 2) {
                            fixture.clock.advance(Duration.ofSeconds(60));
                            waited.notifyAll();
                        }
                        while (gatewayWaits(waited) < 2) {
                            waited.wait(5_000);
                        }
                    }
                })
                .build()) {
            Future<HttpOutcome> first = workers.submit(() -> gateway.send(POST));
            org.awaitility.Awaitility.await().until(() -> requests() == 1 && !waited.isEmpty());
            Future<HttpOutcome> second = workers.submit(() -> gateway.send(POST));

            assertThat(code(first.get())).isEqualTo("ACCEPTED 200");
            assertThat(code(second.get())).isEqualTo("ACCEPTED 200");
            assertThat(requests()).isEqualTo(3);
        } finally {
            workers.shutdownNow();
        }
    }

    private static long gatewayWaits(List<String> waited) {
        return waited.stream().distinct().count();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void a_failing_service_is_asked_again_where_that_does_no_harm_F502(int status) {
        inTurn(aResponse().withStatus(status), okJson("{}"));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(PUT))).isEqualTo("ACCEPTED 200");
            assertThat(gateway.stats().retries()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 408})
    void a_failing_service_may_have_taken_what_cannot_be_repeated_F503(int status) {
        inTurn(aResponse().withStatus(status), okJson("{}"));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("UNKNOWN HTTP_FAULT");
            assertThat(requests()).isEqualTo(1);
        }
    }

    @Test
    void when_most_calls_fail_retries_stop_first_and_first_attempts_go_on_F502() {
        Random random = new Random(42);
        server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503)));
        server.stubFor(get(urlEqualTo("/good")).willReturn(okJson("{}")));
        int calls = 300;
        try (HttpGateway gateway = builder().build()) {
            for (int i = 0; i < calls; i++) {
                gateway.send(random.nextInt(10) < 6 ? HttpCall.get("/bad") : HttpCall.get("/good"));
            }

            assertThat(gateway.stats().attempts()).isBetween((long) calls, (long) (calls * 1.2));
            assertThat(requests()).isEqualTo((int) gateway.stats().attempts());
            assertThat(gateway.stats().retriesDenied()).isPositive();
        }
    }

    @Test
    void a_dead_destination_is_left_alone_and_tried_again_later() {
        server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(500)));
        try (HttpGateway gateway = builder().build()) {
            for (int i = 0; i < 30; i++) {
                gateway.send(POST);
            }
            assertThat(requests()).isEqualTo(20);
            assertThat(code(gateway.send(POST))).isEqualTo("NOT_TAKEN HTTP_OPEN");
            assertThat(gateway.stats().open()).isTrue();

            server.stubFor(any(anyUrl()).willReturn(okJson("{}")));
            fixture.clock.advance(Duration.ofSeconds(31));
            for (int i = 0; i < 3; i++) {
                assertThat(code(gateway.send(POST))).isEqualTo("ACCEPTED 200");
            }
            assertThat(gateway.stats().open()).isFalse();
        }
    }

    @Test
    void a_refusal_after_a_doubtful_attempt_is_no_proof_that_nothing_was_done() {
        inTurn(aResponse().withStatus(500), aResponse().withStatus(412));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(PUT.header("If-Match", "\"1\"")))).isEqualTo("UNKNOWN HTTP_REFUSED_IN_DOUBT");
        }
    }

    @ParameterizedTest
    @CsvSource({"400", "403", "404", "409", "412", "422", "301", "501"})
    void a_declined_request_is_not_repeated(int status) {
        inTurn(aResponse().withStatus(status));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(PUT))).isEqualTo("REFUSED " + status);
            assertThat(requests()).isEqualTo(1);
        }
    }

    @Test
    void an_error_inside_a_200_is_what_the_services_judge_says_F505() {
        inTurn(okJson("{\"errcode\":45009}"), okJson("{\"errcode\":40003}"));
        AnswerJudge judge = answer -> {
            String body = answer.text();
            if (body.contains("45009")) {
                return Verdict.busyFor(Duration.ofSeconds(7));
            }
            return body.contains("\"errcode\":0")
                    ? Verdict.of(Verdict.Kind.ACCEPTED)
                    : Verdict.of(Verdict.Kind.REFUSED);
        };
        try (HttpGateway gateway = builder().judge(judge).build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("REFUSED 200");
            assertThat(fixture.waits).containsExactly(Duration.ofSeconds(7));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirects_are_not_followed_and_credentials_stay_at_home_F508(int status) {
        WireMockServer other = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        other.start();
        String elsewhere = "http://127.0.0.1:" + other.port() + "/stolen";
        server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("Location", elsewhere)));
        try (HttpGateway gateway =
                builder().authorization(Authorization.bearer(() -> "secret")).build()) {
            assertThat(code(gateway.send(HttpCall.get("/a")))).isEqualTo("REFUSED " + status);
            assertThatThrownBy(() -> gateway.send(HttpCall.get(elsewhere)))
                    .isInstanceOfSatisfying(
                            HttpException.class, e -> assertThat(e.code()).isEqualTo("HTTP_OTHER_ORIGIN"));
            assertThat(other.getAllServeEvents()).isEmpty();
        } finally {
            other.stop();
        }
    }

    @Test
    void a_link_of_the_service_to_itself_is_followed_when_its_caller_asks() {
        inTurn(okJson("[]"));
        try (HttpGateway gateway = builder().build()) {
            String next = "http://127.0.0.1:" + server.port() + "/customers?after=3%2F4";
            assertThat(code(gateway.send(HttpCall.get(next)))).isEqualTo("ACCEPTED 200");
            assertThat(server.getAllServeEvents().get(0).getRequest().getUrl()).isEqualTo("/customers?after=3%2F4");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example/x", "http://127.0.0.1.evil.example/x", "https://127.0.0.1/x", "file:///etc/passwd",
                "http://user:pass@127.0.0.1/x", "/../admin", "/a/%2e%2e/b", "x"
            })
    void nothing_a_caller_or_a_service_writes_leads_away_from_the_origin_F508(String path) {
        try (HttpGateway gateway = builder().build()) {
            assertThatThrownBy(() -> gateway.send(HttpCall.get(path))).isInstanceOf(HttpException.class);
            assertThat(requests()).isZero();
        }
    }

    @Test
    void a_private_address_is_refused_unless_it_was_allowed_F508() {
        inTurn(okJson("{}"));
        URI origin = URI.create("http://localhost:" + server.port());
        try (HttpGateway gateway =
                HttpGateway.builder(origin).plainHttpAllowed().build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("NOT_TAKEN HTTP_PRIVATE_ADDRESS");
        }
        try (HttpGateway gateway = HttpGateway.builder(URI.create("http://127.0.0.1:" + server.port()))
                .plainHttpAllowed()
                .build()) {
            assertThat(code(gateway.send(POST))).isEqualTo("NOT_TAKEN HTTP_PRIVATE_ADDRESS");
        }
        assertThat(requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true", "10.1.2.3,true", "172.16.0.1,true", "172.32.0.1,false", "192.168.1.1,true",
                "169.254.169.254,true",
        "100.64.0.1,true", "100.128.0.1,false", "0.0.0.0,true", "224.0.0.1,true", "255.255.255.255,true",
                "8.8.8.8,false",
        "::1,true", "fe80::1,true", "fc00::1,true", "fd12::1,true", "::ffff:127.0.0.1,true", "64:ff9b::7f00:1,true",
        "2002:7f00:1::,true", "2001:4860:4860::8888,false", "::,true", "::7f00:1,true"
    })
    void private_addresses_are_known_in_all_their_disguises_F508(String address, boolean isPrivate) throws Exception {
        assertThat(AddressGuard.isPrivate(InetAddress.getByName(address))).isEqualTo(isPrivate);
    }

    @Test
    void an_unencrypted_origin_is_refused_unless_it_was_allowed() {
        assertThatThrownBy(() -> HttpGateway.builder(URI.create("http://erp.example.com"))
                        .build())
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.code()).isEqualTo("HTTP_NOT_ENCRYPTED"));
    }

    @ParameterizedTest
    @CsvSource({"X-A,'a\r\nX-B: b'", "'X-A: b',a", "Authorization,Bearer x", "Host,evil", "Content-Length,5"})
    void a_header_cannot_carry_another_header_or_the_gateways_own(String name, String value) {
        assertThatThrownBy(() -> HttpCall.get("/").header(name, value))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.code()).isEqualTo("HTTP_CALL_INVALID"));
    }

    @Test
    void an_id_with_slashes_and_spaces_stays_one_segment() {
        inTurn(okJson("{}"));
        try (HttpGateway gateway = builder().build()) {
            gateway.send(HttpCall.get("/customers").segment("a/b ü?").query("q", "x&y=z"));
            assertThat(server.getAllServeEvents().get(0).getRequest().getUrl())
                    .isEqualTo("/customers/a%2Fb%20%C3%BC%3F?q=x%26y%3Dz");
        }
    }

    @Test
    void every_answer_tells_how_far_the_services_clock_is_off() {
        Instant theirs = fixture.clock.wall().plus(Duration.ofMinutes(10));
        String date = TimeConvention.of("http").format(theirs);
        server.stubFor(any(anyUrl()).willReturn(okJson("{}").withHeader("Date", date)));
        try (HttpGateway gateway = builder().build()) {
            assertThat(gateway.skew()).isEmpty();
            gateway.send(POST);

            assertThat(gateway.skew().orElseThrow().atLeast()).isEqualTo(Duration.ofMinutes(10));
            assertThat(gateway.skew().orElseThrow().atMost()).isEqualTo(Duration.ofSeconds(601));
        }
    }

    @Test
    void a_listener_hears_of_every_attempt_and_may_fail_without_harm() {
        inTurn(aResponse().withStatus(503), okJson("{}"));
        List<HttpListener.Attempt> heard = new ArrayList<>();
        HttpListener listener = new HttpListener() {
            @Override
            public void attempted(Attempt attempt) {
                heard.add(attempt);
                throw new IllegalStateException("a listener's own trouble");
            }
        };
        try (HttpGateway gateway = builder().listener(listener).build()) {
            gateway.send(PUT.query("email", "li@example.com"));

            assertThat(heard).extracting(HttpListener.Attempt::number).containsExactly(1, 2);
            assertThat(heard.toString()).doesNotContain("li@example.com");
        }
    }

    @Test
    void text_forms_hold_no_personal_value_and_no_secret() {
        inTurn(okJson("{\"name\":\"Li Lei\"}").withHeader("Set-Cookie", "session=s3cret"));
        Authorization basic = Authorization.basic("user", () -> "p4ss");
        try (HttpGateway gateway = builder().authorization(basic).build()) {
            HttpOutcome outcome = gateway.send(HttpCall.get("/x").query("name", "Li Lei"));
            String shown = outcome + " " + gateway + " " + basic + " " + HttpCall.get("/x?name=Lei");

            assertThat(shown).doesNotContain("Lei", "s3cret", "p4ss");
        }
    }

    @Test
    void a_masked_body_shows_its_shape_and_no_value() {
        String shown = new JsonBody(HttpLimits.defaults())
                .masked("{\"name\":\"Li Lei\",\"age\":33,\"vip\":true,\"tags\":[\"gold\"]}".getBytes(UTF_8));

        assertThat(shown).contains("name", "age", "tags").doesNotContain("Lei", "33", "gold");
    }

    @Test
    void a_rate_spreads_calls_over_time() {
        server.stubFor(any(anyUrl()).willReturn(okJson("{}")));
        try (HttpGateway gateway = builder().rate(1, Duration.ofMinutes(1)).build()) {
            gateway.send(POST);
            gateway.send(POST);

            assertThat(fixture.waits).hasSize(1);
            assertThat(fixture.waits.get(0)).isGreaterThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_put_is_repeated_when_the_wire_breaks_but_a_post_is_not() {
        server.stubFor(put(anyUrl())
                .willReturn(
                        aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER)));
        server.stubFor(post(anyUrl())
                .willReturn(
                        aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER)));
        try (HttpGateway gateway = builder().build()) {
            assertThat(code(gateway.send(PUT))).isEqualTo("UNKNOWN HTTP_CUT");
            assertThat(requests()).isEqualTo(4);

            assertThat(code(gateway.send(POST))).isEqualTo("UNKNOWN HTTP_CUT");
            assertThat(requests()).isEqualTo(5);
        }
    }
}

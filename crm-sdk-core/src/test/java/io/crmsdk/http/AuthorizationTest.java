package io.crmsdk.http;

import static io.crmsdk.http.GatewayFixture.code;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmsdk.time.TimeConvention;
import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens: fetched once, renewed early, renewed once after a refusal, left alone after failures (F-507). */
class AuthorizationTest {
    private static final HttpCall CALL = HttpCall.get("/api");

    private record Reply(int status, String body) {}

    private final GatewayFixture fixture = new GatewayFixture();
    private final List<String> tokenRequests = new CopyOnWriteArrayList<>();
    private final List<String> presented = new CopyOnWriteArrayList<>();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile Function<String, Reply> endpoint = request -> token(3600);
    private volatile Function<String, Integer> api = header -> 200;
    private volatile Duration serverAhead = Duration.ZERO;
    private RawServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RawServer(this::answer);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String answer(String request) {
        String[] parts = request.split("\r\n\r\n", 2);
        Matcher match = Pattern.compile("\r\nAuthorization: ([^\r]*)").matcher(parts[0]);
        String authorization = match.find() ? match.group(1) : "null";
        if (request.startsWith("POST /token ")) {
            tokenRequests.add(parts[1] + " " + authorization);
            return written(endpoint.apply(parts[1]));
        }
        presented.add(authorization);
        return written(new Reply(api.apply(authorization), "{}"));
    }

    private String written(Reply reply) {
        String date = TimeConvention.of("http").format(fixture.clock.wall().plus(serverAhead));
        return "HTTP/1.1 " + reply.status() + " As Said\r\nContent-Type: application/json\r\nDate: " + date
                + "\r\nContent-Length: " + reply.body().length() + "\r\n\r\n" + reply.body();
    }

    private Reply token(long expiresIn) {
        String name = "t" + issued.incrementAndGet();
        return new Reply(
                200, "{\"access_token\":\"" + name + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn + "}");
    }

    private URI origin() {
        return server.origin();
    }

    private URI tokenEndpoint() {
        return origin().resolve("/token");
    }

    private Authorization clientCredentials() {
        return Authorization.clientCredentials(tokenEndpoint(), "client", () -> "s3cret");
    }

    private HttpGateway gateway(Authorization authorization) {
        return fixture.to(origin()).authorization(authorization).build();
    }

    @Test
    void a_token_is_fetched_once_and_used_for_all_calls() {
        try (HttpGateway gateway = gateway(clientCredentials().parameter("scope", "crm"))) {
            for (int i = 0; i < 5; i++) {
                gateway.send(CALL).orThrow();
            }
        }
        assertThat(tokenRequests).hasSize(1);
        assertThat(tokenRequests.get(0))
                .startsWith("grant_type=client_credentials&scope=crm")
                .endsWith("Basic " + Base64.getEncoder().encodeToString("client:s3cret".getBytes(UTF_8)));
        assertThat(presented).containsOnly("Bearer t1").hasSize(5);
    }

    @Test
    void client_and_secret_go_into_the_body_where_the_service_wants_it() {
        try (HttpGateway gateway = gateway(clientCredentials().secretInBody())) {
            gateway.send(CALL).orThrow();
        }
        assertThat(tokenRequests.get(0))
                .contains("client_id=client", "client_secret=s3cret")
                .endsWith("null");
    }

    @Test
    void a_token_is_renewed_a_minute_before_it_expires() {
        try (HttpGateway gateway = gateway(clientCredentials())) {
            gateway.send(CALL).orThrow();
            fixture.clock.advance(Duration.ofSeconds(3539));
            gateway.send(CALL).orThrow();
            fixture.clock.advance(Duration.ofSeconds(2));
            gateway.send(CALL).orThrow();
        }
        assertThat(presented).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
    }

    @Test
    void a_host_clock_that_is_set_back_or_ahead_does_not_change_a_tokens_age() {
        try (HttpGateway gateway = gateway(clientCredentials())) {
            gateway.send(CALL).orThrow();
            fixture.clock.step(Duration.ofHours(-5));
            gateway.send(CALL).orThrow();
            fixture.clock.step(Duration.ofHours(12));
            gateway.send(CALL).orThrow();
        }
        assertThat(presented).containsOnly("Bearer t1");
    }

    @Test
    void a_refused_token_is_renewed_once_and_only_the_refused_call_is_repeated_F507() {
        AtomicInteger count = new AtomicInteger();
        api = header -> count.incrementAndGet() >= 500 && header.equals("Bearer t1") ? 401 : 200;
        try (HttpGateway gateway = gateway(clientCredentials())) {
            gateway.send(CALL).orThrow();
            fixture.clock.advance(Duration.ofMinutes(1));
            for (int i = 1; i < 1000; i++) {
                gateway.send(CALL).orThrow();
            }
        }
        assertThat(presented).hasSize(1001);
        assertThat(tokenRequests).hasSize(2);
    }

    @Test
    void sixteen_threads_with_a_refused_token_renew_it_once_F507() throws Exception {
        try (HttpGateway gateway = fixture.to(origin())
                .authorization(clientCredentials())
                .limits(HttpLimits.defaults().withConnections(16))
                .build()) {
            gateway.send(CALL).orThrow();
            fixture.clock.advance(Duration.ofMinutes(1));
            api = header -> header.equals("Bearer t1") ? 401 : 200;
            ExecutorService callers = Executors.newFixedThreadPool(16);
            List<Callable<HttpOutcome>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                calls.add(() -> gateway.send(CALL));
            }
            for (Future<HttpOutcome> outcome : callers.invokeAll(calls)) {
                assertThat(code(outcome.get())).isEqualTo("ACCEPTED 200");
            }
            callers.shutdownNow();
        }
        assertThat(tokenRequests).hasSize(2);
    }

    @Test
    void a_service_that_refuses_fresh_tokens_is_not_hammered_F507() {
        api = header -> 401;
        try (HttpGateway gateway = gateway(clientCredentials())) {
            for (int i = 0; i < 100; i++) {
                HttpOutcome outcome = gateway.send(CALL);
                assertThat(code(outcome)).isIn("NOT_TAKEN HTTP_UNAUTHORIZED", "NOT_TAKEN HTTP_TOKEN_PAUSED");
            }
        }
        assertThat(tokenRequests).hasSizeLessThan(5);
    }

    @Test
    void a_failing_token_endpoint_leaves_the_calls_surely_unsent_and_is_left_alone_F507() {
        endpoint = request -> new Reply(500, "{}");
        try (HttpGateway gateway = gateway(clientCredentials())) {
            assertThat(code(gateway.send(CALL))).isEqualTo("NOT_TAKEN HTTP_TOKEN_REFUSED");
            for (int i = 0; i < 50; i++) {
                assertThat(code(gateway.send(CALL))).isEqualTo("NOT_TAKEN HTTP_TOKEN_PAUSED");
            }
            assertThat(tokenRequests).hasSize(1);
            assertThat(presented).isEmpty();

            endpoint = request -> token(3600);
            fixture.clock.advance(Duration.ofSeconds(2));
            assertThat(code(gateway.send(CALL))).isEqualTo("ACCEPTED 200");
        }
    }

    @Test
    void a_token_that_is_already_expired_is_refused_F507() {
        endpoint = request -> token(0);
        try (HttpGateway gateway = gateway(clientCredentials())) {
            assertThat(code(gateway.send(CALL))).isEqualTo("NOT_TAKEN HTTP_TOKEN_EXPIRED");
            assertThat(presented).isEmpty();
        }
    }

    @Test
    void a_good_token_is_used_on_while_its_early_renewal_fails_F507() {
        try (HttpGateway gateway = gateway(clientCredentials())) {
            gateway.send(CALL).orThrow();
            endpoint = request -> new Reply(503, "");
            fixture.clock.advance(Duration.ofSeconds(3570));

            assertThat(code(gateway.send(CALL))).isEqualTo("ACCEPTED 200");
            assertThat(presented).containsExactly("Bearer t1", "Bearer t1");
        }
    }

    @Test
    void a_replaced_refresh_token_is_kept_before_the_access_token_is_used() {
        List<String> kept = new ArrayList<>(List.of("r0"));
        RefreshTokens tokens = new RefreshTokens() {
            @Override
            public String current() {
                return kept.get(kept.size() - 1);
            }

            @Override
            public void replaced(String token) {
                assertThat(presented).hasSize(kept.size() - 1);
                kept.add(token);
            }
        };
        endpoint = request -> new Reply(
                200,
                "{\"access_token\":\"a" + issued.incrementAndGet() + "\",\"expires_in\":\"600\",\"refresh_token\":\"r"
                        + issued.get() + "\"}");
        try (HttpGateway gateway = gateway(Authorization.refreshToken(tokenEndpoint(), "client", null, tokens))) {
            gateway.send(CALL).orThrow();
            fixture.clock.advance(Duration.ofMinutes(10));
            gateway.send(CALL).orThrow();
        }
        assertThat(kept).containsExactly("r0", "r1", "r2");
        assertThat(tokenRequests.get(0)).contains("refresh_token=r0", "client_id=client");
        assertThat(tokenRequests.get(1)).contains("refresh_token=r1");
        assertThat(presented).containsExactly("Bearer a1", "Bearer a2");
    }

    @Test
    void an_assertion_is_signed_and_follows_a_servers_clock_only_while_that_is_off() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        endpoint = request -> isCurrent(request) ? token(60) : new Reply(400, "{\"error\":\"invalid_grant\"}");
        serverAhead = Duration.ofMinutes(20);
        Authorization jwt = Authorization.jwtBearer(tokenEndpoint(), "me", "me", "them", keys::getPrivate, "k1");
        try (HttpGateway gateway = gateway(jwt)) {
            assertThat(code(gateway.send(CALL))).isEqualTo("ACCEPTED 200");
            assertThat(tokenRequests).hasSize(2);

            serverAhead = Duration.ZERO;
            fixture.clock.advance(Duration.ofMinutes(15));
            assertThat(code(gateway.send(CALL))).isEqualTo("ACCEPTED 200");
            fixture.clock.advance(Duration.ofMinutes(1));
            assertThat(code(gateway.send(CALL))).isEqualTo("ACCEPTED 200");
            assertThat(tokenRequests).hasSize(5);
        }
        assertThat(verifies(tokenRequests.get(0), keys)).isTrue();
    }

    private boolean isCurrent(String request) {
        String claims =
                new String(Base64.getUrlDecoder().decode(assertion(request).split("\\.")[1]), UTF_8);
        long iat = Long.parseLong(claims.replaceAll(".*\"iat\":(\\d+).*", "$1"));
        long now = fixture.clock.wall().plus(serverAhead).getEpochSecond();
        return Math.abs(iat - now) < 300;
    }

    private static String assertion(String request) {
        return request.replaceAll(".*assertion=([^& ]+).*", "$1");
    }

    private static boolean verifies(String request, KeyPair keys) throws Exception {
        String[] parts = assertion(request).split("\\.");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    @Test
    void an_elliptic_key_signs_in_the_form_that_json_web_signatures_have() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        Authorization jwt = Authorization.jwtBearer(tokenEndpoint(), "me", "me", "them", keys::getPrivate, null);
        try (HttpGateway gateway = gateway(jwt)) {
            gateway.send(CALL).orThrow();
        }
        String signature = assertion(tokenRequests.get(0)).split("\\.")[2];
        assertThat(Base64.getUrlDecoder().decode(signature)).hasSize(64);
    }

    @Test
    void an_error_of_the_token_endpoint_shows_no_secret_and_no_token() {
        endpoint = request ->
                new Reply(400, "{\"error\":\"invalid_client\",\"error_description\":\"for li@example.com\"}");
        try (HttpGateway gateway = gateway(clientCredentials())) {
            HttpOutcome.NotTaken outcome = (HttpOutcome.NotTaken) gateway.send(CALL);

            assertThat(outcome.reason()).contains("invalid_client").doesNotContain("s3cret", "li@example.com");
        }
    }
}

package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.store.Store;
import io.crmsdk.time.TestClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of Amazon's, fetched from a server that stands in for its hosts. */
class AmazonCertificatesTest {
    private static final WebhookCalls CALL = WebhookCalls.of("sns-complaint");

    @TempDir
    Path folder;

    private final TestClock clock = TestClock.at(Instant.parse("2027-01-01T00:00:00Z"));
    private final List<String> fetched = new CopyOnWriteArrayList<>();
    private final List<URI> origins = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile byte[] body = new byte[0];

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            fetched.add(exchange.getRequestURI().getPath());
            exchange.getResponseHeaders().add("Location", "/other.pem");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        body = pem().getBytes(StandardCharsets.US_ASCII);
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> certificates() {
        return (Map<String, String>) ((Map<String, Object>) CALL.call().get("key")).get("certificates");
    }

    private static String pem() {
        return certificates().values().iterator().next();
    }

    private static URI address() {
        return URI.create(certificates().keySet().iterator().next());
    }

    private AmazonCertificates fetching() {
        return new AmazonCertificates(clock, origin -> {
            origins.add(origin);
            return HttpGateway.builder(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                    .plainHttpAllowed()
                    .privateNetworkAllowed();
        });
    }

    @Test
    void a_call_of_amazons_is_proven_by_the_certificate_that_its_host_gives() {
        String topic = (String) ((Map<?, ?>) CALL.call().get("key")).get("topic_arn");
        try (Store store = Store.sqlite(folder.resolve("crm.db"))) {
            WebhookReceiver receiver = WebhookReceiver.builder(
                            WebhookScheme.amazonSns(Set.of(topic), fetching()), store)
                    .build();

            assertThat(receiver.receive(CALL.request(), WebhookCalls.NOW).code())
                    .isEqualTo("OK");
            assertThat(receiver.receive(CALL.request(), WebhookCalls.NOW).code())
                    .isEqualTo("OK");
        }
        assertThat(fetched).as("once for both").containsExactly(address().getPath());
        assertThat(origins).containsExactly(URI.create("https://" + address().getHost()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://sns.eu-west-1.amazonaws.com/a.pem",
                "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
                "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem",
                "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem",
                "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
                "https://s3.eu-west-1.amazonaws.com/a.pem",
                "https://x.sns.eu-west-1.amazonaws.com/a.pem",
                "https://127.0.0.1/a.pem",
                "file:///etc/a.pem"
            })
    void F_605_nothing_is_fetched_from_anywhere_else(String elsewhere) {
        assertThat(fetching().certificate(URI.create(elsewhere))).isNull();
        assertThat(origins).isEmpty();
    }

    @Test
    void a_redirect_is_not_followed() {
        status = 302;

        assertThat(fetching().certificate(address())).isNull();
        assertThat(fetched).containsExactly(address().getPath());
    }

    @Test
    void what_is_no_certificate_or_too_large_or_missing_is_none_and_not_asked_for_again_at_once() {
        AmazonCertificates certificates = fetching();
        body = "hello".getBytes(StandardCharsets.US_ASCII);
        assertThat(certificates.certificate(address())).isNull();
        body = pem().getBytes(StandardCharsets.US_ASCII);
        assertThat(certificates.certificate(address())).as("within the minute").isNull();
        assertThat(fetched).hasSize(1);

        clock.advance(Duration.ofSeconds(61));
        assertThat(certificates.certificate(address())).isNotNull();

        status = 404;
        assertThat(fetching().certificate(address())).isNull();
        status = 200;
        body = (pem() + "\n".repeat(70_000)).getBytes(StandardCharsets.US_ASCII);
        assertThat(fetching().certificate(address())).isNull();
    }

    @Test
    void a_certificate_that_ran_out_is_none() {
        AmazonCertificates certificates = fetching();
        assertThat(certificates.certificate(address())).isNotNull();

        clock.advance(Duration.ofDays(366 * 11));

        assertThat(certificates.certificate(address())).isNull();
    }
}

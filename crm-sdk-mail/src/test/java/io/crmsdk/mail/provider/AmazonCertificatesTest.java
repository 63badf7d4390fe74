package io.crmsdk.mail.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.store.Store;
import io.crmsdk.time.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
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
    private volatile byte[] issuer = new byte[0];

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            fetched.add(path);
            byte[] bytes = path.endsWith(".cer") ? issuer : body;
            exchange.getResponseHeaders().add("Location", "/other.pem");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
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
        return fetching(() -> Set.of(new TrustAnchor(read(pem()), null)));
    }

    private AmazonCertificates fetching(Supplier<Set<TrustAnchor>> anchors) {
        return new AmazonCertificates(
                clock,
                origin -> {
                    origins.add(origin);
                    return HttpGateway.builder(URI.create(
                                    "http://127.0.0.1:" + server.getAddress().getPort()))
                            .plainHttpAllowed()
                            .privateNetworkAllowed();
                },
                anchors);
    }

    private static X509Certificate read(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A root, what it signed, and what that signed for SNS; the last names where its issuer's certificate lies. */
    private Map<String, String> chain() throws Exception {
        keytool("-genkeypair", "-alias", "root", "-dname", "CN=Root", "-ext", "bc:c");
        keytool("-genkeypair", "-alias", "issuer", "-dname", "CN=Issuer", "-ext", "bc:c", "-signer", "root");
        keytool(
                "-genkeypair",
                "-alias",
                "leaf",
                "-dname",
                "CN=sns.amazonaws.com",
                "-signer",
                "issuer",
                "-ext",
                "aia=caIssuers:uri:http://crt.r2m01.amazontrust.com/r2m01.cer");
        Map<String, String> pems = new HashMap<>();
        for (String alias : List.of("root", "issuer", "leaf")) {
            String shown = keytool("-exportcert", "-rfc", "-alias", alias);
            pems.put(alias, shown.substring(shown.indexOf("-----BEGIN")));
        }
        return pems;
    }

    private String keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", folder.resolve("keys.p12").toString(), "-storepass", "changeit"));
        if (arguments[0].equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-startdate", "2026/12/31 00:00:00", "-validity", "30"));
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor()).as(shown).isZero();
        return shown;
    }

    @Test
    void F_605_a_certificate_counts_only_if_it_leads_to_a_trusted_authority() throws Exception {
        Map<String, String> chain = chain();
        Supplier<Set<TrustAnchor>> root = () -> Set.of(new TrustAnchor(read(chain.get("root")), null));

        body = (chain.get("leaf") + chain.get("issuer")).getBytes(StandardCharsets.US_ASCII);
        assertThat(fetching(root).certificate(address())).as("whole").isEqualTo(read(chain.get("leaf")));
        assertThat(fetched).hasSize(1);
        assertThat(fetching(AmazonCertificates::trusted).certificate(address()))
                .as("of an authority of somebody's own")
                .isNull();

        body = chain.get("leaf").getBytes(StandardCharsets.US_ASCII);
        issuer = chain.get("issuer").getBytes(StandardCharsets.US_ASCII);
        origins.clear();
        assertThat(fetching(root).certificate(address())).as("issuer fetched").isEqualTo(read(chain.get("leaf")));
        assertThat(origins).contains(URI.create("http://crt.r2m01.amazontrust.com"));
        issuer = pem().getBytes(StandardCharsets.US_ASCII);
        assertThat(fetching(root).certificate(address())).as("another issuer").isNull();

        issuer = chain.get("issuer").getBytes(StandardCharsets.US_ASCII);
        clock.advance(Duration.ofDays(40));
        assertThat(fetching(root).certificate(address())).as("after its end").isNull();
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

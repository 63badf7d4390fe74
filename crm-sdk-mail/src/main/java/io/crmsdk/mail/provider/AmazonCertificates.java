package io.crmsdk.mail.provider;

import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpException;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.time.UtcClock;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches from Amazon's own SNS hosts, checks that what it got leads to a trusted authority, and remembers. One fetch at a time; what could not be fetched is not asked for again within a
 * minute, so that a flood of forged calls does not become a flood of ours.
 */
final class AmazonCertificates implements SnsCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(AmazonCertificates.class);
    private static final int MOST = 64;
    private static final int LARGEST = 64 << 10;
    private static final Duration REMEMBERED_FAILURE = Duration.ofMinutes(1);
    private static final HttpLimits LIMITS = HttpLimits.defaults()
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(8))
            .withCall(Duration.ofSeconds(10), 2)
            .withSizes(LARGEST, 10)
            .withConnections(1);

    /** Where Amazon's authority keeps the certificates of its issuers. */
    private static final Pattern ISSUER =
            Pattern.compile("http://((?:[a-z0-9-]+\\.)+amazontrust\\.com)(/[A-Za-z0-9._/-]+\\.(?:cer|crt|p7c))");

    private final UtcClock clock;
    private final Function<URI, HttpGateway.Builder> gateways;
    private final Supplier<Set<TrustAnchor>> anchors;
    private final Object fetching = new Object();
    private final Map<URI, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Known> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param gateways to an origin; tests lead elsewhere
     * @param anchors the authorities that a certificate must lead to
     */
    AmazonCertificates(
            UtcClock clock, Function<URI, HttpGateway.Builder> gateways, Supplier<Set<TrustAnchor>> anchors) {
        this.clock = clock;
        this.gateways = gateways;
        this.anchors = anchors;
    }

    private record Known(@Nullable X509Certificate certificate, Instant at) {}

    @Override
    public @Nullable X509Certificate certificate(URI address) {
        if (!SnsScheme.isAmazons(address)) {
            return null;
        }
        Known found = remembered(address);
        if (found == null) {
            // What is remembered is given while somebody else waits here for Amazon.
            synchronized (fetching) {
                found = remembered(address);
                if (found == null) {
                    found = new Known(fetch(address), clock.instant());
                    remember(address, found);
                }
            }
        }
        X509Certificate certificate = found.certificate();
        return certificate != null && isValid(certificate, clock.instant()) ? certificate : null;
    }

    /** Null if it must be fetched. */
    private @Nullable Known remembered(URI address) {
        Instant now = clock.instant();
        synchronized (known) {
            Known found = known.get(address);
            boolean good = found != null
                    && (found.certificate() != null && isValid(found.certificate(), now)
                            || found.at().plus(REMEMBERED_FAILURE).isAfter(now));
            return good ? found : null;
        }
    }

    private void remember(URI address, Known found) {
        synchronized (known) {
            known.put(address, found);
        }
    }

    private static boolean isValid(X509Certificate certificate, Instant now) {
        try {
            certificate.checkValidity(Date.from(now));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private @Nullable X509Certificate fetch(URI address) {
        List<X509Certificate> found = certificates(URI.create("https://" + address.getHost()), address.getRawPath());
        if (found.isEmpty()) {
            return null;
        }
        X509Certificate leaf = found.get(0);
        if (!leads(leaf, found) && !leads(leaf, withIssuer(leaf, found))) {
            LOG.warn("the certificate of {} leads to no authority that is trusted here", address.getHost());
            return null;
        }
        return leaf;
    }

    /** Whether a certificate leads to a trusted authority now, by way of others (RFC 5280 section 6). */
    private boolean leads(X509Certificate leaf, List<X509Certificate> others) {
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors.get(), target);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(others)));
            parameters.setDate(Date.from(clock.instant()));
            // Amazon's certificates live for months; a lookup of each revocation would be one more host that must
            // answer.
            parameters.setRevocationEnabled(false);
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (CertPathBuilderException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK builds paths by PKIX", e);
        }
    }

    /** With the certificate that the leaf says was its issuer's; where it comes from proves nothing, the path does. */
    private List<X509Certificate> withIssuer(X509Certificate leaf, List<X509Certificate> found) {
        Matcher issuer = ISSUER.matcher(new String(access(leaf), StandardCharsets.ISO_8859_1));
        if (!issuer.find()) {
            return found;
        }
        List<X509Certificate> all = new ArrayList<>(found);
        all.addAll(certificates(URI.create("http://" + issuer.group(1)), issuer.group(2)));
        return all;
    }

    /** The extension that names where an issuer's certificate lies (RFC 5280 section 4.2.2.1), in DER; its addresses are plain ASCII. */
    private static byte[] access(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue("1.3.6.1.5.5.7.1.1");
        return extension == null ? new byte[0] : extension;
    }

    private List<X509Certificate> certificates(URI origin, String path) {
        HttpGateway.Builder builder = gateways.apply(origin).limits(LIMITS).clock(clock);
        if (origin.getScheme().equals("http")) {
            builder.plainHttpAllowed();
        }
        try (HttpGateway gateway = builder.build()) {
            HttpOutcome outcome = gateway.send(HttpCall.get(path));
            if (outcome instanceof HttpOutcome.Accepted accepted
                    && accepted.answer().status() == 200) {
                List<X509Certificate> certificates = new ArrayList<>();
                for (Certificate each : CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(accepted.answer().body()))) {
                    certificates.add((X509Certificate) each);
                }
                return certificates;
            }
            LOG.warn("no certificate could be fetched from {}: {}", origin.getHost(), word(outcome));
        } catch (CertificateException | HttpException e) {
            LOG.warn("what came from {} is no certificate: {}", origin.getHost(), e.getMessage());
        }
        return List.of();
    }

    /** The authorities that the JDK trusts. */
    static Set<TrustAnchor> trusted() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            Set<TrustAnchor> anchors = new HashSet<>();
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trusting) {
                    for (X509Certificate issuer : trusting.getAcceptedIssuers()) {
                        anchors.add(new TrustAnchor(issuer, null));
                    }
                }
            }
            return anchors;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has trusted authorities", e);
        }
    }

    private static String word(HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.NotTaken notTaken) {
            return notTaken.code();
        }
        if (outcome instanceof HttpOutcome.Unknown unknown) {
            return unknown.code();
        }
        return outcome instanceof HttpOutcome.Refused refused
                ? "status " + refused.answer().status()
                : "an answer other than 200";
    }

    @Override
    public String toString() {
        return "AmazonCertificates";
    }
}

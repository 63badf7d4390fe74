package io.crmsdk.mail.provider;

import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpException;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.time.UtcClock;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches from Amazon's own SNS hosts, and remembers. One fetch at a time; what could not be fetched is not asked for again within a
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

    private final UtcClock clock;
    private final Function<URI, HttpGateway.Builder> gateways;
    private final Object fetching = new Object();
    private final Map<URI, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<URI, Known> eldest) {
            return size() > MOST;
        }
    };

    /** @param gateways to an origin; tests lead elsewhere */
    AmazonCertificates(UtcClock clock, Function<URI, HttpGateway.Builder> gateways) {
        this.clock = clock;
        this.gateways = gateways;
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
        try (HttpGateway gateway = gateways.apply(URI.create("https://" + address.getHost()))
                .limits(LIMITS)
                .clock(clock)
                .build()) {
            HttpOutcome outcome = gateway.send(HttpCall.get(address.getRawPath()));
            if (outcome instanceof HttpOutcome.Accepted accepted
                    && accepted.answer().status() == 200) {
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(accepted.answer().body()));
            }
            LOG.warn("no certificate could be fetched from {}: {}", address.getHost(), word(outcome));
            return null;
        } catch (CertificateException | HttpException e) {
            LOG.warn("what came from {} is no certificate: {}", address.getHost(), e.getMessage());
            return null;
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

package io.crmsdk.mail.provider;

import io.crmsdk.http.HttpGateway;
import io.crmsdk.time.UtcClock;
import java.net.URI;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Gives the certificates by which Amazon signs. Must be thread-safe and should remember what it gave. */
@FunctionalInterface
public interface SnsCertificates {
    /**
     * Fetches from Amazon: over HTTPS, from hosts {@code sns.<region>.amazonaws.com} (or {@code .com.cn}) only, without following a
     * redirect, at most 64 KiB within ten seconds. What it got must lead to an authority that the JDK trusts, by PKIX and without a look at
     * revocations; an issuer's certificate that is missing on the way is fetched from {@code amazontrust.com}. Remembers it as long as it
     * is valid, and for a minute that there was nothing.
     *
     * @param clock by which certificates are valid
     */
    static SnsCertificates fromAmazon(UtcClock clock) {
        return new AmazonCertificates(clock, HttpGateway::builder, AmazonCertificates::trusted);
    }

    /**
     * The certificate at an address of Amazon's, which was checked to be one: HTTPS, no redirect may be followed.
     *
     * @return null if there is none, or it is not valid now
     */
    @Nullable
    X509Certificate certificate(URI address);
}

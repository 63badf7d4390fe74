package io.crmsdk.mail.provider;

import java.net.URI;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Gives the certificates by which Amazon signs. Must be thread-safe and should remember what it gave. */
@FunctionalInterface
public interface SnsCertificates {
    /**
     * The certificate at an address of Amazon's, which was checked to be one: HTTPS, no redirect may be followed.
     *
     * @return null if there is none, or it is not valid now
     */
    @Nullable
    X509Certificate certificate(URI address);
}

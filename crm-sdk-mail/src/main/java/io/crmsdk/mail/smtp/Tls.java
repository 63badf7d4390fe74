package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** How a connection is protected: the trusted authorities, and whether the certificate must name the host. */
record Tls(SSLContext context, boolean hostChecked) {
    /** The authorities of this JVM, or of the given store. */
    static Tls trusting(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return new Tls(context(factory.getTrustManagers()), true);
    }

    static Tls trustingAll() throws GeneralSecurityException {
        return new Tls(context(new TrustManager[] {new TrustAll()}), false);
    }

    private static SSLContext context(TrustManager[] trusted) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted, null);
        return context;
    }

    /** Lays TLS upon the connection; returns after the handshake. */
    SSLSocket over(Wire wire, String host) throws IOException {
        WireSocket below = new WireSocket(wire);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(below, host, wire.remote().getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        if (hostChecked) {
            // "HTTPS" is the JDK's name for the check of RFC 6125, which RFC 7817 asks of mail clients too.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw failure(host, e);
        }
        return socket;
    }

    private static SmtpFailure failure(String host, IOException broken) {
        String code = "TLS_FAILED";
        String why = "the handshake broke off (" + broken.getClass().getSimpleName() + ")";
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                code = "TLS_EXPIRED";
                why = "the certificate has expired";
                break;
            }
            if (cause instanceof CertificateNotYetValidException) {
                code = "TLS_NOT_YET_VALID";
                why = "the certificate is not valid yet, or this machine's clock is wrong";
                break;
            }
            if (cause instanceof CertPathBuilderException) {
                code = "TLS_UNTRUSTED";
                why = "no trusted authority signed the certificate";
            } else if (cause instanceof CertificateException && namesAnotherHost(cause)) {
                code = "TLS_WRONG_NAME";
                why = "the certificate is for another host";
            }
        }
        return new SmtpFailure(
                SmtpFailure.Kind.POLICY,
                code,
                host + ": " + why + "; neither a password nor a mail was sent",
                null,
                broken);
    }

    private static boolean namesAnotherHost(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no name matching") || message.contains("no subject alternative");
    }

    /** Believes everybody; reached only by a builder method whose name says so. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

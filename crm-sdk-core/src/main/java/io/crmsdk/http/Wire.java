package io.crmsdk.http;

import io.crmsdk.time.UtcClock;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** One attempt over Apache HttpClient 5: nothing followed, nothing repeated, nothing read beyond its limits. */
final class Wire implements AutoCloseable {
    private static final String ON_THE_WIRE = "crmsdk.on-the-wire";
    private static final Timeout GLANCE = Timeout.ofMilliseconds(1);
    private static final int HEADER_LINE = 32 << 10;
    private static final int HEADERS = 200;

    private final Origin origin;
    private final HttpLimits limits;
    private final UtcClock clock;
    private final CloseableHttpClient client;
    private final BodyReader bodies;
    private final JsonBody json;
    private final ScheduledThreadPoolExecutor watchdog = new ScheduledThreadPoolExecutor(1, Wire::daemon);

    Wire(Origin origin, HttpLimits limits, UtcClock clock, DnsResolver resolver, @Nullable SSLContext tls) {
        this.origin = origin;
        this.limits = limits;
        this.clock = clock;
        this.client = client(limits, resolver, tls);
        this.bodies = new BodyReader(limits.bodyBytes());
        this.json = new JsonBody(limits);
        watchdog.setRemoveOnCancelPolicy(true);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "crmsdk-http-watchdog");
        thread.setDaemon(true);
        return thread;
    }

    private static CloseableHttpClient client(HttpLimits limits, DnsResolver resolver, @Nullable SSLContext tls) {
        PoolingHttpClientConnectionManagerBuilder connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(HEADER_LINE)
                                .setMaxHeaderCount(HEADERS)
                                .setMaxEmptyLineCount(10)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(limits.connect()))
                        .setSocketTimeout(Timeout.of(limits.answer()))
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(Timeout.of(limits.connect()))
                        .build())
                .setMaxConnPerRoute(limits.connections())
                .setMaxConnTotal(limits.connections());
        if (tls != null) {
            connections.setTlsSocketStrategy(new DefaultClientTlsStrategy(tls));
        }
        return HttpClients.custom()
                .setConnectionManager(connections.build())
                .setRequestExecutor(new Executor())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(limits.attempt()))
                        .setResponseTimeout(Timeout.of(limits.answer()))
                        .setExpectContinueEnabled(false)
                        .build())
                .setUserAgent("crm-sdk")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /** Marks the moment from which a request can no longer be called unsent, and refuses connections with leftovers. */
    private static final class Executor extends HttpRequestExecutor {
        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                @Nullable HttpResponseInformationCallback informed,
                HttpContext context)
                throws IOException, org.apache.hc.core5.http.HttpException {
            boolean reused = connection.getEndpointDetails() != null
                    && connection.getEndpointDetails().getResponseCount() > 0;
            if (reused && connection.isDataAvailable(GLANCE)) {
                connection.close();
                throw new IOException("the connection had bytes that belong to no answer");
            }
            context.setAttribute(ON_THE_WIRE, true);
            return super.execute(request, connection, informed, context);
        }
    }

    /** Sends once. Gives what is known afterwards; throws nothing that the network can cause. */
    Exchange send(HttpCall call, URI target, Map<String, String> credentials, Duration within) {
        HttpUriRequestBase request = new HttpUriRequestBase(call.method(), target);
        call.headers().forEach(request::setHeader);
        credentials.forEach(request::setHeader);
        request.setHeader("Accept-Encoding", "gzip");
        byte[] body = call.body();
        if (body != null) {
            request.setEntity(new ByteArrayEntity(body, null));
        }
        HttpClientContext context = HttpClientContext.create();
        AtomicBoolean late = new AtomicBoolean();
        Duration limit = within.compareTo(limits.attempt()) < 0 ? within : limits.attempt();
        ScheduledFuture<?> alarm = watchdog.schedule(
                () -> {
                    late.set(true);
                    request.cancel();
                },
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
        try {
            return exchange(request, context, late);
        } finally {
            alarm.cancel(false);
        }
    }

    private Exchange exchange(HttpUriRequestBase request, HttpClientContext context, AtomicBoolean late) {
        HttpHost host = new HttpHost(origin.scheme(), origin.host(), origin.port());
        Instant sent = clock.read().wall();
        HttpAnswer head = null;
        try (ClassicHttpResponse response = client.executeOpen(host, request, context)) {
            try {
                head = answer(response, new byte[0]);
                HttpAnswer whole = answer(response, bodies.read(response.getEntity()));
                checkJson(whole);
                return new Exchange.Reply(whole, sent, clock.read().wall());
            } catch (IOException e) {
                request.cancel();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            boolean onTheWire = context.getAttribute(ON_THE_WIRE) != null;
            return lost(e, onTheWire, late.get(), Optional.ofNullable(head));
        }
    }

    private void checkJson(HttpAnswer answer) throws IOException {
        if (answer.isJson() && !answer.isEmpty()) {
            json.check(answer);
        }
    }

    private HttpAnswer answer(ClassicHttpResponse response, byte[] body) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return new HttpAnswer(response.getCode(), headers, body, clock.instant());
    }

    private Exchange.Lost lost(Exception e, boolean onTheWire, boolean late, Optional<HttpAnswer> head) {
        if (late) {
            return new Exchange.Lost(onTheWire, "HTTP_TIMEOUT", "no whole answer within the time limit", head, e);
        }
        if (e instanceof BodyLimitException limit) {
            return new Exchange.Lost(true, limit.code(), String.valueOf(limit.getMessage()), head, e);
        }
        if (e instanceof AddressGuard.PrivateAddressException) {
            return new Exchange.Lost(
                    false,
                    "HTTP_PRIVATE_ADDRESS",
                    origin + " has a private address, which the gateway was not allowed to call",
                    head,
                    e);
        }
        if (e instanceof MessageConstraintException) {
            return new Exchange.Lost(onTheWire, "HTTP_HEADERS_TOO_LARGE", "the headers are beyond bounds", head, e);
        }
        if (!onTheWire) {
            return new Exchange.Lost(false, "HTTP_CONNECT", "no connection to " + origin, head, e);
        }
        return e instanceof SocketTimeoutException
                ? new Exchange.Lost(true, "HTTP_TIMEOUT", "silence for longer than the limit", head, e)
                : new Exchange.Lost(true, "HTTP_CUT", "the connection broke before the whole answer came", head, e);
    }

    @Override
    public void close() {
        watchdog.shutdownNow();
        client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
    }
}

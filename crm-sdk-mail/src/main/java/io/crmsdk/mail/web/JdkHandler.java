package io.crmsdk.mail.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An endpoint for the JDK's HTTP server: {@code server.createContext("/u", new JdkHandler(endpoint))}.
 *
 * <p>Give the server an executor of several threads: its own default answers one request at a time. Records the address of
 * the connection; behind a proxy that is the proxy's. Thread-safe.
 */
public final class JdkHandler implements HttpHandler {
    /** How long a body may take unless stated. */
    public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(30);

    /** How long what a refused client still sends is read and thrown away, so that it can read the answer. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Serving serving;
    private final Duration limit;

    /** A handler that waits {@link #DEFAULT_LIMIT} for a body. */
    public JdkHandler(WebEndpoint endpoint) {
        this(endpoint, DEFAULT_LIMIT);
    }

    /**
     * A handler for one endpoint.
     *
     * @param limit how long a whole body may take; a connection that takes longer is closed
     * @throws IllegalArgumentException if the limit is not positive or longer than an hour
     */
    public JdkHandler(WebEndpoint endpoint, Duration limit) {
        serving = new Serving(Objects.requireNonNull(endpoint, "endpoint"), limit);
        this.limit = limit;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new TreeMap<>(exchange.getRequestHeaders());
            WebReply reply = serving.answer(new Serving.Call(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    declaredLength(exchange),
                    exchange.getRequestBody(),
                    exchange.getRemoteAddress().getAddress().getHostAddress()));
            Duration most = reply.headers().containsKey("Connection") ? LINGER : limit;
            serving.within(most, () -> {
                send(exchange, reply);
                exchange.close();
                return null;
            });
        }
    }

    private static long declaredLength(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        // The server has refused what is no number; without one the body is counted while it is read.
        return length == null ? -1 : Long.parseLong(length.strip());
    }

    private static void send(HttpExchange exchange, WebReply reply) throws IOException {
        reply.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = reply.body();
        boolean silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), silent ? -1 : body.length);
        if (!silent) {
            exchange.getResponseBody().write(body);
            // Or the JDK's server keeps the answer back until it has read, or given up on, all of the request.
            exchange.getResponseBody().flush();
        }
    }
}

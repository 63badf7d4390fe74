package io.crmsdk.mail.unsubscribe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The endpoint for the JDK's HTTP server: {@code server.createContext(endpoint.path(), new UnsubscribeHttpHandler(endpoint))}.
 *
 * <p>Thread-safe. Records the address of the connection; behind a proxy that is the proxy's.
 */
public final class UnsubscribeHttpHandler implements HttpHandler {
    private final UnsubscribeEndpoint endpoint;

    /** A handler for one endpoint. */
    public UnsubscribeHttpHandler(UnsubscribeEndpoint endpoint) {
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name, values.isEmpty() ? "" : values.get(0)));
            UnsubscribeReply reply = endpoint.handle(new UnsubscribeRequest(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    exchange.getRequestBody().readNBytes(UnsubscribeEndpoint.MAX_BODY),
                    exchange.getRemoteAddress().getAddress().getHostAddress()));
            reply.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            byte[] body = reply.body();
            boolean silent = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), silent ? -1 : body.length);
            if (!silent) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}

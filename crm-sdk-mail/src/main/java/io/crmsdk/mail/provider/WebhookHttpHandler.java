package io.crmsdk.mail.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.crmsdk.store.StoreException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A receiver for the JDK's HTTP server: {@code server.createContext("/hooks/sendgrid", new WebhookHttpHandler(receiver, clock))}.
 *
 * <p>Answers 503 if the call could not be kept, so that the provider sends it again. Thread-safe.
 */
public final class WebhookHttpHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookHttpHandler.class);
    private static final int TRY_AGAIN = 503;

    private final WebhookReceiver receiver;
    private final InstantSource clock;

    /**
     * A handler for one receiver.
     *
     * @param clock the present, for signed times; in production {@link io.crmsdk.time.UtcClock#system()}
     */
    public WebhookHttpHandler(WebhookReceiver receiver, InstantSource clock) {
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(WebhookReceiver.MAX_BODY + 1);
            exchange.sendResponseHeaders(status(exchange, body), -1);
        }
    }

    private int status(HttpExchange exchange, byte[] body) {
        try {
            return receiver.receive(
                            new WebhookRequest(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    exchange.getRequestHeaders(),
                                    body),
                            clock.instant())
                    .status();
        } catch (StoreException e) {
            LOG.warn("a webhook call could not be kept; the provider is asked to send it again: {}", e.code());
            return TRY_AGAIN;
        }
    }
}

package io.crmsdk.mail.provider;

import io.crmsdk.delivery.DeliveryException;
import io.crmsdk.mail.web.WebEndpoint;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.store.StoreException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A receiver behind HTTP: {@code server.createContext("/hooks/sendgrid", new JdkHandler(new WebhookEndpoint(receiver, clock)))}.
 *
 * <p>Answers with the status of the verdict, and 503 if the call could not be kept, so that the provider sends it again. Thread-safe.
 */
public final class WebhookEndpoint implements WebEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookEndpoint.class);

    private final WebhookReceiver receiver;
    private final InstantSource clock;

    /**
     * An endpoint for one receiver.
     *
     * @param clock the present, for signed times; in production {@link io.crmsdk.time.UtcClock#system()}
     */
    public WebhookEndpoint(WebhookReceiver receiver, InstantSource clock) {
        this.receiver = Objects.requireNonNull(receiver, "receiver");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** {@code POST} only. */
    @Override
    public Set<String> methods() {
        return Set.of("POST");
    }

    /** {@link WebhookReceiver#MAX_BODY}. */
    @Override
    public int maxBody() {
        return WebhookReceiver.MAX_BODY;
    }

    @Override
    public WebReply answer(WebRequest request) {
        WebhookRequest call = new WebhookRequest(request.method(), request.target(), request.headers(), request.body());
        try {
            return WebReply.of(receiver.receive(call, clock.instant()).status());
        } catch (StoreException | DeliveryException e) {
            LOG.warn("a webhook call could not be kept; the provider is asked to send it again: {}", e.code());
            return new WebReply(503, Map.of("Retry-After", "60"), new byte[0]);
        }
    }

    @Override
    public String toString() {
        return "WebhookEndpoint";
    }
}

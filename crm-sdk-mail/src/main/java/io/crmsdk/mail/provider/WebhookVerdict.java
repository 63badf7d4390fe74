package io.crmsdk.mail.provider;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one webhook call.
 *
 * @param accepted whether it surely came from the provider, and is kept
 * @param code why it was refused, stable: {@code METHOD}, {@code SIGNATURE_INVALID}, {@code TIMESTAMP_OUT_OF_TOLERANCE}, {@code
 *     CREDENTIALS_INVALID}, {@code TOPIC_UNKNOWN}, {@code UNSAFE_URL}, {@code REPLAYED}, {@code MALFORMED}, {@code
 *     LIMIT_EXCEEDED}; {@code OK} if it was accepted
 * @param events what it says that was not said before, in its order; empty if it was refused
 * @param confirm what to fetch by GET to confirm the subscription that sent it, at Amazon's own host; null for all else
 */
public record WebhookVerdict(
        boolean accepted,
        String code,
        List<WebhookEvent> events,
        @Nullable URI confirm) {
    /** Copies the events. */
    public WebhookVerdict {
        Objects.requireNonNull(code, "code");
        events = List.copyOf(events);
    }

    /**
     * The status to answer with: 200 once it is kept, 401 for who cannot prove to be the provider, 406 for what must not be sent
     * again, 413 for what is too large, 405 for another method, 400 for the rest.
     */
    public int status() {
        return switch (code) {
            case "OK" -> 200;
            case "METHOD" -> 405;
            case "LIMIT_EXCEEDED" -> 413;
            case "REPLAYED" -> 406;
            case "MALFORMED" -> 400;
            default -> 401;
        };
    }
}

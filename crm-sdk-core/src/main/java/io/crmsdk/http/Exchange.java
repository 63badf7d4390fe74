package io.crmsdk.http;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one attempt on the wire came to. */
sealed interface Exchange {
    /**
     * A whole answer.
     *
     * @param sent our wall reading before it went out
     * @param wallReceived our wall reading when the answer was there
     */
    record Reply(HttpAnswer answer, Instant sent, Instant wallReceived) implements Exchange {}

    /**
     * No whole answer.
     *
     * @param onTheWire whether a byte of the request may have left; if not, the service cannot have taken it
     * @param head status and headers if at least they came
     */
    record Lost(
            boolean onTheWire,
            String code,
            String reason,
            Optional<HttpAnswer> head,
            @Nullable Exception cause) implements Exchange {}
}

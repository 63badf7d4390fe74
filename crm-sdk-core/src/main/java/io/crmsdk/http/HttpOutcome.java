package io.crmsdk.http;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request after all attempts: done, declined, surely not taken, or not known.
 *
 * <p>The last two are told apart because only one of them may be repeated blindly. Immutable.
 */
public sealed interface HttpOutcome {
    /** The service did what was asked, and said so in its documented form. */
    record Accepted(HttpAnswer answer) implements HttpOutcome {}

    /** The service looked at the request and declined it; nothing was done there. */
    record Refused(HttpAnswer answer) implements HttpOutcome {}

    /**
     * The service has surely not acted on the request: it was not reached, did not let us in, or turned us away.
     *
     * @param code for example {@code HTTP_CONNECT}, {@code HTTP_BUSY}, {@code HTTP_UNAUTHORIZED}
     * @param reason one sentence for people
     * @param retryAt when it makes sense to ask again, if that is known
     * @param answer what the service said, if it said anything
     */
    record NotTaken(String code, String reason, Optional<Instant> retryAt, Optional<HttpAnswer> answer)
            implements HttpOutcome {}

    /**
     * The service may have acted on the request: it broke off, took too long, failed, or answered in a way that proves
     * nothing. Look the object up, or repeat under the same key.
     *
     * @param code for example {@code HTTP_TIMEOUT}, {@code HTTP_CUT}, {@code HTTP_FAULT}, {@code HTTP_BODY_TRUNCATED}
     * @param reason one sentence for people
     * @param answer what the service said, as far as it could be read
     */
    record Unknown(String code, String reason, Optional<HttpAnswer> answer) implements HttpOutcome {}

    /**
     * The answer of an accepted request.
     *
     * @throws HttpException for any other outcome, with its code; a refusal has {@code HTTP_REFUSED}
     */
    default HttpAnswer orThrow() {
        if (this instanceof Accepted accepted) {
            return accepted.answer();
        }
        throw failure();
    }

    /** What the service said, whatever it was. */
    default Optional<HttpAnswer> said() {
        if (this instanceof Accepted accepted) {
            return Optional.of(accepted.answer());
        }
        if (this instanceof Refused refused) {
            return Optional.of(refused.answer());
        }
        return this instanceof NotTaken notTaken ? notTaken.answer() : ((Unknown) this).answer();
    }

    private HttpException failure() {
        if (this instanceof Refused refused) {
            String message =
                    "the service declined with status " + refused.answer().status();
            return new HttpException("HTTP_REFUSED", message, false, null);
        }
        if (this instanceof NotTaken notTaken) {
            return new HttpException(notTaken.code(), notTaken.reason() + later(notTaken), false, null);
        }
        Unknown unknown = (Unknown) this;
        String message = unknown.reason() + "; the service may have acted on it: look it up before repeating it";
        return new HttpException(unknown.code(), message, true, null);
    }

    private static String later(NotTaken outcome) {
        @Nullable Instant at = outcome.retryAt().orElse(null);
        return "; the service did not act on it" + (at == null ? "" : ", ask again at " + at);
    }
}

package io.crmsdk.sync;

import io.crmsdk.CrmException;
import io.crmsdk.http.HttpOutcome;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link Connector} throws when it cannot read, or cannot write anything of a batch. */
public final class ConnectorException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final Cause kind;
    private final transient @Nullable Instant retryAt;

    /**
     * @param kind what has to happen next
     * @param code stable code, for example {@code CURSOR_EXPIRED}
     * @param message what happened, free of personal values
     * @param retryAt when it makes sense to ask again, or null
     */
    public ConnectorException(
            Cause kind, String code, String message, @Nullable Instant retryAt, @Nullable Throwable cause) {
        super(code, message, cause);
        this.kind = kind;
        this.retryAt = retryAt;
    }

    /**
     * The service no longer knows the cursor: the engine then compares everything instead of starting from now.
     */
    public static ConnectorException cursorExpired() {
        return new ConnectorException(
                Cause.DATA, "CURSOR_EXPIRED", "the service no longer knows the cursor", null, null);
    }

    /** What an outcome that is no answer to work with means. */
    public static ConnectorException of(HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.Refused refused) {
            int status = refused.answer().status();
            Cause kind = status == 403 ? Cause.PERMISSION : Cause.DATA;
            return new ConnectorException(kind, "HTTP_" + status, "declined with status " + status, null, null);
        }
        if (outcome instanceof HttpOutcome.NotTaken not) {
            return new ConnectorException(
                    kind(not.code()), not.code(), not.reason(), not.retryAt().orElse(null), null);
        }
        if (outcome instanceof HttpOutcome.Unknown unknown) {
            return new ConnectorException(Cause.UNKNOWN, unknown.code(), unknown.reason(), null, null);
        }
        return new ConnectorException(
                Cause.BUG, "CONNECTOR_BUG", "an accepted answer was taken for a failure", null, null);
    }

    private static Cause kind(String code) {
        return switch (code) {
            case "HTTP_BUSY" -> Cause.LIMIT;
            case "HTTP_UNAUTHORIZED" -> Cause.PERMISSION;
            default -> Cause.DOWN;
        };
    }

    /** What has to happen next. */
    public Cause kind() {
        return kind;
    }

    /** When it makes sense to ask again, if that is known. */
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}

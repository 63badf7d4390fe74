package io.crmsdk.mapping;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's payload cannot be read as a record at all: it is no JSON, holds a name twice, or exceeds a limit.
 *
 * <p>Nothing was taken from it. A single value that cannot be read is no exception but a finding of the record. Codes:
 * {@code MALFORMED}, {@code DUPLICATE_KEY}, {@code LIMIT_EXCEEDED}.
 */
public final class PayloadException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final String path;

    PayloadException(String code, String path, String message, @Nullable Throwable cause) {
        super(code, (path.isEmpty() ? "" : path + ": ") + message, cause);
        this.path = path;
    }

    /** Where in the payload, as a vendor path; empty if it is about the payload as a whole. */
    public String path() {
        return path;
    }
}

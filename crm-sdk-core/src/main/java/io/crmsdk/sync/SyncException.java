package io.crmsdk.sync;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A run that could not go on, a plan that must not be applied, or a broken configuration. What is held is a return value. */
public final class SyncException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code
     * @param message what happened, whether anything was written, what to do
     * @param cause underlying failure, or null
     */
    public SyncException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

package io.crmsdk.suppression;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** The list of suppressed addresses was given something that can never be right; nothing was changed. */
public final class SuppressionException extends CrmException {
    private static final long serialVersionUID = 1L;

    SuppressionException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

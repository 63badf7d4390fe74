package io.crmsdk.consent;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * The consent ledger could not do what was asked, or was asked for something that can never be right.
 *
 * <p>Whatever the code, no decision became more permissive by it and nothing was sent. The message says what to do next.
 */
public final class ConsentException extends CrmException {
    private static final long serialVersionUID = 1L;

    ConsentException(String code, String message) {
        this(code, message, null);
    }

    ConsentException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

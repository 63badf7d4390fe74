package io.crmsdk.identity;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * A misuse of the identity room, rules that contradict themselves, or a decision that cannot be carried out as it stands.
 * Nothing was changed unless the message says so.
 */
public final class IdentityException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code, for example {@code IDENTITY_RULES}
     * @param message what happened, in which record or rule, and what to do
     * @param cause underlying failure, or null
     */
    public IdentityException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

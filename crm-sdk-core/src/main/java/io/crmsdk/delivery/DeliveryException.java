package io.crmsdk.delivery;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A misuse of the outbox, a broken configuration, or a store that cannot be read. Expected outcomes are return values. */
public class DeliveryException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code
     * @param message what happened, whether anything went out, what to do
     * @param cause underlying failure, or null
     */
    public DeliveryException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

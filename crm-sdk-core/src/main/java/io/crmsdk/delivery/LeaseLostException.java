package io.crmsdk.delivery;

import org.jspecify.annotations.Nullable;

/** The attempt no longer belongs to this worker, or cannot be proven to; nothing may be sent any more. Code {@code LEASE_LOST}. */
public final class LeaseLostException extends DeliveryException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message which attempt, and why it was lost
     * @param cause underlying failure, or null
     */
    public LeaseLostException(String message, @Nullable Throwable cause) {
        super("LEASE_LOST", message, cause);
    }
}

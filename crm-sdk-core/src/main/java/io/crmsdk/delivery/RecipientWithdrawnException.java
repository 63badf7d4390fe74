package io.crmsdk.delivery;

/**
 * A recipient may no longer be addressed (unsubscribed, expired, cancelled) and had already been named to the server; the
 * exchange has to be broken off. Code {@code RECIPIENT_WITHDRAWN}.
 */
public final class RecipientWithdrawnException extends DeliveryException {
    private static final long serialVersionUID = 1L;

    /** @param message how many recipients of which message, and why */
    public RecipientWithdrawnException(String message) {
        super("RECIPIENT_WITHDRAWN", message, null);
    }
}

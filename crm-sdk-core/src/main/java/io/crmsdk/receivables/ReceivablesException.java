package io.crmsdk.receivables;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A document or a reading that the ledger cannot take at all; nothing of the call was taken. What merely contradicts is a return value. */
public final class ReceivablesException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code
     * @param message which document and field, what was expected and came, what to do
     * @param cause underlying failure, or null
     */
    public ReceivablesException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

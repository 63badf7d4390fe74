package io.crmsdk.mail;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A mail that cannot be composed or a mail component that is wrongly configured; nothing was sent. */
public class MailException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code
     * @param message what is wrong and what to do
     * @param cause underlying failure, or null
     */
    public MailException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

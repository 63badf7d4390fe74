package io.crmsdk.followup;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A follow-up could not do what was asked; what was stored before is as it was. */
public final class FollowUpException extends CrmException {
    private static final long serialVersionUID = 1L;

    FollowUpException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

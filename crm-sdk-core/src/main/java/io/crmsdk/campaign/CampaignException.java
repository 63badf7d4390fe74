package io.crmsdk.campaign;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A campaign could not do what was asked; nothing was queued by it. */
public final class CampaignException extends CrmException {
    private static final long serialVersionUID = 1L;

    CampaignException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

package io.crmsdk.http;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/** A call that must not be made as it stands, or an outcome that its caller asked to have thrown. */
public final class HttpException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveBeenTaken;

    HttpException(String code, String message, boolean mayHaveBeenTaken, @Nullable Throwable cause) {
        super(code, message, cause);
        this.mayHaveBeenTaken = mayHaveBeenTaken;
    }

    static HttpException misuse(String code, String message) {
        return new HttpException(code, message + "; nothing was sent", false, null);
    }

    /** Whether the other side may have acted on the request; if false it surely has not. */
    public boolean mayHaveBeenTaken() {
        return mayHaveBeenTaken;
    }
}

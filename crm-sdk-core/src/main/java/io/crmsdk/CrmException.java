package io.crmsdk;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Root of every exception that crm-sdk throws on purpose.
 *
 * <p>All are unchecked. Each carries a stable {@linkplain #code() code} that programs may compare and a message for
 * people that says which record and field, what was expected, what came, whether anything left the process, and what to
 * do next. Messages never hold secrets or whole personal values; exceptions of other libraries appear only as
 * {@linkplain #getCause() causes}. Expected outcomes (a rejected field, a refused recipient) are return values instead.
 */
public abstract class CrmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code stable, upper-case words joined by underscores, for example {@code STORE_SCHEMA_NEWER}
     * @param message for people; free of secrets and whole personal values
     * @param cause what another library threw, or null
     */
    protected CrmException(String code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** The stable code, for example {@code STORE_SCHEMA_NEWER}; the same condition always has the same code. */
    public final String code() {
        return code;
    }

    /** The message for people, led by the code; always there. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

package io.crmsdk.model;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * A value was offered to the model that can never be right, such as an e-mail address with a line break.
 *
 * <p>Nothing was stored or sent. The message names the field and the rule, never the whole value; {@link #field()}
 * gives the field alone so that an importer can point at the cell.
 */
public final class ModelException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * Says what was wrong with which field.
     *
     * @param code class of the fault, for example {@code INVALID_ADDRESS}, {@code MALFORMED}, {@code LIMIT_EXCEEDED}
     * @param field canonical path of the field, for example {@code emails.address}
     * @param message expected and got, the latter redacted
     */
    public ModelException(String code, String field, String message) {
        this(code, field, message, null);
    }

    /**
     * As {@link #ModelException(String, String, String)}, caused by another library's exception.
     *
     * @param code class of the fault
     * @param field canonical path of the field
     * @param message expected and got, the latter redacted
     * @param cause what the other library threw, or null
     */
    public ModelException(String code, String field, String message, @Nullable Throwable cause) {
        super(code, field + ": " + message, cause);
        this.field = field;
    }

    /** Canonical path of the refused field, for example {@code emails.address}. */
    public String field() {
        return field;
    }
}

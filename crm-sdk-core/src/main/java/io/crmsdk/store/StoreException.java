package io.crmsdk.store;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * The database refused, failed or could not be asked; unless it is a {@link CommitUnknownException}, the transaction
 * changed nothing.
 *
 * <p>Codes while working: {@code STORE_UNREACHABLE}, {@code STORE_BUSY}, {@code STORE_CONFLICT}, {@code STORE_DUPLICATE},
 * {@code STORE_CONSTRAINT}, {@code STORE_FULL}, {@code STORE_READ_ONLY}, {@code STORE_CORRUPT}, {@code STORE_FAILED},
 * {@code STORE_COMMIT_UNKNOWN}, {@code STORE_CLOSED}. On opening also {@code STORE_URL}, {@code STORE_UNSUPPORTED}, {@code
 * STORE_DRIVER_MISSING}, {@code STORE_FILE_MISSING}, {@code STORE_FILE_EMPTY}, {@code STORE_IN_USE}, {@code
 * STORE_UNSAFE_SETTINGS}, {@code STORE_SCHEMA_NEWER}, {@code STORE_SCHEMA_OLDER}, {@code STORE_SCHEMA_CHANGED}, {@code
 * STORE_SCHEMA_FAILED}, {@code STORE_CHANGES_TIME}; with backups {@code STORE_FILE_EXISTS}, {@code STORE_BACKUP_FAILED},
 * {@code STORE_RESTORE_FAILED}.
 */
public class StoreException extends CrmException {
    private static final long serialVersionUID = 1L;

    /**
     * @param code stable code
     * @param message what happened, whether anything was stored, what to do
     * @param cause underlying failure, or null
     */
    public StoreException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }

    /** Whether the same work may succeed if it is simply done again a little later. */
    public boolean isTransient() {
        return switch (code()) {
            case "STORE_UNREACHABLE", "STORE_BUSY", "STORE_CONFLICT" -> true;
            default -> false;
        };
    }
}

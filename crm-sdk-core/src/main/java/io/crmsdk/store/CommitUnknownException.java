package io.crmsdk.store;

/**
 * The commit was sent and its answer was not received: the transaction is either stored whole or not at all, and only
 * looking tells which. Repeat with the same idempotency key, or read back what was written.
 */
public final class CommitUnknownException extends StoreException {
    private static final long serialVersionUID = 1L;

    CommitUnknownException(Throwable cause) {
        super(
                "STORE_COMMIT_UNKNOWN",
                "the answer to the commit was lost; everything in it was stored, or nothing was. Read back what was"
                        + " written, or repeat it with the same key",
                cause);
    }

    /** False: whether it was stored has to be found out first. */
    @Override
    public boolean isTransient() {
        return false;
    }
}

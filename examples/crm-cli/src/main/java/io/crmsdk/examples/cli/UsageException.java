package io.crmsdk.examples.cli;

/** The command was called wrongly; nothing was done. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}

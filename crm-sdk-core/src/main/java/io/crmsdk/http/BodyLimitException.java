package io.crmsdk.http;

import java.io.IOException;

/** A body that must not be read to its end, or cannot be. */
final class BodyLimitException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;

    BodyLimitException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}

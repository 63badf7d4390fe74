package io.crmsdk.time;

import io.crmsdk.CrmException;
import org.jspecify.annotations.Nullable;

/**
 * A time was refused; {@link #error()} says why and {@link #code()} is its name.
 *
 * <p>Messages show at most the shape of the value ({@code 9999-99-99} for a date), never its digits or letters: a birthday
 * is personal.
 */
public final class TimeException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final TimeError error;

    /**
     * @param error why
     * @param message what was expected, what came, what to do; free of whole values
     */
    public TimeException(TimeError error, String message) {
        this(error, message, null);
    }

    /**
     * @param error why
     * @param message what was expected, what came, what to do; free of whole values
     * @param cause what another library threw, or null
     */
    public TimeException(TimeError error, String message, @Nullable Throwable cause) {
        super(error.name(), message, cause);
        this.error = error;
    }

    /** Why the time was refused. */
    public TimeError error() {
        return error;
    }

    static TimeException malformed(String expected, String value) {
        return new TimeException(TimeError.MALFORMED, "expected " + expected + ", got " + Shape.of(value));
    }

    static TimeException of(TimeError error, String expected, String value) {
        return new TimeException(error, expected + ", got " + Shape.of(value));
    }
}

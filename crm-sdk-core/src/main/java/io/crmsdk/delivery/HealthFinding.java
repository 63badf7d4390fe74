package io.crmsdk.delivery;

import io.crmsdk.store.Severity;
import java.util.Objects;

/**
 * Something about an outbox that somebody should look at, with its cause as far as it is known.
 *
 * @param code stable, upper-case words joined by underscores; the same condition always has the same code
 * @param severity how much it matters
 * @param what what was found
 * @param remedy what to do
 */
public record HealthFinding(String code, Severity severity, String what, String remedy) {
    /** All parts are needed. */
    public HealthFinding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(remedy, "remedy");
    }
}

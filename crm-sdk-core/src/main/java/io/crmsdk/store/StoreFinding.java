package io.crmsdk.store;

import java.util.Objects;

/**
 * Something that a person should know about a store.
 *
 * @param code stable, upper-case words joined by underscores; the same condition always has the same code
 * @param severity how much it matters
 * @param what what was expected and what was found
 * @param remedy what to do
 */
public record StoreFinding(String code, Severity severity, String what, String remedy) {
    /** All parts are needed. */
    public StoreFinding {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(what, "what");
        Objects.requireNonNull(remedy, "remedy");
    }
}

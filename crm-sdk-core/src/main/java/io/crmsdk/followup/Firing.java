package io.crmsdk.followup;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A step that is due, as the host's code sees it.
 *
 * @param followUpKey the key with which the follow-up was started
 * @param definition the definition's name
 * @param step the step's name
 * @param subject what it is about, for example {@code quote/4711}
 * @param data what was stored with it
 * @param key names this firing for ever: the key of the message to be written, and the idempotency key of an action, which may be run more
 *     than once
 * @param due when it was due, UTC
 * @param now the database's clock, UTC
 * @param late whether it is later than the engine's tolerance, for example after a downtime
 * @param timedOut whether it is a question whose deadline passed; such a firing is only seen by the condition
 */
public record Firing(
        String followUpKey,
        String definition,
        String step,
        String subject,
        Map<String, String> data,
        String key,
        Instant due,
        Instant now,
        boolean late,
        boolean timedOut) {
    /** Copies the data. */
    public Firing {
        Objects.requireNonNull(key, "key");
        data = Map.copyOf(data);
    }

    /** How long after its time it is. */
    public Duration lateness() {
        return Duration.between(due, now);
    }

    /** Without subject and data, which may be personal. */
    @Override
    public String toString() {
        return "Firing[" + key + ", due " + due + (late ? ", late]" : "]");
    }
}

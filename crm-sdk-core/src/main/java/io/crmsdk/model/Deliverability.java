package io.crmsdk.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is known about mail to an address, since when and from what. Immutable; equality by value.
 *
 * @param state what is known
 * @param since when it became known; null if not stated
 * @param evidence what says so, for example a status code; null if absent
 */
public record Deliverability(
        DeliverabilityState state,
        @Nullable Instant since,
        @Nullable String evidence) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Deliverability {
        Objects.requireNonNull(state, "state");
        evidence = Text.line("emails.deliverability.evidence", evidence, 1000);
    }

    /** Nothing is known. */
    public static Deliverability unknown() {
        return new Deliverability(DeliverabilityState.UNKNOWN, null, null);
    }

    /** State and time; the evidence is not shown, since replies often repeat the address. */
    @Override
    public String toString() {
        return since == null ? state.name() : state + " since " + since;
    }
}

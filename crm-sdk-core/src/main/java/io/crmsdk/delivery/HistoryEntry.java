package io.crmsdk.delivery;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a delivery. Entries are only ever added.
 *
 * @param at when it was recorded, by the database's clock
 * @param state the state it led to; for a late report of a worker that had lost its lease, the state it would have meant
 * @param applied false for a late or weaker report that is kept as evidence without changing the state
 * @param attempt how many attempts had begun by then
 * @param node which worker node, or who, recorded it
 * @param detail one line for people, possibly empty
 * @param evidence what the other side said, or null
 */
public record HistoryEntry(
        Instant at,
        DeliveryState state,
        boolean applied,
        int attempt,
        String node,
        String detail,
        @Nullable Evidence evidence) {
    /** All parts but the evidence are needed. */
    public HistoryEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(detail, "detail");
    }

    /** Without detail, which may quote an address. */
    @Override
    public String toString() {
        return "HistoryEntry[" + at + ", " + state + (applied ? "" : " (not applied)") + ", attempt=" + attempt
                + ", node=" + node + ", " + evidence + "]";
    }
}

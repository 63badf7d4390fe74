package io.crmsdk.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A decided change of one claimed delivery, ready to be written.
 *
 * @param row the claim under whose fence it is written
 * @param to the new state
 * @param detail one line for the history
 * @param evidence what the other side said, or null
 * @param waitUs how long until it is due again, or {@link #HELD}, or {@link #PARKED}; without meaning for final states
 * @param attempts the attempt counter from now on
 * @param doubts how many unconfirmed attempts there have been
 * @param stumbles how often handling broke
 */
record Transition(
        Row row,
        DeliveryState to,
        String detail,
        @Nullable Evidence evidence,
        long waitUs,
        int attempts,
        int doubts,
        int stumbles) {
    /** Due never; far enough from the end of the range that sums do not overflow. */
    static final long HELD = 4_000_000_000_000_000_000L;

    /** Due when the pause of its destination is over. */
    static final long PARKED = HELD + 1;

    /** When it is due, by the database's clock now. */
    long dueUs(long nowUs) {
        if (waitUs == HELD) {
            return HELD;
        }
        return waitUs == PARKED ? Parked.SINCE + nowUs : nowUs + waitUs;
    }

    static Transition of(Row row, DeliveryState to, String detail, @Nullable Evidence evidence, long waitUs) {
        return new Transition(row, to, detail, evidence, waitUs, row.attempt, row.doubts, row.stumbles);
    }

    Transition withDoubts(int doubts) {
        return new Transition(row, to, detail, evidence, waitUs, attempts, doubts, stumbles);
    }

    Transition withStumbles(int stumbles) {
        return new Transition(row, to, detail, evidence, waitUs, attempts, doubts, stumbles);
    }

    /** The attempt does not count: it was not the delivery's fault. */
    Transition uncounted() {
        return new Transition(row, to, detail, evidence, waitUs, Math.max(0, attempts - 1), doubts, stumbles);
    }
}

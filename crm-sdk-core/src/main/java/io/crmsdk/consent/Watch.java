package io.crmsdk.consent;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the ledger goes backwards, by what this process has seen of it and by the witness file. Thread-safe.
 *
 * <p>Whoever reads takes a mark before and compares afterwards: a ledger that shows less than was committed before the read
 * began is not the one it was.
 */
final class Watch {
    private final @Nullable Witness witness;
    private final AtomicReference<Mark> furthest = new AtomicReference<>(new Mark(0, 0));

    Watch(@Nullable Witness witness) {
        this.witness = witness;
    }

    @Nullable
    Witness witness() {
        return witness;
    }

    /** How far the ledger is known to have come. */
    Mark mark() {
        return furthest.get();
    }

    /** After a commit of this process. */
    void reached(Head end) {
        advance(new Mark(end.incarnation(), end.position()));
        if (witness != null) {
            witness.advance(end);
        }
    }

    /** After a read of what is committed; false if the ledger has gone backwards. */
    boolean saw(StateSet states, Mark before) {
        boolean sound = compare(states, before);
        advance(new Mark(states.incarnation(), states.position()));
        return sound;
    }

    /** As {@link #saw}, after a read that may have seen what is not committed yet, which is therefore not remembered. */
    boolean compare(StateSet states, Mark before) {
        boolean sound = !before.isBeyond(new Mark(states.incarnation(), states.position()));
        if (!sound) {
            states.holdAll();
        }
        return sound;
    }

    private void advance(Mark to) {
        furthest.accumulateAndGet(to, (was, now) -> now.isBeyond(was) ? now : was);
    }

    /**
     * A place in the history of the ledger.
     *
     * @param incarnation how often it had been brought back
     * @param position how many events there were
     */
    record Mark(long incarnation, long position) {
        boolean isBeyond(Mark other) {
            return incarnation > other.incarnation || (incarnation == other.incarnation && position > other.position);
        }
    }
}

package io.crmsdk.followup;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of the open follow-ups.
 *
 * @param counts how many there are in each state that is not final
 * @param oldestDue how long the oldest one that is due and not held has been due; null if none is
 * @param heldFor how many are held, by reason
 * @param unknownDefinitions how many open ones have a definition that this instance does not know, held or not
 * @param provisional how many have a due time that rests on days not announced yet
 * @param failing how many failed at their last try and are tried again
 * @param engineFailures how often the loop of this instance's engine failed since it started, for example because the database was away
 * @param stuckCallbacks calls of the host's code that did not end within their limit and are still running in this instance
 * @param listenerFailures how many calls of this instance's listener threw or were dropped
 */
public record FollowUpHealth(
        Map<FollowUpState, Long> counts,
        @Nullable Duration oldestDue,
        Map<FollowUpCase.Hold, Long> heldFor,
        long unknownDefinitions,
        long provisional,
        long failing,
        long engineFailures,
        int stuckCallbacks,
        long listenerFailures) {
    /** Copies the maps. */
    public FollowUpHealth {
        counts = Map.copyOf(counts);
        heldFor = Map.copyOf(heldFor);
    }
}

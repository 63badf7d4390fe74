package io.crmsdk.sync;

import java.time.Instant;
import java.util.Optional;

/**
 * What applying a plan came to. Counts are of this call; a plan that was interrupted goes on where it stopped.
 *
 * @param created records made
 * @param updated records changed
 * @param archived records archived
 * @param adopted records that an interrupted run had made or changed, found and recorded instead of written again
 * @param failed records that became dead letters
 * @param stale records that changed meanwhile and are compared anew in the next plan
 * @param held changes that wait for approval
 * @param unsettled writes of which it is not known yet whether they were done; applying again looks them up
 * @param left changes that were not tried since the run stopped
 * @param stopped why the run stopped early, if it did
 * @param retryAt when it makes sense to go on, if that is known
 */
public record SyncReport(
        long created,
        long updated,
        long archived,
        long adopted,
        long failed,
        long stale,
        long held,
        long unsettled,
        long left,
        Optional<String> stopped,
        Optional<Instant> retryAt) {
    /** Whether every change of the plan has come to an end; only then do the cursors move. */
    public boolean isComplete() {
        return held == 0 && unsettled == 0 && left == 0;
    }

    /** How many writes were done. */
    public long written() {
        return created + updated + archived;
    }
}

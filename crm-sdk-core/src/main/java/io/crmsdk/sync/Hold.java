package io.crmsdk.sync;

import java.util.List;

/**
 * Why a plan, or a part of it, is not applied without a person's word.
 *
 * @param kind what looks wrong
 * @param reason one sentence with the numbers
 * @param samples ids of up to ten records that it is about
 */
public record Hold(Kind kind, String reason, List<String> samples) {
    /** What looks wrong, and how much of the plan waits for it. */
    public enum Kind {
        /** Too many records would be archived; creates and updates go on. */
        ARCHIVES,
        /** Too many records would change; creates and archives go on. */
        UPDATES,
        /** Too many filled fields would be emptied; creates and archives go on. */
        BLANKED,
        /** Too many records would change owner or region; creates and archives go on. */
        REASSIGNED,
        /** Far more records would be made than usual; updates and archives go on. */
        CREATES,
        /** Many new records share a value that should tell them apart; updates and archives go on. */
        COLLAPSED,
        /** The source has far fewer records than last time, as if its answer were incomplete. Nothing goes on. */
        SHRUNK,
        /** Times of change lie in the future of the system's own clock. Nothing goes on. */
        CLOCK,
        /** Totals of money differ. Nothing goes on. */
        TOTALS,
        /** A field that only a person may grant would be granted. Never goes on; the writes in question are refused. */
        GRANT
    }

    /** Copies the samples. */
    public Hold {
        samples = List.copyOf(samples);
    }

    boolean holds(String action) {
        return switch (kind) {
            case ARCHIVES -> action.equals(Actions.ARCHIVE);
            case UPDATES, BLANKED, REASSIGNED -> action.equals(Actions.UPDATE);
            case CREATES, COLLAPSED -> action.equals(Actions.CREATE);
            case SHRUNK, CLOCK, TOTALS -> true;
            case GRANT -> false;
        };
    }
}

package io.crmsdk.sync;

import org.jspecify.annotations.Nullable;

/**
 * One write that a plan would do. The text form has the names of the fields only.
 *
 * @param action {@code CREATE}, {@code UPDATE} or {@code ARCHIVE}
 * @param side which system is written
 * @param sourceId the source's record; null if it is yet to be made
 * @param targetId the target's record; null if it is yet to be made
 * @param before what the fields to be changed hold now, in the target's words
 * @param fields what they are to hold
 */
public record PlannedChange(
        String action,
        Side side,
        @Nullable String sourceId,
        @Nullable String targetId,
        Fields before,
        Fields fields) {}

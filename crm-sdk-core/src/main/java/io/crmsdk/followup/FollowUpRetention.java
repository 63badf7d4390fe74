package io.crmsdk.followup;

/**
 * What taking out follow-ups that had ended came to.
 *
 * @param followUps how many were archived and taken out
 * @param finished false if there is more to do: the time was up, or the thread was interrupted
 */
public record FollowUpRetention(long followUps, boolean finished) {}

package io.crmsdk.followup;

/**
 * Hears of what happened to follow-ups through one {@link FollowUps} and its engines, after the commit.
 *
 * <p>Called by one thread of its own, so a slow or throwing listener stops no follow-up. What it throws, and what comes when it is a
 * thousand calls behind, is dropped and counted in the health snapshot: the store, not the listener, holds the truth. A start within the
 * host's own transaction is not told, since its commit is the host's.
 */
@FunctionalInterface
public interface FollowUpListener {
    /**
     * A new line stands in the history of a follow-up.
     *
     * @param key the follow-up, for {@link FollowUps#find}
     * @param entry what happened
     */
    void onEntry(String key, FollowUpCase.Entry entry);
}

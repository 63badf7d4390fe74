package io.crmsdk.followup;

/** Where a follow-up stands. */
public enum FollowUpState {
    /** A step is due at a stored instant, now or later. */
    SCHEDULED,
    /** Somebody was asked, and may answer until a stored instant. */
    AWAITING_ANSWER,
    /** It does not go on by itself; the reason is stored, and what lets it go on is in its history. */
    HELD,
    /** All steps ran. */
    FINISHED,
    /** The host's condition said, at a due time, that nothing more is needed. */
    NOT_NEEDED,
    /** The answer to its question ended it, as the definition says: a yes. */
    ANSWERED,
    /** The answer to its question ended it, as the definition says: a no. */
    REFUSED,
    /** Somebody cancelled it; who and why is in its history. */
    CANCELLED;

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return this != SCHEDULED && this != AWAITING_ANSWER && this != HELD;
    }
}

package io.crmsdk.sync;

import java.util.List;
import java.util.function.Consumer;

/**
 * What a run would do, written down before anything is done, under a hash that names exactly this. It is applied as it stands or
 * not at all. Immutable; the changes themselves are in the store.
 */
public final class SyncPlan {
    private final Setup setup;
    private final String id;
    private final String hash;
    private final Summary summary;

    SyncPlan(Setup setup, String id, String hash, Summary summary) {
        this.setup = setup;
        this.id = id;
        this.hash = hash;
        this.summary = summary;
    }

    String id() {
        return id;
    }

    /** SHA-256 of the pair, its translation and all changes in canonical JSON; two plans with one hash do the same. */
    public String hash() {
        return hash;
    }

    /** How many records would be made. */
    public long creates() {
        return summary.creates();
    }

    /** How many records would be changed. */
    public long updates() {
        return summary.updates();
    }

    /** How many records would be archived. */
    public long archives() {
        return summary.archives();
    }

    /** How many writes there would be. */
    public long changes() {
        return creates() + updates() + archives();
    }

    /** How many records the source gave, repeated ones included. */
    public long seen() {
        return summary.seen();
    }

    /** How many pairs of records are linked already. */
    public long linked() {
        return summary.linked();
    }

    /** How many fields wait for a person's decision; see {@link SyncPair#conflicts}. */
    public long conflicts() {
        return summary.conflicts();
    }

    /** How many of the {@link #conflicts} are fields that two systems wrote in turn; see {@link SyncPair.Builder#pingPong}. */
    public long pingPong() {
        return summary.swinging();
    }

    /** How many fields the target changed by itself and keeps. */
    public long drifted() {
        return summary.drifted();
    }

    /** Why a part of it waits for a person's word; empty if nothing does. */
    public List<Hold> holds() {
        return summary.holds();
    }

    /** Whether a part of it waits for a person's word. */
    public boolean isHeld() {
        return summary.holds().stream().anyMatch(hold -> hold.kind() != Hold.Kind.GRANT);
    }

    /**
     * Calls with every change, in the order of the hash, a page in memory at a time; nothing once another plan was made.
     */
    public void forEach(Consumer<PlannedChange> consumer) {
        new PlanBooks(setup.store(), setup.pair())
                .each(
                        id,
                        change -> consumer.accept(new PlannedChange(
                                change.kind(),
                                change.side(),
                                change.sourceId(),
                                change.kind().equals(Actions.CREATE) && change.side() == Side.TARGET
                                        ? null
                                        : change.targetId(),
                                change.before(),
                                change.changes())));
    }

    @Override
    public String toString() {
        return "SyncPlan[" + hash.substring(0, Math.min(12, hash.length())) + ", " + creates() + " creates, "
                + updates() + " updates, " + archives() + " archives, " + holds().size() + " holds]";
    }
}

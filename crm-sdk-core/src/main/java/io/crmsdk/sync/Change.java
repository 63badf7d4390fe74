package io.crmsdk.sync;

import org.jspecify.annotations.Nullable;

/**
 * One row of the action table.
 *
 * @param item unique in its plan: {@code t:} and the source's id for what is written to the target, {@code s:} and the target's
 *     id for what is written to the source
 * @param targetId the target's record; of one that is to be made there, the one that is gone and whose place it takes
 * @param version what the record to be written must still be
 * @param ours the source's values as they were compared
 * @param theirs the target's values as they were compared
 * @param changes what to write, in the target's words
 */
record Change(
        String item,
        String kind,
        Side side,
        @Nullable String sourceId,
        @Nullable String targetId,
        @Nullable String version,
        Fields ours,
        Fields theirs,
        Fields changes,
        String state,
        int tries,
        long intentMicros) {

    static Change planned(
            String item,
            String kind,
            Side side,
            @Nullable String sourceId,
            @Nullable String targetId,
            @Nullable String version,
            Fields ours,
            Fields theirs,
            Fields changes) {
        return new Change(item, kind, side, sourceId, targetId, version, ours, theirs, changes, Actions.PLANNED, 0, 0);
    }

    static String toTarget(String sourceId) {
        return "t:" + sourceId;
    }

    static String toSource(String targetId) {
        return "s:" + targetId;
    }

    /** What is on the side to be written. */
    Fields before() {
        Fields there = side == Side.TARGET ? theirs : ours;
        return there.only(path -> changes.get(path) != null);
    }

    @Nullable
    String writtenId() {
        return side == Side.TARGET ? targetId : sourceId;
    }

    /** What the plan's hash is made of. */
    String canonical() {
        return "{\"action\":" + Fields.quoted(kind) + ",\"before\":" + before().json() + ",\"fields\":" + changes.json()
                + ",\"item\":" + Fields.quoted(item) + ",\"side\":" + Fields.quoted(side.name()) + ",\"target\":"
                + orNull(targetId) + ",\"version\":" + orNull(version) + "}";
    }

    private static String orNull(@Nullable String text) {
        return text == null ? "null" : Fields.quoted(text);
    }
}

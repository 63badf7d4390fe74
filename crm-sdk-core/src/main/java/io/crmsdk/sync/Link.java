package io.crmsdk.sync;

import org.jspecify.annotations.Nullable;

/** Two records known to be the same thing, and what each side said when they last agreed, in the target's words. */
record Link(
        String sourceId,
        String targetId,
        boolean live,
        Fields sourceBase,
        Fields targetBase,
        @Nullable String sourceVersion,
        @Nullable String targetVersion) {
    Diff.Bases bases() {
        return new Diff.Bases(sourceBase, targetBase);
    }
}

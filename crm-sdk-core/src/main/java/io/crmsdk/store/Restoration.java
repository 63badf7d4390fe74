package io.crmsdk.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a store came back from a backup: what happened between the two instants is not in it, though it happened.
 *
 * <p>So whoever sends must hold what was unfinished then, and whoever keeps consent must fetch again what was said since.
 *
 * @param incarnation 2 after the first restore, one more after each further one; a room that has dealt with an incarnation
 *     notes its number
 * @param taken when the backup was taken, by the clock of its store; null if it was not made by {@link Store#backup}
 * @param restored when it was restored
 */
public record Restoration(int incarnation, @Nullable Instant taken, Instant restored) {}

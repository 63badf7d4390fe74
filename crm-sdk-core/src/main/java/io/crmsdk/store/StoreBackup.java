package io.crmsdk.store;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A copy of a store that was read back and found whole.
 *
 * @param file the copy, one file
 * @param taken everything committed before is in it, by the clock of the store
 * @param bytes its size
 */
public record StoreBackup(Path file, Instant taken, long bytes) {}

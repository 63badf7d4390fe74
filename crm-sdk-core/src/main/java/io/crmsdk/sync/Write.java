package io.crmsdk.sync;

import org.jspecify.annotations.Nullable;

/**
 * One write that a connector is asked for. The {@code ref} names it in the answer.
 */
public sealed interface Write {
    /** Unique within its batch. */
    String ref();

    /**
     * Makes a record. If the connector keeps keys, it stores this one with it; if it upserts by key, a record that has the key
     * is changed instead of made twice.
     *
     * @param key the same for every attempt at the same record
     * @param fields its values
     */
    record Create(String ref, String key, Fields fields) implements Write {}

    /**
     * Changes some values of a record.
     *
     * @param id the system's id
     * @param expectedVersion write only if the record still has this version; null if it has none
     * @param changes the values to change; a value of null empties its field
     */
    record Update(String ref, String id, @Nullable String expectedVersion, Fields changes) implements Write {}

    /**
     * Takes a record out of use in the way the system does: archived, deactivated, hidden. Deletes only if the system knows
     * nothing milder.
     *
     * @param id the system's id
     * @param expectedVersion archive only if the record still has this version; null if it has none
     */
    record Archive(String ref, String id, @Nullable String expectedVersion) implements Write {}
}

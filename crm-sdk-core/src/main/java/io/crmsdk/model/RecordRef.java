package io.crmsdk.model;

import org.jspecify.annotations.Nullable;

/**
 * Points to another record: by our own id, by the id of another system, or both.
 *
 * @param id our id; null if not known yet
 * @param externalId the id elsewhere; null if none
 */
public record RecordRef(@Nullable String id, @Nullable ExternalId externalId) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException {@code MALFORMED} if both are absent
     */
    public RecordRef {
        id = Text.exactOrNull("ref.id", id, 64);
        if (id == null && externalId == null) {
            throw new ModelException("MALFORMED", "ref", "an id is required");
        }
    }

    /** By our own id. */
    public static RecordRef of(String id) {
        return new RecordRef(id, null);
    }

    /** By the id of another system. */
    public static RecordRef of(ExternalId externalId) {
        return new RecordRef(null, externalId);
    }
}

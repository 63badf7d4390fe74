package io.crmsdk.sync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record as a system gave it. Build with {@link #of(String, Fields)} and the {@code with} methods. Immutable; the text form
 * has no values.
 *
 * @param id the system's own id, exactly as it spells it
 * @param version what a conditional write compares with; null if the system has none
 * @param modified the time of its last change as the system writes it, read by the declared convention; or null
 * @param key the correlation key that was stored with it when it was created through us; or null
 * @param gone whether this is the sign that it was deleted; then the fields are empty
 * @param fields its values
 */
public record RemoteRecord(
        String id,
        @Nullable String version,
        @Nullable String modified,
        @Nullable String key,
        boolean gone,
        Fields fields) {
    /** @throws IllegalArgumentException if the id is blank or longer than 255 characters */
    public RemoteRecord {
        Objects.requireNonNull(fields, "fields");
        if (id.isBlank() || id.length() > 255) {
            throw new IllegalArgumentException("id: expected 1 to 255 characters, got " + id.length());
        }
    }

    /** A record that is there. */
    public static RemoteRecord of(String id, Fields fields) {
        return new RemoteRecord(id, null, null, null, false, fields);
    }

    /** The sign that a record was deleted. */
    public static RemoteRecord gone(String id) {
        return new RemoteRecord(id, null, null, null, true, Fields.none());
    }

    /** The same with its version. */
    public RemoteRecord withVersion(@Nullable String newVersion) {
        return new RemoteRecord(id, newVersion, modified, key, gone, fields);
    }

    /** The same with the time of its last change. */
    public RemoteRecord withModified(@Nullable String newModified) {
        return new RemoteRecord(id, version, newModified, key, gone, fields);
    }

    /** The same with its correlation key. */
    public RemoteRecord withKey(@Nullable String newKey) {
        return new RemoteRecord(id, version, modified, newKey, gone, fields);
    }

    @Override
    public String toString() {
        return "RemoteRecord[" + id + (version == null ? "" : " at " + version) + (gone ? ", gone" : "") + "]";
    }
}

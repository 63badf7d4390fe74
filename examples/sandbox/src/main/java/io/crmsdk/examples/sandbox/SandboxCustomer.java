package io.crmsdk.examples.sandbox;

import io.crmsdk.sync.Fields;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One customer as the sandbox holds it.
 *
 * @param id the sandbox's own number, for example {@code C-000042}
 * @param key the external key it was made with, if any
 * @param version counts up with every change; the {@code ETag}
 * @param modified when it changed last
 * @param archived whether it is out of use
 * @param fields everything else
 */
public record SandboxCustomer(
        String id, @Nullable String key, long version, Instant modified, boolean archived, Fields fields) {
    SandboxCustomer changed(Fields changes, Instant now) {
        return new SandboxCustomer(id, key, version + 1, now, false, fields.with(changes));
    }

    SandboxCustomer archived(Instant now) {
        return new SandboxCustomer(id, key, version + 1, now, true, fields);
    }

    String etag() {
        return "\"" + version + "\"";
    }

    /** The customer as JSON, with what the system adds under names that begin with an underscore. */
    Fields wire() {
        return fields.toBuilder()
                .text("_id", id)
                .text("_key", key)
                .text("_version", String.valueOf(version))
                .text("_modified", modified.toString())
                .flag("_archived", archived)
                .build();
    }

    @Override
    public String toString() {
        return "SandboxCustomer[" + id + " at " + version + (archived ? ", archived" : "") + "]";
    }
}

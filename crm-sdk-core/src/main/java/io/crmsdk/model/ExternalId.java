package io.crmsdk.model;

import io.crmsdk.Redaction;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of one object in another system, exactly as that system spells it.
 *
 * <p>The value is compared character by character: case, leading zeros and length matter (SAP numbers keep their zeros,
 * Salesforce's 15-character ids are case-sensitive and become 18 at the border, ids of some systems exceed 2^53 and are
 * never parsed as numbers). Unique per system, instance, object type and value: that is what {@link #sameObject} and
 * {@link #key()} compare. Immutable; equality by value.
 *
 * @param system kind of system, for example {@code salesforce}
 * @param instance which one of its kind, for example a tenant or host; empty if there is only one
 * @param objectType type of the object there, for example {@code Contact}
 * @param value the id, exact
 * @param version opaque revision of the object there, for conditional writes; or null
 * @param url where a person can look at the object; or null
 */
public record ExternalId(
        String system,
        String instance,
        String objectType,
        String value,
        @Nullable String version,
        @Nullable String url) {
    /**
     * Checks shape and limits; changes nothing.
     *
     * @throws ModelException {@code MALFORMED} if system, object type or value are blank or hold control characters
     */
    public ExternalId {
        system = Text.exact("externalIds.system", system, 64);
        objectType = Text.exact("externalIds.objectType", objectType, 64);
        instance = Objects.requireNonNull(instance, "instance").isEmpty()
                ? ""
                : Text.exact("externalIds.instance", instance, 255);
        value = Text.exact("externalIds.value", value, 255);
        version = Text.exactOrNull("externalIds.version", version, 255);
        url = Text.exactOrNull("externalIds.url", url, 2048);
    }

    /** An id without instance, version and url. */
    public static ExternalId of(String system, String objectType, String value) {
        return new ExternalId(system, "", objectType, value, null, null);
    }

    /** An id in one instance of a system. */
    public static ExternalId of(String system, String instance, String objectType, String value) {
        return new ExternalId(system, instance, objectType, value, null, null);
    }

    /** The same id at another revision. */
    public ExternalId withVersion(@Nullable String newVersion) {
        return new ExternalId(system, instance, objectType, value, newVersion, url);
    }

    /** Whether both name the same object, whatever revision and address they carry. */
    public boolean sameObject(ExternalId other) {
        return system.equals(other.system)
                && instance.equals(other.instance)
                && objectType.equals(other.objectType)
                && value.equals(other.value);
    }

    /** What identifies the object, without revision and address. */
    public ExternalId key() {
        return version == null && url == null ? this : new ExternalId(system, instance, objectType, value, null, null);
    }

    /** System, instance, type and id; an id that is an e-mail address, as mail tools have them, is masked. */
    @Override
    public String toString() {
        String shown = value.indexOf('@') < 0 ? value : Redaction.email(value);
        return system + (instance.isEmpty() ? "" : "@" + instance) + ":" + objectType + ":" + shown;
    }
}

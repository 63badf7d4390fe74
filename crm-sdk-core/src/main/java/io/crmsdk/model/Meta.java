package io.crmsdk.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * About the record rather than the customer. Immutable; equality by value.
 *
 * @param createdAt when the source created it; null if not stated
 * @param updatedAt when the source last changed it; null if not stated
 * @param sourceVersion opaque revision at the source, for conditional writes; null if absent
 * @param revision our own revision, 0 until the registry has stored it
 * @param provenance canonical path of a field to where its value came from
 */
public record Meta(
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable String sourceVersion,
        long revision,
        Map<String, Provenance> provenance) {
    /**
     * Checks and normalises the parts.
     *
     * @throws ModelException if a text is malformed or too long
     */
    public Meta {
        sourceVersion = Text.exactOrNull("meta.sourceVersion", sourceVersion, 255);
        provenance = Text.map(provenance);
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with everything this one holds. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.createdAt = createdAt;
        builder.updatedAt = updatedAt;
        builder.sourceVersion = sourceVersion;
        builder.revision = revision;
        builder.provenance = provenance;
        return builder;
    }

    /** Nothing is known. */
    public static Meta none() {
        return builder().build();
    }

    /** Revision and times. */
    @Override
    public String toString() {
        return "Meta[revision=" + revision + ", createdAt=" + createdAt + ", updatedAt=" + updatedAt + "]";
    }

    /** Collects the parts of a {@link Meta}; what is not set is absent. Not thread-safe; may be used again. */
    public static final class Builder {
        private @Nullable Instant createdAt;
        private @Nullable Instant updatedAt;
        private @Nullable String sourceVersion;
        private long revision;
        private Map<String, Provenance> provenance = Map.of();

        private Builder() {}

        /** Sets {@link Meta#createdAt()}: when the source created it. */
        public Builder createdAt(@Nullable Instant createdAt) {
            this.createdAt = createdAt;
            return this;
        }

        /** Sets {@link Meta#updatedAt()}: when the source last changed it. */
        public Builder updatedAt(@Nullable Instant updatedAt) {
            this.updatedAt = updatedAt;
            return this;
        }

        /** Sets {@link Meta#sourceVersion()}: opaque revision at the source, for conditional writes. */
        public Builder sourceVersion(@Nullable String sourceVersion) {
            this.sourceVersion = sourceVersion;
            return this;
        }

        /** Sets {@link Meta#revision()}: our own revision, 0 until the registry has stored it. */
        public Builder revision(long revision) {
            this.revision = revision;
            return this;
        }

        /** Sets {@link Meta#provenance()}: canonical path of a field to where its value came from. */
        public Builder provenance(Map<String, Provenance> provenance) {
            this.provenance = provenance;
            return this;
        }

        /**
         * The finished value.
         *
         * @throws ModelException if a text is malformed or too long
         */
        public Meta build() {
            return new Meta(createdAt, updatedAt, sourceVersion, revision, provenance);
        }
    }
}

package io.crmsdk.sync;

import io.crmsdk.time.TimeConvention;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one connector's system can do, declared once and proven by {@link ConnectorContract}. What is not declared is not relied
 * on. Immutable.
 */
public final class Capabilities {
    /** How a system tells what changed. */
    public enum Changes {
        /** By the time of last change and, among equal times, by id: pages can start in the middle of equal times. */
        STAMP_AND_ID,
        /** By the time of last change only: pages start at a time, whatever many records share it. */
        STAMP,
        /** By a token that it gives with the last page. */
        TOKEN,
        /** Not at all: everything is listed and compared. */
        NONE
    }

    /** How a system tells that a record was deleted. */
    public enum Deletes {
        /** Deleted records come with the changes, marked. */
        MARKED,
        /** They are no longer listed; each is confirmed by a direct look. */
        ABSENT
    }

    /** What a system does with the correlation key of a {@link Write.Create}. */
    public enum Keys {
        /** Stores it, and changes the record that has it instead of making a second. */
        UPSERT,
        /** Stores it, and finds records by it. */
        SEARCH,
        /** Nothing: after a crash it cannot be told whether a record was made, so one may be made twice. */
        NONE
    }

    /** What happens to a batch of which one part is refused. */
    public enum Batch {
        /** Each write has its own result. */
        EACH,
        /** All or nothing is done. */
        ATOMIC
    }

    private final String system;
    private final String instance;
    private final String objectType;
    private final Changes changes;
    private final @Nullable TimeConvention stamps;
    private final Duration overlap;
    private final Deletes deletes;
    private final Keys keys;
    private final Duration keyVisibleWithin;
    private final boolean conditionalWrites;
    private final int pageSize;
    private final int batchSize;
    private final Batch batch;

    private Capabilities(Builder builder) {
        system = builder.system;
        instance = builder.instance;
        objectType = builder.objectType;
        changes = builder.changes;
        stamps = builder.stamps;
        overlap = builder.overlap;
        deletes = builder.deletes;
        keys = builder.keys;
        keyVisibleWithin = builder.keyVisibleWithin;
        conditionalWrites = builder.conditionalWrites;
        pageSize = builder.pageSize;
        batchSize = builder.batchSize;
        batch = builder.batch;
    }

    /**
     * Starts from what every system can do: list everything, write one record at a time.
     *
     * @param system as in {@link io.crmsdk.model.ExternalId#system()}
     * @param instance which one of its kind; may be empty
     * @param objectType as in {@link io.crmsdk.model.ExternalId#objectType()}
     */
    public static Builder builder(String system, String instance, String objectType) {
        return new Builder(system, instance, objectType);
    }

    /** The kind of system. */
    public String system() {
        return system;
    }

    /** Which one of its kind; may be empty. */
    public String instance() {
        return instance;
    }

    /** What its records are called there. */
    public String objectType() {
        return objectType;
    }

    /** How changes are told. */
    public Changes changes() {
        return changes;
    }

    /** How times of change are written; there if changes are told by time. */
    public Optional<TimeConvention> stamps() {
        return Optional.ofNullable(stamps);
    }

    /** How far back each run reads again, for records that were committed late. */
    public Duration overlap() {
        return overlap;
    }

    /** How deletions are told. */
    public Deletes deletes() {
        return deletes;
    }

    /** What becomes of correlation keys. */
    public Keys keys() {
        return keys;
    }

    /** How long a new record may take until it is found by its key. */
    public Duration keyVisibleWithin() {
        return keyVisibleWithin;
    }

    /** Whether a write can be bound to the version that was read. */
    public boolean hasConditionalWrites() {
        return conditionalWrites;
    }

    /** How many records a page has at most. */
    public int pageSize() {
        return pageSize;
    }

    /** How many writes a batch has at most. */
    public int batchSize() {
        return batchSize;
    }

    /** What happens to a batch of which one part is refused. */
    public Batch batch() {
        return batch;
    }

    @Override
    public String toString() {
        return "Capabilities[" + system + (instance.isEmpty() ? "" : "@" + instance) + ":" + objectType + ", " + changes
                + ", " + deletes + ", " + keys + (conditionalWrites ? ", conditional" : "") + "]";
    }

    /** Collects {@link Capabilities}; not thread-safe. */
    public static final class Builder {
        private final String system;
        private final String instance;
        private final String objectType;
        private Changes changes = Changes.NONE;
        private @Nullable TimeConvention stamps;
        private Duration overlap = Duration.ofMinutes(10);
        private Deletes deletes = Deletes.ABSENT;
        private Keys keys = Keys.NONE;
        private Duration keyVisibleWithin = Duration.ZERO;
        private boolean conditionalWrites;
        private int pageSize = 200;
        private int batchSize = 1;
        private Batch batch = Batch.EACH;

        private Builder(String system, String instance, String objectType) {
            this.system = Objects.requireNonNull(system, "system");
            this.instance = Objects.requireNonNull(instance, "instance");
            this.objectType = Objects.requireNonNull(objectType, "objectType");
        }

        /**
         * Changes are told by time, pages can start between records of the same time.
         *
         * @param convention how {@link RemoteRecord#modified()} is written
         */
        public Builder changesByStampAndId(TimeConvention convention) {
            this.changes = Changes.STAMP_AND_ID;
            this.stamps = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /**
         * Changes are told by time only.
         *
         * @param convention how {@link RemoteRecord#modified()} is written
         */
        public Builder changesByStamp(TimeConvention convention) {
            this.changes = Changes.STAMP;
            this.stamps = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /** Changes are told by a token. */
        public Builder changesByToken() {
            this.changes = Changes.TOKEN;
            return this;
        }

        /**
         * How far back each run reads again; ten minutes if not said, which missed nothing in simulation where late commits
         * took up to minutes.
         */
        public Builder overlap(Duration overlap) {
            this.overlap = Objects.requireNonNull(overlap, "overlap");
            return this;
        }

        /** How deletions are told. */
        public Builder deletes(Deletes deletes) {
            this.deletes = Objects.requireNonNull(deletes, "deletes");
            return this;
        }

        /**
         * What becomes of correlation keys.
         *
         * @param visibleWithin how long a new record may take until it is found by its key
         */
        public Builder keys(Keys keys, Duration visibleWithin) {
            this.keys = Objects.requireNonNull(keys, "keys");
            this.keyVisibleWithin = Objects.requireNonNull(visibleWithin, "visibleWithin");
            return this;
        }

        /** A write can be bound to the version that was read. */
        public Builder conditionalWrites() {
            this.conditionalWrites = true;
            return this;
        }

        /** How many records a page has, 1 to 10,000. */
        public Builder pageSize(int pageSize) {
            this.pageSize = inRange("pageSize", pageSize);
            return this;
        }

        /** How many writes a batch has, 1 to 10,000, and what happens to it when one is refused. */
        public Builder batches(int batchSize, Batch batch) {
            this.batchSize = inRange("batchSize", batchSize);
            this.batch = Objects.requireNonNull(batch, "batch");
            return this;
        }

        private static int inRange(String what, int value) {
            if (value < 1 || value > 10_000) {
                throw new IllegalArgumentException(what + ": expected 1 to 10000, got " + value);
            }
            return value;
        }

        /** The capabilities. */
        public Capabilities build() {
            return new Capabilities(this);
        }
    }
}

package io.crmsdk.delivery;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a worker pool works. Immutable; the defaults suit one node that sends mail. */
public final class WorkerOptions {
    private final int threads;
    private final int claimBatch;
    private final Duration lease;
    private final Duration poll;
    private final Duration stopWithin;
    private final @Nullable String nodeId;

    private WorkerOptions(Builder builder) {
        threads = builder.threads;
        claimBatch = builder.claimBatch == 0 ? Math.max(16, builder.threads * 4) : builder.claimBatch;
        lease = builder.lease;
        poll = builder.poll;
        stopWithin = builder.stopWithin;
        nodeId = builder.nodeId;
    }

    /** Four threads, a lease of 30 s, a poll every second at the latest, ten seconds to stop. */
    public static WorkerOptions defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many attempts run at once. */
    public int threads() {
        return threads;
    }

    /** How many deliveries one claim takes at most. */
    public int claimBatch() {
        return claimBatch;
    }

    /** How long a claim lasts unless it is renewed, by the database's clock. */
    public Duration lease() {
        return lease;
    }

    /** The longest sleep between two looks at the store. */
    public Duration poll() {
        return poll;
    }

    /** How long {@link Workers#close()} waits for attempts in flight before it interrupts them. */
    public Duration stopWithin() {
        return stopWithin;
    }

    /** The name of this node, or null for one made from host and process. */
    public @Nullable String nodeId() {
        return nodeId;
    }

    /** Collects {@link WorkerOptions}; not thread-safe. */
    public static final class Builder {
        private int threads = 4;
        private int claimBatch;
        private Duration lease = Duration.ofSeconds(30);
        private Duration poll = Duration.ofSeconds(1);
        private Duration stopWithin = Duration.ofSeconds(10);
        private @Nullable String nodeId;

        private Builder() {}

        /** How many attempts run at once, 1 to 1,000. More help when servers are slow to answer. */
        public Builder threads(int threads) {
            this.threads = inRange("threads", threads, 1000);
            return this;
        }

        /** How many deliveries one claim takes, 1 to 10,000; more help when sending is faster than the store. */
        public Builder claimBatch(int claimBatch) {
            this.claimBatch = inRange("claimBatch", claimBatch, 10_000);
            return this;
        }

        /**
         * How long a claim lasts, at least 100 ms. It is renewed three times within that time, so it bounds how long a
         * dead node's deliveries wait, not how long an attempt may take.
         */
        public Builder lease(Duration lease) {
            this.lease = atLeast("lease", lease, Duration.ofMillis(100));
            return this;
        }

        /** The longest sleep between two looks at the store, at least 1 ms; bounds the delay of what other processes enqueue. */
        public Builder poll(Duration poll) {
            this.poll = atLeast("poll", poll, Duration.ofMillis(1));
            return this;
        }

        /** How long a stop waits for attempts in flight; zero interrupts them at once. */
        public Builder stopWithin(Duration stopWithin) {
            this.stopWithin = atLeast("stopWithin", stopWithin, Duration.ZERO);
            return this;
        }

        /**
         * Names this node. A promise: no two live pools use the same name, since a pool that starts under a name takes
         * over at once what an earlier pool of that name left behind. Without it, what dead processes of the same machine
         * left behind is recognised by their process, and everything else waits for its lease to end.
         */
        public Builder nodeId(String nodeId) {
            Objects.requireNonNull(nodeId, "nodeId");
            if (nodeId.isBlank() || nodeId.length() > 100 || !nodeId.equals(Texts.clean(nodeId))) {
                throw new IllegalArgumentException("nodeId: expected 1 to 100 characters, got " + nodeId.length());
            }
            this.nodeId = nodeId;
            return this;
        }

        /** The options. */
        public WorkerOptions build() {
            return new WorkerOptions(this);
        }

        private static int inRange(String what, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException(what + ": expected 1 to " + max + ", got " + value);
            }
            return value;
        }

        private static Duration atLeast(String what, Duration value, Duration least) {
            if (value.compareTo(least) < 0) {
                throw new IllegalArgumentException(what + ": expected at least " + least + ", got " + value);
            }
            return value;
        }
    }
}

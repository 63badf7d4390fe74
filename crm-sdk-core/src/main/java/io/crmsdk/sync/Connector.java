package io.crmsdk.sync;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kind of record in one system, as the sync engine sees it.
 *
 * <p>A connector is small: it translates between the system's protocol and {@link Fields}, declares what the system can do, and
 * keeps no state of its own. Cursors, retries of records, matching, comparing, guards and what is durable are the engine's
 * affair. Prove an implementation with {@link ConnectorContract}. The engine calls it from one thread at a time; calls block.
 *
 * <p>Reading throws {@link ConnectorException} when no page could be read: a page is whole or it is no page, so that a cut
 * answer is never taken for the end. An unexpected exception counts as {@link Cause#BUG}.
 */
public interface Connector extends AutoCloseable {
    /** What the system can do; the same for the life of the connector. */
    Capabilities capabilities();

    /**
     * A page of everything, in an order that does not change while paging, best by id.
     *
     * @param next what the page before said; null for the first
     * @param limit how many records at most
     */
    Page list(@Nullable String next, int limit);

    /**
     * A page of what changed at or after a time, ordered by the time of change and then by id. Called only if changes are told
     * by time.
     *
     * @param from inclusive
     * @param next what the page before said; null for the first
     * @param limit how many records at most
     */
    default Page changesSince(Instant from, @Nullable String next, int limit) {
        throw unsupported("changesSince");
    }

    /**
     * A page of what changed since a token. Called only if changes are told by token. A token with which the next run starts is
     * the {@link #token()} taken before.
     *
     * @param token where to start, or what the page before said
     * @param limit how many records at most
     * @throws ConnectorException {@link ConnectorException#cursorExpired()} if the system no longer knows it
     */
    default Page changesAfter(String token, int limit) {
        throw unsupported("changesAfter");
    }

    /** A token for the present. Called only if changes are told by token, before a listing or a run of changes. */
    default String token() {
        throw unsupported("token");
    }

    /** Looks at one record directly. */
    Found fetch(String id);

    /**
     * The records that have a correlation key; more than one is a duplicate that somebody made. Called only if keys are kept.
     */
    default List<RemoteRecord> find(String key) {
        throw unsupported("find");
    }

    /**
     * Writes a batch. Gives a result for each write, in any order; what is missing counts as {@link Written.Unknown}. Throws
     * only if surely nothing of the batch was taken, with a cause other than {@link Cause#UNKNOWN}, or if nothing is known.
     *
     * @param writes at most {@link Capabilities#batchSize()}
     */
    List<Written> write(List<Write> writes);

    /** Lets go of what it holds. */
    @Override
    default void close() {}

    private static UnsupportedOperationException unsupported(String method) {
        return new UnsupportedOperationException(method + " is needed for what the capabilities declare");
    }
}

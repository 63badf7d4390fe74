package io.crmsdk.receivables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The books of one system. Called from one thread at a time; throws {@link io.crmsdk.sync.ConnectorException} when a page could not be
 * read as a whole, so that a cut answer is never taken for the end.
 */
public interface DocumentSource extends AutoCloseable {
    /** The kind of system; the ids of all documents name it. */
    String system();

    /** Which one of its kind; may be empty. */
    String instance();

    /**
     * A page of all documents in their present state.
     *
     * @param next what the page before said; null for the first
     * @param limit how many documents at most
     */
    DocumentPage page(@Nullable String next, int limit);

    /**
     * What the system's own books come to, counted and summed by the system or from its own figures and never from the pages; empty if
     * it cannot say. A figure that is declared in one currency is declared for all: a currency that is not named has none.
     */
    List<ControlTotal> totals();

    /** Lets go of what it holds. */
    @Override
    default void close() {}
}

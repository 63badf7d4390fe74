package io.crmsdk.receivables;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some documents of a source, and how to go on.
 *
 * @param documents in any order
 * @param next what to ask with for the next page; null if this was the last one
 */
public record DocumentPage(
        List<LedgerDocument> documents, @Nullable String next) {
    /** Copies the documents. */
    public DocumentPage {
        documents = List.copyOf(documents);
    }
}

package io.crmsdk.receivables;

import java.util.List;
import java.util.Map;

/** The state of a document that its source no longer has. */
final class Withdrawal {
    /** A status that no source gives; such a document counts for nothing. */
    static final String GONE = "GONE";

    private Withdrawal() {}

    /** Its revision stays that of its last state, so that the source can give the same state again. */
    static Document of(Document last, long reading) {
        return new Document(
                last.kind(),
                last.doc(),
                last.versioned(),
                last.versioned() ? last.revision() : Math.max(reading, last.revision() + 1),
                GONE,
                last.number(),
                last.customer(),
                last.currency(),
                last.amount(),
                null,
                last.type(),
                GONE,
                List.of(),
                Map.of());
    }
}

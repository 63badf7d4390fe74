package io.crmsdk.receivables;

import java.util.List;

/**
 * What a complete reading of a source came to.
 *
 * @param documents what became of its documents
 * @param withdrawn how many documents the source no longer has; their settlements were reversed
 * @param unseen how many documents the source did not give and whose absence nothing proves; they stay as they are
 * @param differences figures on which the source's books and the ledger do not agree
 */
public record ReadingReport(TakeReport documents, long withdrawn, long unseen, List<TotalsDifference> differences) {
    /** Copies the list. */
    public ReadingReport {
        differences = List.copyOf(differences);
    }

    /** Whether both agree to the cent; nothing is said of a figure that the source does not declare. */
    public boolean agrees() {
        return differences.isEmpty() && unseen == 0;
    }
}

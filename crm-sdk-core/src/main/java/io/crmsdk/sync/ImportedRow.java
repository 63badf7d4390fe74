package io.crmsdk.sync;

import io.crmsdk.quality.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row or record of an import, told once it is durable.
 *
 * @param row which one, as the importer was told
 * @param outcome what became of it
 * @param customerId our id of the customer it belongs to; null if it was refused
 * @param findings everything that was noticed
 * @param reasons codes of why it was refused; empty if it was not
 * @param optOuts how many opt-outs it carried that the ledger did not have
 */
public record ImportedRow(
        String row,
        Outcome outcome,
        @Nullable String customerId,
        List<Finding> findings,
        List<String> reasons,
        int optOuts) {
    /** What became of a row. */
    public enum Outcome {
        /** A new customer. */
        CREATED,
        /** A new record of a customer who was there. */
        LINKED,
        /** A new customer, and a question whether it is one who was there. */
        REVIEW,
        /** A newer revision of a record that was there. */
        CHANGED,
        /** Exactly what was there. */
        UNCHANGED,
        /** Not taken; the reasons are kept. */
        REJECTED
    }

    /** Copies the lists. */
    public ImportedRow {
        findings = List.copyOf(findings);
        reasons = List.copyOf(reasons);
    }
}

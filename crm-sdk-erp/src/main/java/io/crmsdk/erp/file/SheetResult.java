package io.crmsdk.erp.file;

import io.crmsdk.mapping.ConsentSignal;
import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.model.Customer;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a sheet and what became of it. Immutable.
 *
 * @param row the row as the file holds it
 * @param outcome what became of it
 * @param record what the mapping made of it; null for a row that is no record or whose fields cannot be placed
 * @param findings everything noticed, about the row first and then about its cells
 */
public record SheetResult(
        SheetRow row, RowOutcome outcome, @Nullable MappedRecord record, List<Finding> findings) {
    /** Copies the findings. */
    public SheetResult {
        findings = List.copyOf(findings);
    }

    static SheetResult of(SheetRow row) {
        RowOutcome outcome = row.kind() == RowKind.BROKEN ? RowOutcome.REJECTED : RowOutcome.SKIPPED;
        return new SheetResult(row, outcome, null, row.findings());
    }

    /** A row of which nothing can be taken for what its column says. */
    static SheetResult refused(SheetRow row, Finding why) {
        List<Finding> findings = new ArrayList<>(row.findings());
        findings.add(why);
        return new SheetResult(row, RowOutcome.REJECTED, null, findings);
    }

    static SheetResult of(SheetRow row, MappedRecord record) {
        List<Finding> findings = new ArrayList<>(row.findings());
        findings.addAll(record.findings());
        return new SheetResult(row, record.rejected() ? RowOutcome.REJECTED : worst(findings), record, findings);
    }

    private static RowOutcome worst(List<Finding> findings) {
        RowOutcome worst = RowOutcome.ACCEPTED;
        for (Finding finding : findings) {
            if (finding.action().compareTo(Action.FLAG_KEEP) >= 0) {
                return RowOutcome.FLAGGED;
            }
            if (finding.action() != Action.KEEP) {
                worst = RowOutcome.REPAIRED;
            }
        }
        return worst;
    }

    /** The row's number as a person sees it. */
    public int number() {
        return row.number();
    }

    /**
     * The customer; null if no record was made.
     *
     * @throws IllegalStateException if the mapping makes another kind of record
     */
    public @Nullable Customer customer() {
        return record == null ? null : record.customer();
    }

    /** What the row says about consent, also if no record was made of it. */
    public List<ConsentSignal> consent() {
        return record == null ? List.of() : record.consent();
    }

    /** The number, outcome and findings; no content. */
    @Override
    public String toString() {
        return "row " + row.number() + " " + outcome + " " + findings;
    }
}

package io.crmsdk.sync;

import java.util.EnumMap;
import java.util.Map;

/**
 * The numbers of an import.
 *
 * @param rows how many rows or records came
 * @param outcomes how many had which outcome; outcomes that did not happen are absent
 * @param optOuts how many opt-outs the ledger did not have before
 * @param unplaced how many opt-outs could be attached to nobody, since their row was refused and had no address that can be
 *     read; their rows are among the rejects with {@code OPT_OUT_UNPLACED}
 */
public record ImportReport(long rows, Map<ImportedRow.Outcome, Long> outcomes, long optOuts, long unplaced) {
    /** Copies the map. */
    public ImportReport {
        outcomes = Map.copyOf(outcomes);
    }

    /** How many rows had an outcome. */
    public long count(ImportedRow.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Whether nothing was stored that was not there before. */
    public boolean changedNothing() {
        return optOuts == 0 && count(ImportedRow.Outcome.UNCHANGED) + count(ImportedRow.Outcome.REJECTED) == rows;
    }

    static final class Counter {
        private final Map<ImportedRow.Outcome, Long> outcomes = new EnumMap<>(ImportedRow.Outcome.class);
        private long rows;
        private long optOuts;
        private long unplaced;

        void add(ImportedRow row) {
            rows++;
            outcomes.merge(row.outcome(), 1L, Long::sum);
            optOuts += row.optOuts();
            unplaced += row.reasons().contains(RecordImport.UNPLACED) ? 1 : 0;
        }

        ImportReport report() {
            return new ImportReport(rows, outcomes, optOuts, unplaced);
        }
    }
}

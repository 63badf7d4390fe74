package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Finding;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * One row of a sheet as the file holds it, with what its place in the sheet says about it. Immutable.
 *
 * @param number what a person sees as the row's number in a spreadsheet, from 1; the header counts. For a CSV file that is
 *     the record, not the line: a quoted line break does not count
 * @param line physical line of a CSV file on which the record starts, from 1; equal to {@code number} for a workbook
 * @param kind what the row is
 * @param cells the raw cells, as many as the header has columns unless the kind is {@link RowKind#BROKEN}
 * @param series positions, from 0, of cells that count up by one over three or more consecutive rows, as dragging a cell
 *     leaves them; see {@link io.crmsdk.quality.JudgeContext#series()}
 * @param findings everything noticed about the row; their raw text is empty
 */
public record SheetRow(
        int number, long line, RowKind kind, List<Cell> cells, Set<Integer> series, List<Finding> findings) {
    /** Copies the collections. */
    public SheetRow {
        Objects.requireNonNull(kind, "kind");
        cells = List.copyOf(cells);
        series = Set.copyOf(series);
        findings = List.copyOf(findings);
    }

    /** Whether a finding has this code. */
    public boolean has(String code) {
        return findings.stream().anyMatch(finding -> finding.code().equals(code));
    }

    /** The number, kind and findings; no content. */
    @Override
    public String toString() {
        return "row " + number + " " + kind + " " + findings;
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row on its way from a file to its judges. */
final class RawRow {
    final int number;
    final long line;
    final List<Cell> cells;
    final List<Finding> findings = new ArrayList<>(0);
    private List<CellNote> cellNotes = List.of();
    /** Whether the reader of the file already knows that the cells cannot be trusted. */
    boolean broken;

    RawRow(int number, long line, List<Cell> cells) {
        this.number = number;
        this.line = line;
        this.cells = cells;
    }

    Cell cell(int column) {
        return column < cells.size() ? cells.get(column) : Cell.empty();
    }

    /** The number of cells up to the last one that is not blank. */
    int width() {
        int width = cells.size();
        while (width > 0 && Labels.isBlank(cells.get(width - 1))) {
            width--;
        }
        return width;
    }

    int filled() {
        int filled = 0;
        for (Cell cell : cells) {
            if (!Labels.isBlank(cell)) {
                filled++;
            }
        }
        return filled;
    }

    boolean isBlank() {
        for (Cell cell : cells) {
            if (!Labels.isBlank(cell)) {
                return false;
            }
        }
        return true;
    }

    void note(String code, Certainty certainty, Action action, @Nullable String column, String message) {
        findings.add(new Finding(column, "row", code, certainty, action, "", null, message));
    }

    /** Something about one cell, whose column has its name only when the header is known. */
    private record CellNote(int column, String code, Certainty certainty, Action action, String message) {}

    void noteCell(int column, String code, Certainty certainty, Action action, String message) {
        if (cellNotes.isEmpty()) {
            cellNotes = new ArrayList<>();
        }
        cellNotes.add(new CellNote(column, code, certainty, action, message));
    }

    /** Gives the notes about cells the names of their columns. */
    void resolve(List<String> names) {
        for (CellNote note : cellNotes) {
            String name = note.column < names.size() ? names.get(note.column) : Labels.letters(note.column);
            note(note.code, note.certainty, note.action, name, note.message);
        }
        cellNotes = List.of();
    }

    /** The row cannot be used. */
    void reject(String code, String message) {
        broken = true;
        note(code, Certainty.CERTAIN, Action.REJECT, null, message);
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Notices columns of long numbers that count up by one from row to row, as dragging a cell's corner leaves them. */
final class SeriesWatch {
    /** So many consecutive rows are no chance. */
    static final int LEAST_ROWS = 3;
    /** Shorter numbers may well be numbered on purpose. */
    private static final int LEAST_DIGITS = 8;

    private static final int MOST_DIGITS = 18;

    private final List<Long> last = new ArrayList<>();
    private final List<Integer> runs = new ArrayList<>();

    /**
     * Takes the next record.
     *
     * @return columns whose run has just reached the least length, as negative numbers minus one, and columns whose run goes
     *     on; for the former the rows before belong to the run too
     */
    Set<Integer> take(List<Cell> cells) {
        Set<Integer> inRun = Set.of();
        for (int column = 0; column < cells.size(); column++) {
            if (column == last.size()) {
                last.add(-1L);
                runs.add(1);
            }
            long value = number(cells.get(column));
            long before = last.get(column);
            int run = value > 0 && value == before + 1 ? runs.get(column) + 1 : 1;
            if (value != before || run != 1) {
                last.set(column, value);
                runs.set(column, run);
            }
            if (run >= LEAST_ROWS) {
                inRun = inRun.isEmpty() ? new HashSet<>() : inRun;
                inRun.add(run == LEAST_ROWS ? -1 - column : column);
            }
        }
        return inRun;
    }

    /** The whole number of at least eight digits that a cell shows, or -1. */
    private static long number(Cell cell) {
        if (cell.kind() != Cell.Kind.TEXT && cell.kind() != Cell.Kind.NUMBER) {
            return -1;
        }
        String text = cell.text();
        if (cell.kind() == Cell.Kind.NUMBER && text.indexOf('E') >= 0) {
            return cell.decimal()
                    .filter(decimal -> decimal.stripTrailingZeros().scale() <= 0
                            && decimal.precision() - decimal.scale() <= MOST_DIGITS)
                    .map(decimal -> decimal.longValue())
                    .orElse(-1L);
        }
        long value = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
                if (++digits > MOST_DIGITS) {
                    return -1;
                }
            } else if (c != ' ' && c != '-' && c != '+' && c != '\'' && c != '\t') {
                return -1;
            }
        }
        return digits < LEAST_DIGITS ? -1 : value;
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.mapping.MappedRecord;
import io.crmsdk.mapping.RowMapping;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Notices a row whose values stand one column beside their own although it has as many fields as the header has columns: a
 * separator inside a value was not quoted and a blank field at the end was cut, or somebody deleted a cell and the others moved up.
 *
 * <p>Such a row has several values that are refused where they stand. If moving all from one column on by one place makes every one
 * of them right, that is no chance: then nothing says which of the other values of the row are in their place either.
 */
final class ShiftCheck {
    /** One refused value that fits the neighbour column may be chance. */
    private static final int LEAST_MENDED = 2;

    private final RowMapping mapping;

    ShiftCheck(RowMapping mapping) {
        this.mapping = mapping;
    }

    /** What is to be said of a row that was read, or null if its values are in their columns. */
    @Nullable
    Finding look(SheetRow row, MappedRecord asItStands) {
        if (refused(asItStands) < LEAST_MENDED) {
            return null;
        }
        int right = typed(asItStands);
        List<Cell> cells = row.cells();
        for (int column = 0; column < cells.size(); column++) {
            boolean left = isMended(row, withoutCell(cells, column), right);
            if (left || lastIsBlank(cells) && isMended(row, withBlank(cells, column), right)) {
                return finding(row.number(), mapping.header().get(column), left);
            }
        }
        return null;
    }

    private static boolean lastIsBlank(List<Cell> cells) {
        return Labels.isBlank(cells.get(cells.size() - 1));
    }

    private boolean isMended(SheetRow row, List<Cell> moved, int right) {
        MappedRecord record = mapping.read(row.number(), moved, row.series());
        return refused(record) == 0 && typed(record) >= right + LEAST_MENDED;
    }

    private static long refused(MappedRecord record) {
        return record.findings().stream()
                .filter(finding -> finding.action() == Action.REJECT)
                .count();
    }

    /** Values that only their own column takes: anything may stand in a column of free text. */
    private static int typed(MappedRecord record) {
        return (int) record.values().values().stream()
                .filter(value -> value != null && !(value instanceof CharSequence))
                .count();
    }

    private static List<Cell> withoutCell(List<Cell> cells, int column) {
        List<Cell> moved = new ArrayList<>(cells);
        moved.remove(column);
        moved.add(Cell.empty());
        return moved;
    }

    private static List<Cell> withBlank(List<Cell> cells, int column) {
        List<Cell> moved = new ArrayList<>(cells.subList(0, cells.size() - 1));
        moved.add(column, Cell.empty());
        return moved;
    }

    private static Finding finding(int row, String column, boolean left) {
        return new Finding(
                Objects.requireNonNull(column),
                "row " + row,
                SheetCode.SHIFTED,
                Certainty.SUSPECT,
                Action.REJECT,
                "",
                null,
                "from this column on, the values fit the column " + (left ? "before" : "behind")
                        + " theirs; a value holds a separator that is not quoted, or a cell was "
                        + (left ? "inserted" : "deleted") + ". Put them back and read the row again");
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import java.util.ArrayList;
import java.util.List;

/** Lays the fields of a record under the columns of the header, or finds that nothing says which belongs where. */
final class Fitting {
    private final int columns;
    private final boolean counted;
    private final int usualWidth;

    Fitting(Header header, RowFeed feed) {
        this.columns = header.names().size();
        this.counted = feed.countsFields();
        this.usualWidth = feed.hasUsualWidth() ? feed.usualWidth() : columns;
    }

    /** {@link RowKind#DATA}, or {@link RowKind#BROKEN} with the reason noted. */
    RowKind fit(RawRow row) {
        if (row.broken) {
            return RowKind.BROKEN;
        }
        int fields = row.cells.size();
        if (counted && fields != columns && !isUsual(row)) {
            row.reject(
                    SheetCode.FIELD_COUNT,
                    fields + " fields where the header has " + columns
                            + (fields > columns ? "; a separator inside a value is not quoted" : "; some are missing"));
            return RowKind.BROKEN;
        }
        if (row.width() > columns) {
            row.note(
                    SheetCode.UNNAMED_COLUMN,
                    Certainty.SUSPECT,
                    Action.FLAG_KEEP,
                    Labels.letters(columns),
                    "values stand behind the last named column; they were not used");
        }
        return RowKind.DATA;
    }

    /** Nearly all records of the file have this other number of fields, and nothing stands in those without a name. */
    private boolean isUsual(RawRow row) {
        return row.cells.size() == usualWidth && row.width() <= columns;
    }

    /** The cells of a record, one a column; those of a broken one as they are. */
    List<Cell> cells(RawRow row, RowKind kind) {
        if (kind == RowKind.BROKEN || row.cells.size() == columns) {
            return row.cells;
        }
        List<Cell> cells = new ArrayList<>(columns);
        for (int column = 0; column < columns; column++) {
            cells.add(row.cell(column));
        }
        return cells;
    }
}

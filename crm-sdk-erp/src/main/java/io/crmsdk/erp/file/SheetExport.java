package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sheet that is being written. Not thread-safe; in constant memory.
 *
 * <p>Rows go to a temporary file beside the target. {@link #finish()} puts it in the target's place at once, so that nobody
 * ever reads half a sheet; closed without it, as after an error, the export leaves nothing behind and the old file as it was.
 */
public sealed interface SheetExport extends AutoCloseable permits CsvExport, XlsxExport {
    /**
     * Writes one row.
     *
     * @throws IllegalStateException after {@link #finish()}
     * @throws FileException if writing fails or the row does not fit the format
     */
    void row(List<Cell> cells);

    /**
     * Writes one row of texts, none of which is taken for a number, a date or a formula; null is an empty cell.
     *
     * @throws IllegalStateException after {@link #finish()}
     * @throws FileException if writing fails or the row does not fit the format
     */
    default void texts(List<? extends @Nullable String> texts) {
        List<Cell> cells = new ArrayList<>(texts.size());
        for (String text : texts) {
            cells.add(text == null ? Cell.empty() : Cell.text(text));
        }
        row(cells);
    }

    /**
     * Completes the sheet and puts it in the place of the target. A second call does nothing.
     *
     * @throws FileException if writing fails
     */
    void finish();

    /** Lets go of the file; without {@link #finish()} before it the sheet is discarded. */
    @Override
    void close();
}

package io.crmsdk.erp.file;

import java.io.InputStream;
import java.nio.file.Path;

/**
 * A file that holds one table and can be read from its beginning. Immutable and thread-safe.
 *
 * <p>{@link #open()} may be called again for a file; a source of a stream can be opened once.
 */
public sealed interface SheetSource permits CsvSource, XlsxSource {
    /**
     * The file as what its content says it is: a workbook if it starts as one, else text. Its name does not matter.
     *
     * @throws FileException if it cannot be read, or is a known format that is neither, such as an old {@code .xls}
     */
    static SheetSource of(Path file) {
        return FileContent.of(file).source();
    }

    /**
     * The same for a stream, which is copied to a temporary file, readable by its owner only and deleted when the rows are
     * closed. The stream is read to its end here; it is not closed.
     *
     * @param name what to call it in messages
     * @throws FileException as {@link #of(Path)}, or if it is larger than the standard limit
     */
    static SheetSource of(String name, InputStream stream) {
        return FileContent.spool(name, stream, FileLimits.standard()).source();
    }

    /** The file's name without its folders. */
    String name();

    /**
     * Checks the file as a whole and starts to read it.
     *
     * @throws FileException if it is refused; then no row was given
     */
    SheetRows open();

    /**
     * What all records of the file together say, the same for a renamed copy and for the same rows in another order. Reads the
     * whole file once; {@link #open()} can be called again for a file.
     *
     * @throws FileException as {@link #open()}
     */
    default String fingerprint() {
        Fingerprint fingerprint = new Fingerprint();
        try (SheetRows rows = open()) {
            fingerprint.header(rows.header());
            while (rows.hasNext()) {
                SheetRow row = rows.next();
                if (row.kind() == RowKind.DATA || row.kind() == RowKind.BROKEN) {
                    fingerprint.row(row.cells());
                }
            }
        }
        return fingerprint.toString();
    }
}

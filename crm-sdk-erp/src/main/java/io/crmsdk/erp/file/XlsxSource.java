package io.crmsdk.erp.file;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A workbook ({@code .xlsx}, {@code .xlsm}) of which one sheet is read.
 *
 * <p>Cells keep what the workbook stores: decimals as their digits, dates as day counts with the workbook's date system,
 * formulas as their stored results, errors as errors; nothing is rounded or formatted. Before a library reads a part, the part
 * is gone through once: archives and XML that attack their reader (bombs, document types, external entities, paths that climb
 * out), damaged parts and contradictions are refused. Rows come in constant memory, apart from the workbook's table of shared
 * texts. Old {@code .xls} files, web pages under that name and encrypted workbooks are refused and named. Immutable and
 * thread-safe.
 */
public final class XlsxSource implements SheetSource {
    private final FileContent file;
    private final Options options;

    /** What was stated; the rest is found. */
    record Options(@Nullable String sheet, int index, int headerRow, FileLimits limits) {
        static final int FIRST_TABLE = -1;
        static final Options STANDARD = new Options(null, FIRST_TABLE, SheetRows.FIND_HEADER, FileLimits.standard());
    }

    XlsxSource(FileContent file, Options options) {
        this.file = file;
        this.options = options;
    }

    /**
     * A workbook of which the first visible sheet that looks like a table is read; {@link SheetRows#findings()} tell what
     * other sheets there are.
     *
     * @throws FileException if there is no such file
     */
    public static XlsxSource of(Path file) {
        return builder(file).build();
    }

    /**
     * A stream, copied to a temporary file that is deleted when the rows are closed; it can be opened once.
     *
     * @param name what to call it in messages
     * @throws FileException if it breaks off or is larger than the standard limit
     */
    public static XlsxSource of(String name, InputStream stream) {
        return new XlsxSource(FileContent.spool(name, stream, FileLimits.standard()), Options.STANDARD);
    }

    /**
     * A workbook about which something is stated.
     *
     * @throws FileException if there is no such file
     */
    public static Builder builder(Path file) {
        return new Builder(FileContent.of(file));
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public SheetRows open() {
        return new XlsxOpening(file, options).open();
    }

    /** Collects what is stated about an {@link XlsxSource}. Not thread-safe. */
    public static final class Builder {
        private final FileContent file;
        private @Nullable String sheet;
        private int index = Options.FIRST_TABLE;
        private int headerRow = SheetRows.FIND_HEADER;
        private FileLimits limits = FileLimits.standard();

        private Builder(FileContent file) {
            this.file = file;
        }

        /** States the sheet by its name, hidden or not. */
        public Builder sheet(String name) {
            sheet = Objects.requireNonNull(name, "name");
            return this;
        }

        /**
         * States the sheet by its position, from 0, hidden ones counted.
         *
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder sheet(int position) {
            if (position < 0) {
                throw new IllegalArgumentException("sheets are counted from 0, got " + position);
            }
            index = position;
            return this;
        }

        /**
         * States which row names the columns.
         *
         * @param number of the row, from 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder headerRow(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("rows are counted from 1, got " + number);
            }
            headerRow = number;
            return this;
        }

        /** States that no row names the columns; they are called by their letters. */
        public Builder withoutHeader() {
            headerRow = SheetRows.WITHOUT_HEADER;
            return this;
        }

        /** Sets other limits. */
        public Builder limits(FileLimits other) {
            limits = Objects.requireNonNull(other, "other");
            return this;
        }

        /**
         * The source.
         *
         * @throws IllegalStateException if a sheet was stated both by name and by position
         */
        public XlsxSource build() {
            if (sheet != null && index != Options.FIRST_TABLE) {
                throw new IllegalStateException("a sheet is stated by name or by position, not both");
            }
            return new XlsxSource(file, new Options(sheet, index, headerRow, limits));
        }
    }
}

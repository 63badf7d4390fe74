package io.crmsdk.erp.file;

import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text file whose lines are rows: CSV, or fields separated by tabs, semicolons or bars.
 *
 * <p>Encoding, delimiter and header are found by looking at the whole file, and can be stated. The file is read twice, in
 * constant memory: the first pass decodes every byte strictly and finds quotes that never close, so that a broken file is
 * refused before its first row is given; the second gives the rows. Encodings: what a byte order mark states (UTF-8,
 * UTF-16); else UTF-8 if the whole file is UTF-8; else GB18030, which holds GBK and GB 2312, with the euro sign of Windows'
 * code page 936; else the file is refused. Immutable and thread-safe.
 *
 * <pre>{@code
 * try (SheetRows rows = CsvSource.of(Path.of("customers.csv")).open()) {
 *     System.out.println(rows.header());
 *     while (rows.hasNext()) {
 *         SheetRow row = rows.next();
 *     }
 * }
 * }</pre>
 */
public final class CsvSource implements SheetSource {
    private final FileContent file;
    private final Options options;

    /** What was stated; the rest is found. */
    record Options(@Nullable Charset charset, char delimiter, int headerRow, boolean marked, FileLimits limits) {
        static final Options STANDARD =
                new Options(null, (char) 0, SheetRows.FIND_HEADER, false, FileLimits.standard());
    }

    CsvSource(FileContent file, Options options) {
        this.file = file;
        this.options = options;
    }

    /**
     * A file whose encoding, delimiter and header are found.
     *
     * @throws FileException if there is no such file
     */
    public static CsvSource of(Path file) {
        return builder(file).build();
    }

    /**
     * A stream, copied to a temporary file that is deleted when the rows are closed; it can be opened once.
     *
     * @param name what to call it in messages
     * @throws FileException if it breaks off or is larger than the standard limit
     */
    public static CsvSource of(String name, InputStream stream) {
        return new CsvSource(FileContent.spool(name, stream, FileLimits.standard()), Options.STANDARD);
    }

    /**
     * A file about which something is stated.
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
        return new CsvOpening(file, options).open();
    }

    /** Collects what is stated about a {@link CsvSource}. Not thread-safe. */
    public static final class Builder {
        private final FileContent file;
        private @Nullable Charset charset;
        private char delimiter;
        private int headerRow = SheetRows.FIND_HEADER;
        private boolean marked;
        private FileLimits limits = FileLimits.standard();

        private Builder(FileContent file) {
            this.file = file;
        }

        /**
         * States the encoding. It is obeyed, and the file is refused if its bytes or its byte order mark contradict it. GBK
         * and code page 936 are read as GB18030.
         */
        public Builder charset(Charset stated) {
            charset = Objects.requireNonNull(stated, "stated");
            return this;
        }

        /**
         * States what separates fields.
         *
         * @throws IllegalArgumentException if it is a quote, a line end or a zero character
         */
        public Builder delimiter(char stated) {
            if (stated == '"' || stated == '\n' || stated == '\r' || stated == 0) {
                throw new IllegalArgumentException("a quote, a line end or a zero character separates no fields");
            }
            delimiter = stated;
            return this;
        }

        /**
         * States which record names the columns.
         *
         * @param number of the record, from 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder headerRow(int number) {
            if (number < 1) {
                throw new IllegalArgumentException("rows are counted from 1, got " + number);
            }
            headerRow = number;
            return this;
        }

        /** States that no record names the columns; they are called by their letters, {@code A}, {@code B} and so on. */
        public Builder withoutHeader() {
            headerRow = SheetRows.WITHOUT_HEADER;
            return this;
        }

        /**
         * States that the file was written by {@link CsvExport}: the apostrophes that it put before some texts are taken away.
         */
        public Builder apostrophesRemoved() {
            marked = true;
            return this;
        }

        /** Sets other limits. */
        public Builder limits(FileLimits other) {
            limits = Objects.requireNonNull(other, "other");
            return this;
        }

        /** The source. */
        public CsvSource build() {
            return new CsvSource(file, new Options(charset, delimiter, headerRow, marked, limits));
        }
    }
}

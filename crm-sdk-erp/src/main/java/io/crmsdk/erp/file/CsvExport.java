package io.crmsdk.erp.file;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes a CSV file that a spreadsheet can open without running or changing anything in it. Not thread-safe.
 *
 * <p>A text that would run as a formula ({@code =1+1}), or of which a spreadsheet would make another value, gets an apostrophe
 * before it: digit strings with leading zeros or of twelve digits and more, and phone numbers such as
 * {@code +8613800138000}, which would be shown as {@code 8.61E+12}. Amounts such as {@code -12.50} need none. Reading with
 * {@link CsvSource.Builder#apostrophesRemoved()} gives back exactly what was written. For a program on the other side, which
 * must get the values as they are, there is {@link Builder#unsafelyWithoutApostrophes()}.
 *
 * <p>UTF-8 with a byte order mark unless stated otherwise, commas, CR LF (RFC 4180).
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV Injection</a>
 */
public final class CsvExport implements SheetExport {
    private final Draft draft;
    private final CsvWriter writer;
    private final boolean marks;
    private int row;
    private boolean finished;
    private boolean closed;

    private CsvExport(Builder options) {
        this.draft = new Draft(options.target);
        this.marks = options.marks;
        Writer text = new OutputStreamWriter(
                draft.out(),
                options.charset
                        .newEncoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        this.writer = CsvWriter.builder()
                .fieldSeparator(options.delimiter)
                .lineDelimiter(LineDelimiter.CRLF)
                .build(text);
        if (options.charset.name().startsWith("UTF")) {
            try {
                text.write('\uFEFF');
            } catch (IOException e) {
                draft.discard();
                throw draft.failed(e);
            }
        }
    }

    /** An export in UTF-8 with a byte order mark, with this header. */
    public static CsvExport to(Path target, List<String> header) {
        return builder(target).open(header);
    }

    /** An export about which something is stated. */
    public static Builder builder(Path target) {
        return new Builder(target);
    }

    @Override
    public void row(List<Cell> cells) {
        if (finished || closed) {
            throw new IllegalStateException("the export is finished");
        }
        row++;
        List<String> fields = new ArrayList<>(cells.size());
        for (Cell cell : cells) {
            fields.add(field(cell));
        }
        try {
            writer.writeRecord(fields);
        } catch (UncheckedIOException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        }
    }

    private String field(Cell cell) {
        String text = cell.text();
        if (text.indexOf('\0') >= 0) {
            throw draft.refused(row, "a zero character cannot be written");
        }
        return marks && cell.kind() == Cell.Kind.TEXT ? TextMark.marked(text) : text;
    }

    private FileException failure(IOException cause) {
        return cause instanceof CharacterCodingException
                ? new FileException(
                        "FILE_ENCODING",
                        draft.name(),
                        row,
                        "a character up to this row does not exist in the stated encoding; use UTF-8",
                        cause)
                : draft.failed(cause);
    }

    @Override
    public void finish() {
        if (finished) {
            return;
        }
        if (closed) {
            throw new IllegalStateException("the export was discarded");
        }
        try {
            writer.close();
        } catch (IOException e) {
            throw failure(e);
        }
        draft.publish();
        finished = true;
    }

    @Override
    public void close() {
        if (!finished && !closed) {
            draft.discard();
        }
        closed = true;
    }

    /** Collects what is stated about a {@link CsvExport}. Not thread-safe. */
    public static final class Builder {
        private final Path target;
        private Charset charset = StandardCharsets.UTF_8;
        private char delimiter = ',';
        private boolean marks = true;

        private Builder(Path target) {
            this.target = Objects.requireNonNull(target, "target");
        }

        /**
         * Another encoding, for example GB18030 for spreadsheets that take every CSV file for the system's code page. UTF
         * encodings get a byte order mark. A character that the encoding lacks refuses the export.
         */
        public Builder charset(Charset other) {
            charset = Objects.requireNonNull(other, "other");
            return this;
        }

        /** Another separator, such as a tab or a semicolon. */
        public Builder delimiter(char other) {
            delimiter = other;
            return this;
        }

        /**
         * Writes every text as it is, for a program that reads it. Opened in a spreadsheet, such a file may run formulas that
         * came from outside.
         */
        public Builder unsafelyWithoutApostrophes() {
            marks = false;
            return this;
        }

        /**
         * Starts the export with the names of its columns.
         *
         * @throws FileException if the target's folder cannot be written to
         */
        public CsvExport open(List<String> header) {
            CsvExport export = new CsvExport(this);
            export.texts(header);
            return export;
        }
    }
}

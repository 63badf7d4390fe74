package io.crmsdk.erp.file;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The second pass over a CSV file: its records as rows. */
final class CsvFeed implements RowFeed {
    private final FileContent file;
    private final CsvScan.Result scan;
    private final List<Finding> findings;
    private final CsvReader<RawRow> reader;
    private final CloseableIterator<RawRow> records;

    CsvFeed(
            FileContent file,
            Reader text,
            char delimiter,
            boolean delimiterStated,
            CsvSource.Options options,
            CsvScan.Result scan,
            List<Finding> findings)
            throws IOException {
        this.file = file;
        this.scan = scan;
        this.findings = findings;
        this.reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .quoteCharacter('"')
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                // The scan has found an end that was cut, and refuses or flags it.
                .allowUnclosedQuote(true)
                .maxBufferSize(Math.max(
                        1 << 15,
                        Math.min(Integer.MAX_VALUE / 4, options.limits().cellChars()) * 2 + (1 << 14)))
                .build(
                        new Rows(Math.max(4, scan.width()), options.marked()),
                        scan.needsMending() ? new MendingReader(text, delimiter) : text);
        if (delimiterStated) {
            reader.skipLines(1);
        }
        this.records = reader.iterator();
    }

    @Override
    public @Nullable RawRow next() {
        try {
            if (!records.hasNext()) {
                file.refuseIfChanged();
                return null;
            }
            RawRow row = records.next();
            judge(row);
            return row;
        } catch (CsvParseException | UncheckedIOException e) {
            file.refuseIfChanged();
            throw new FileException("FILE_NOT_READABLE", file.name(), -1, "reading failed", e);
        }
    }

    private void judge(RawRow row) {
        if (!scan.flaws().isEmpty()) {
            CsvScan.Flaw flaw = scan.flaws().get(row.line);
            if (flaw != null) {
                flaw(row, flaw);
            }
        }
        if (row.line == scan.unendedLine()) {
            if (scan.cut()) {
                row.reject(SheetCode.ENDED_EARLY, "the file ended inside this row; send it again");
            } else {
                row.note(
                        SheetCode.NO_LINE_END,
                        Certainty.SUSPECT,
                        Action.FLAG_KEEP,
                        null,
                        "the last row has no line end; if the file was cut, its last value is too short");
            }
        }
    }

    private static void flaw(RawRow row, CsvScan.Flaw flaw) {
        switch (flaw.kind()) {
            case BLANK_AFTER_QUOTE ->
                row.note(
                        SheetCode.WRONG_QUOTE,
                        Certainty.CERTAIN,
                        Action.KEEP,
                        null,
                        "line " + flaw.line() + ": blanks behind a closing quote were left out");
            case INNER_QUOTE ->
                row.note(
                        SheetCode.WRONG_QUOTE,
                        Certainty.SUSPECT,
                        Action.FLAG_KEEP,
                        null,
                        "line " + flaw.line() + ": a quote inside a field that has none around it was kept as text");
            case TEXT_AFTER_QUOTE ->
                row.reject(
                        SheetCode.WRONG_QUOTE,
                        "line " + flaw.line() + ": text behind a closing quote; where the field ends is not known");
            case NUL -> row.reject(SheetCode.NUL, "line " + flaw.line() + ": a zero byte in the text");
        }
    }

    @Override
    public List<Finding> findings() {
        return findings;
    }

    @Override
    public boolean countsFields() {
        return true;
    }

    @Override
    public int usualWidth() {
        return scan.width();
    }

    @Override
    public boolean hasUsualWidth() {
        return scan.widthTrusted();
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw file.unreadable(e);
        } finally {
            file.release();
        }
    }

    /** Makes cells of the library's buffer without a text of its own in between. */
    private static final class Rows extends CsvCallbackHandler<RawRow> {
        private final int width;
        private final boolean marked;
        private int number;
        private long line;
        private List<Cell> cells = List.of();

        Rows(int width, boolean marked) {
            this.width = width;
            this.marked = marked;
        }

        @Override
        protected RecordType getRecordType() {
            return RecordType.DATA;
        }

        @Override
        protected int getFieldCount() {
            return cells.size();
        }

        @Override
        protected void beginRecord(long startingLineNumber) {
            line = startingLineNumber;
            cells = new ArrayList<>(width);
        }

        @Override
        protected void addField(char[] buffer, int offset, int length, boolean quoted) {
            if (length == 0) {
                cells.add(Cell.empty());
                return;
            }
            String text = new String(buffer, offset, length);
            cells.add(Cell.text(marked ? TextMark.unmarked(text) : text));
        }

        @Override
        protected void setComment(char[] buffer, int offset, int length) {
            throw new IllegalStateException("comments are not read");
        }

        @Override
        protected void setEmpty() {
            cells.add(Cell.empty());
        }

        @Override
        protected RawRow buildRecord() {
            return new RawRow(++number, line, cells);
        }
    }
}

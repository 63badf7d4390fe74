package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one opened sheet, in the order of the file, in constant memory. Not thread-safe; can be gone through once.
 *
 * <p>Every row of the file is given, also those that are no records: {@link SheetRow#kind()} tells. Only blank rows at the
 * end are left out. Rows that were given stay valid when reading fails later.
 */
public final class SheetRows implements Iterator<SheetRow>, AutoCloseable {
    static final int FIND_HEADER = 0;
    static final int WITHOUT_HEADER = -1;
    /** Rows at the start among which the header is sought. */
    private static final int HEAD = 64;

    private static final int MOST_BLANKS_HELD = 1_000;
    /** Bounds what waits when hardly any row is a record. */
    private static final int MOST_HELD = 2_000;

    private final RowFeed feed;
    private final String name;
    private final String format;
    private final Header header;
    private final Fitting fitting;
    private final RowJudge judge;
    private final SeriesWatch series = new SeriesWatch();
    private final Deque<RawRow> head = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private final List<Held> blanks = new ArrayList<>();
    private final List<Finding> own = new ArrayList<>();
    private int dataHeld;
    private boolean ended;

    SheetRows(RowFeed feed, int headerRow, String name, String format) {
        this.feed = feed;
        this.name = name;
        this.format = format;
        try {
            readHead(Math.max(HEAD, headerRow));
            this.header = header(headerRow);
        } catch (RuntimeException e) {
            feed.close();
            throw e;
        }
        this.judge = new RowJudge(header);
        this.fitting = new Fitting(header, feed);
        own.addAll(header.findings());
        if (headerRow == FIND_HEADER && header.firstRow() == 0) {
            own.add(new Finding(
                    null,
                    "header",
                    SheetCode.NO_HEADER,
                    Certainty.SUSPECT,
                    Action.FLAG_KEEP,
                    "",
                    null,
                    "no row looks like a header; state its row if there is one"));
        }
    }

    private void readHead(int rows) {
        while (head.size() < rows) {
            RawRow row = feed.next();
            if (row == null) {
                return;
            }
            head.add(row);
        }
    }

    private Header header(int headerRow) {
        List<RawRow> rows = List.copyOf(head);
        return switch (headerRow) {
            case FIND_HEADER -> Header.find(rows, feed.headMerges(), feed.usualWidth());
            case WITHOUT_HEADER -> Header.at(0, rows, feed.headMerges(), feed.usualWidth());
            default -> Header.at(headerRow, rows, feed.headMerges(), feed.usualWidth());
        };
    }

    /** The file's name, and the sheet's for a workbook. */
    public String name() {
        return name;
    }

    /** How the file was read, for people, for example {@code GB18030, comma}. */
    public String format() {
        return format;
    }

    /** The names of the columns, none empty and none twice; letters such as {@code C} for columns without one. */
    public List<String> header() {
        return header.names();
    }

    /** Number of the last row of the header, from 1; 0 if there is none. */
    public int headerRow() {
        return header.lastRow();
    }

    /** What was noticed about the file and its header. More may be there after the last row. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(feed.findings());
        all.addAll(own);
        return List.copyOf(all);
    }

    /**
     * Whether another row follows.
     *
     * @throws FileException if reading fails, or the file changed since it was opened
     */
    @Override
    public boolean hasNext() {
        while (!isReady() && !ended) {
            advance();
        }
        return !held.isEmpty();
    }

    /** The first row held back is ready once no later row can make it part of a series. */
    private boolean isReady() {
        Held first = held.peekFirst();
        if (first == null) {
            return false;
        }
        return first.kind != RowKind.DATA || dataHeld >= SeriesWatch.LEAST_ROWS || held.size() >= MOST_HELD;
    }

    /**
     * The next row.
     *
     * @throws FileException if reading fails, or the file changed since it was opened
     */
    @Override
    public SheetRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Held first = held.removeFirst();
        if (first.kind == RowKind.DATA) {
            dataHeld--;
        }
        return first.row();
    }

    private void advance() {
        RawRow row = head.isEmpty() ? feed.next() : head.removeFirst();
        if (row == null) {
            endReached();
            return;
        }
        Held next = new Held(row, judge.kind(row));
        if (next.kind == RowKind.BLANK) {
            blanks.add(next);
            if (blanks.size() >= MOST_BLANKS_HELD) {
                flushBlanks();
            }
            return;
        }
        flushBlanks();
        if (next.kind == RowKind.DATA) {
            next.kind = fitting.fit(row);
            next.cells = fitting.cells(row, next.kind);
            row.resolve(header.names());
        }
        held.add(next);
        if (next.kind == RowKind.DATA) {
            dataHeld++;
            watch(next);
        }
    }

    private void flushBlanks() {
        held.addAll(blanks);
        blanks.clear();
    }

    private void watch(Held next) {
        for (int column : series.take(next.cells)) {
            if (column >= 0) {
                next.addSeries(column);
            } else {
                markLast(-1 - column);
            }
        }
    }

    private void markLast(int column) {
        int left = SeriesWatch.LEAST_ROWS;
        for (Iterator<Held> back = held.descendingIterator(); back.hasNext() && left > 0; ) {
            Held row = back.next();
            if (row.kind == RowKind.DATA) {
                row.addSeries(column);
                left--;
            }
        }
    }

    private void endReached() {
        ended = true;
        if (!blanks.isEmpty()) {
            own.add(new Finding(
                    null,
                    "file",
                    SheetCode.TRAILING_BLANKS,
                    Certainty.CERTAIN,
                    Action.KEEP,
                    "",
                    null,
                    blanks.size() + " blank rows at the end were left out, from row " + blanks.get(0).raw.number));
            blanks.clear();
        }
    }

    /** Lets go of the file; a temporary copy is deleted. */
    @Override
    public void close() {
        feed.close();
    }

    /** The name, format and header row; no content. */
    @Override
    public String toString() {
        return name + " (" + format + ", header in row " + headerRow() + ")";
    }

    /** A row that waits until nothing behind it can change what it is. */
    private static final class Held {
        private final RawRow raw;
        private RowKind kind;
        private List<Cell> cells;
        private @Nullable Set<Integer> inSeries;

        Held(RawRow raw, RowKind kind) {
            this.raw = raw;
            this.kind = kind;
            this.cells = raw.cells;
        }

        void addSeries(int column) {
            if (inSeries == null) {
                inSeries = new HashSet<>();
            }
            inSeries.add(column);
        }

        SheetRow row() {
            explain();
            return new SheetRow(
                    raw.number, raw.line, kind, cells, inSeries == null ? Set.of() : inSeries, raw.findings);
        }

        private void explain() {
            switch (kind) {
                case BLANK -> note(SheetCode.BLANK_ROW, "nothing stands here");
                case TITLE -> note(SheetCode.TITLE_ROW, "a title, no record");
                case HEADER -> note(SheetCode.HEADER_ROW, "the names of the columns");
                case REPEATED_HEADER -> note(SheetCode.REPEATED_HEADER, "the names of the columns once more");
                case SUBTOTAL -> note(SheetCode.SUBTOTAL_ROW, "a sum of other rows, no record");
                case TOTAL -> note(SheetCode.TOTAL_ROW, "a sum of the sheet, no record");
                case REMARK -> note(SheetCode.REMARK_ROW, "a remark, no record");
                case DATA, BROKEN -> {
                    // Nothing to add: a record explains itself, and whoever broke a row has said why.
                }
            }
        }

        private void note(String code, String message) {
            raw.note(code, Certainty.CERTAIN, Action.KEEP, null, message);
        }
    }
}

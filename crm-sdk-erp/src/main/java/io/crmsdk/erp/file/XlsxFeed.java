package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.jspecify.annotations.Nullable;

/** The second pass over a sheet: its rows. */
final class XlsxFeed implements RowFeed {
    private static final int MOST_GAP_ROWS = 1_000;
    private static final BigDecimal FIRST_UNSAFE = BigDecimal.TEN.pow(15);
    /** Shorter texts of numbers hold fewer than 16 digits. */
    private static final int SAFE_LENGTH = 15;

    private final FileContent file;
    private final XlsxSurvey survey;
    private final ReadableWorkbook workbook;
    private final Stream<Row> stream;
    private final Iterator<Row> rows;
    private final XlsxCells cells;
    private final List<Finding> findings;
    private final List<Merge> openMerges = new ArrayList<>();
    private int nextMerge;
    private int number;
    private @Nullable RawRow waiting;
    private boolean chosen;

    XlsxFeed(
            FileContent file,
            ReadableWorkbook workbook,
            org.dhatim.fastexcel.reader.Sheet sheet,
            XlsxSurvey survey,
            XlsxCells cells,
            List<Finding> findings)
            throws IOException {
        this.file = file;
        this.survey = survey;
        this.workbook = workbook;
        this.cells = cells;
        this.findings = findings;
        this.stream = sheet.openStream();
        this.rows = stream.iterator();
    }

    /** From now on the temporary copy, if there is one, lives as long as this. */
    void choose() {
        chosen = true;
    }

    @Override
    public @Nullable RawRow next() {
        if (waiting == null) {
            waiting = read();
            if (waiting == null) {
                file.refuseIfChanged();
                return null;
            }
            if (waiting.number - number > MOST_GAP_ROWS) {
                number = waiting.number - 2;
            }
        }
        number++;
        if (number < waiting.number) {
            return new RawRow(number, number, List.of());
        }
        RawRow row = waiting;
        waiting = null;
        return row;
    }

    private @Nullable RawRow read() {
        try {
            return rows.hasNext() ? row(rows.next()) : null;
        } catch (RuntimeException e) {
            // The survey has passed; a library that stumbles all the same has met something it should not have.
            file.refuseIfChanged();
            throw new FileException("FILE_MALFORMED", file.name(), number + 1, "the rows cannot be read from here", e);
        }
    }

    private RawRow row(Row source) {
        int at = survey.rowsHaveNumbers() ? source.getRowNum() : number + 1;
        List<Cell> made = new ArrayList<>(source.getCellCount());
        RawRow row = new RawRow(at, at, made);
        for (int column = 0; column < source.getCellCount(); column++) {
            var cell = source.getCell(column);
            Cell raw = cells.cell(cell);
            made.add(raw);
            note(row, column, raw, cell);
        }
        if (source.isHidden()) {
            row.note(SheetCode.HIDDEN_ROW, Certainty.CERTAIN, Action.KEEP, null, "hidden in the spreadsheet");
        }
        noteMerges(row);
        return row;
    }

    private static void note(RawRow row, int column, Cell raw, org.dhatim.fastexcel.reader.@Nullable Cell cell) {
        if (raw.kind() == Cell.Kind.NUMBER && raw.text().length() > SAFE_LENGTH && isBeyond15Digits(raw)) {
            row.noteCell(
                    column,
                    SheetCode.PRECISION,
                    Certainty.CERTAIN,
                    Action.FLAG_KEEP,
                    "a number of 16 digits or more: a spreadsheet keeps 15 and makes the rest zeros");
        }
        if (cell != null && XlsxCells.isNotCalculated(cell)) {
            row.noteCell(
                    column,
                    SheetCode.NOT_CALCULATED,
                    Certainty.CERTAIN,
                    Action.FLAG_KEEP,
                    "a formula without a stored result; open the file in a spreadsheet and save it");
        }
    }

    private static boolean isBeyond15Digits(Cell raw) {
        return raw.decimal()
                .filter(value -> value.abs().compareTo(FIRST_UNSAFE) >= 0)
                .isPresent();
    }

    private void noteMerges(RawRow row) {
        List<Merge> merges = survey.merges();
        while (nextMerge < merges.size() && merges.get(nextMerge).firstRow() <= row.number) {
            openMerges.add(merges.get(nextMerge++));
        }
        if (openMerges.isEmpty()) {
            return;
        }
        openMerges.removeIf(merge -> merge.lastRow() < row.number);
        for (Merge merge : openMerges) {
            for (int column = merge.firstColumn(); column <= merge.lastColumn(); column++) {
                boolean first = row.number == merge.firstRow() && column == merge.firstColumn();
                if (!first && Labels.isBlank(row.cell(column))) {
                    row.noteCell(
                            column,
                            SheetCode.MERGED,
                            Certainty.SUSPECT,
                            Action.FLAG_KEEP,
                            "covered by a merged cell whose value stands in " + Labels.letters(merge.firstColumn())
                                    + merge.firstRow() + "; it was not copied");
                }
            }
        }
    }

    @Override
    public List<Finding> findings() {
        return findings;
    }

    @Override
    public boolean countsFields() {
        return false;
    }

    @Override
    public int usualWidth() {
        return 0;
    }

    @Override
    public boolean hasUsualWidth() {
        return false;
    }

    @Override
    public List<Merge> headMerges() {
        return survey.merges();
    }

    @Override
    public void close() {
        stream.close();
        try {
            workbook.close();
        } catch (IOException e) {
            throw file.unreadable(e);
        } finally {
            if (chosen) {
                file.release();
            }
        }
    }
}

package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Writes a workbook ({@code .xlsx}) with one sheet in which every text is a text: nothing runs as a formula, and digit strings
 * keep all their digits. Not thread-safe.
 *
 * <p>Cells of kind number, date and boolean become such; a number of more than 15 digits, which a spreadsheet cannot hold,
 * becomes text. Texts that look like formulas or numbers get the text format, so that they also stay text when somebody edits
 * them.
 */
public final class XlsxExport implements SheetExport {
    private static final int LAST_ROW = 1_048_576;
    private static final int LAST_COLUMN = 16_384;
    private static final int LONGEST_TEXT = 32_767;
    private static final int DIGITS = 15;
    private static final int FLUSH_ROWS = 500;
    private static final BigDecimal FROM_1904_TO_1900 = BigDecimal.valueOf(1462);
    private static final Pattern LOOKS_TYPED =
            Pattern.compile("[=+\\-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20].*|[\\d.,/:eE+-]+", Pattern.DOTALL);
    private static final Pattern SHEET_NAME = Pattern.compile("[^\\\\/?*\\[\\]:\\p{Cntrl}]{1,31}");

    private final Draft draft;
    private final Workbook workbook;
    private final Worksheet sheet;
    private int row;
    private boolean finished;
    private boolean closed;

    private XlsxExport(Path target, String sheetName) {
        this.draft = new Draft(target);
        this.workbook = new Workbook(draft.out(), "crm-sdk", "1.0");
        this.sheet = workbook.newWorksheet(sheetName);
    }

    /**
     * An export with this header.
     *
     * @param sheet name of the sheet, 1 to 31 characters, none of {@code \ / ? * [ ] :}
     * @throws IllegalArgumentException if the name cannot be one
     * @throws FileException if the target's folder cannot be written to
     */
    public static XlsxExport to(Path target, String sheet, List<String> header) {
        Objects.requireNonNull(target, "target");
        if (!SHEET_NAME.matcher(sheet).matches()) {
            throw new IllegalArgumentException("a sheet's name has 1 to 31 characters, none of \\ / ? * [ ] :");
        }
        XlsxExport export = new XlsxExport(target, sheet);
        export.texts(header);
        return export;
    }

    @Override
    public void row(List<Cell> cells) {
        if (finished || closed) {
            throw new IllegalStateException("the export is finished");
        }
        if (row >= LAST_ROW || cells.size() > LAST_COLUMN) {
            throw draft.refused(row + 1L, "a sheet holds 1,048,576 rows of 16,384 columns");
        }
        for (int column = 0; column < cells.size(); column++) {
            write(column, cells.get(column));
        }
        row++;
        if (row % FLUSH_ROWS == 0) {
            try {
                sheet.flush();
            } catch (IOException e) {
                throw draft.failed(e);
            }
        }
    }

    private void write(int column, Cell cell) {
        switch (cell.kind()) {
            case EMPTY -> {
                // A cell that is not written is empty.
            }
            case TEXT, ERROR -> text(column, cell.text());
            case BOOLEAN -> sheet.value(row, column, Boolean.valueOf(cell.text()));
            case NUMBER -> number(column, cell, false);
            case DATE -> number(column, cell, true);
        }
    }

    private void number(int column, Cell cell, boolean date) {
        BigDecimal value = cell.decimal().orElse(null);
        if (value == null || value.stripTrailingZeros().precision() > DIGITS + 2) {
            text(column, value == null ? cell.text() : value.toPlainString());
            return;
        }
        if (!date && value.stripTrailingZeros().precision() > DIGITS) {
            text(column, value.toPlainString());
            return;
        }
        sheet.value(row, column, date && cell.date1904() ? value.add(FROM_1904_TO_1900) : value);
        String format = cell.format();
        if (format != null || date) {
            sheet.style(row, column)
                    .format(format == null ? "yyyy-mm-dd" : format)
                    .set();
        }
    }

    private void text(int column, String text) {
        if (text.length() > LONGEST_TEXT) {
            throw draft.refused(row + 1L, "a text of more than 32,767 characters in column " + Labels.letters(column));
        }
        sheet.inlineString(row, column, XlsxText.escaped(text));
        if (LOOKS_TYPED.matcher(text).matches()) {
            sheet.style(row, column).format("@").set();
        }
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
            workbook.finish();
        } catch (IOException e) {
            throw draft.failed(e);
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
}

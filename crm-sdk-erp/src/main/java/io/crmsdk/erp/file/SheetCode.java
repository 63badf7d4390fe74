package io.crmsdk.erp.file;

/** The stable codes of findings about a sheet and its rows, as opposed to the values in its cells. */
public final class SheetCode {
    /** Nothing stands in this row. */
    public static final String BLANK_ROW = "BLANK_ROW";
    /** A row above the header, such as the sheet's title. */
    public static final String TITLE_ROW = "TITLE_ROW";
    /** The row that names the columns, or one of two. */
    public static final String HEADER_ROW = "HEADER_ROW";
    /** The header once more, as printed pages and glued exports leave it. */
    public static final String REPEATED_HEADER = "REPEATED_HEADER";
    /** A sum of the rows above. */
    public static final String SUBTOTAL_ROW = "SUBTOTAL_ROW";
    /** A sum of the whole sheet. */
    public static final String TOTAL_ROW = "TOTAL_ROW";
    /** A remark for people, such as who made the sheet. */
    public static final String REMARK_ROW = "REMARK_ROW";
    /** More or fewer fields than the header has columns: nothing says which field belongs where. */
    public static final String FIELD_COUNT = "FIELD_COUNT";
    /** Values stand one column beside their own. */
    public static final String SHIFTED = "SHIFTED";
    /** A quote stands where none may stand. */
    public static final String WRONG_QUOTE = "WRONG_QUOTE";
    /** Zero bytes in the text. */
    public static final String NUL = "NUL";
    /** The file ended inside this row. */
    public static final String ENDED_EARLY = "ENDED_EARLY";
    /** The last row has no line end: it may have been cut. */
    public static final String NO_LINE_END = "NO_LINE_END";
    /** The row is hidden or filtered out in the spreadsheet. */
    public static final String HIDDEN_ROW = "HIDDEN_ROW";
    /** A column is hidden in the spreadsheet. */
    public static final String HIDDEN_COLUMN = "HIDDEN_COLUMN";
    /** The cell is covered by a merged one: its value, if it has one, stands in another row or column. */
    public static final String MERGED = "MERGED";
    /** A formula without a stored result: the file was never opened in a spreadsheet. */
    public static final String NOT_CALCULATED = "NOT_CALCULATED";
    /** A number of 16 digits or more, of which a spreadsheet keeps 15. */
    public static final String PRECISION = "PRECISION";
    /** No row looks like a header. */
    public static final String NO_HEADER = "NO_HEADER";
    /** Two columns have the same name; the later one was given a number. */
    public static final String DUPLICATE_COLUMN = "DUPLICATE_COLUMN";
    /** A column without a name was named by its letter. */
    public static final String UNNAMED_COLUMN = "UNNAMED_COLUMN";
    /** Another sheet of the workbook was not read. */
    public static final String OTHER_SHEET = "OTHER_SHEET";
    /** The text was spoilt before it was saved: it was once read in the wrong encoding. */
    public static final String SPOILT_TEXT = "SPOILT_TEXT";
    /** Blank rows at the end were left out. */
    public static final String TRAILING_BLANKS = "TRAILING_BLANKS";

    private SheetCode() {}
}

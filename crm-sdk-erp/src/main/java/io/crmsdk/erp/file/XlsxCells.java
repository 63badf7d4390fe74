package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.dhatim.fastexcel.reader.CellType;
import org.jspecify.annotations.Nullable;

/** Makes raw cells of what the library read. */
final class XlsxCells {
    private static final Pattern ERROR = Pattern.compile("#[A-Z0-9/_]+[!?]?");
    private static final Pattern NOT_A_PATTERN = Pattern.compile("\"[^\"]*\"|\\[[^\\]]*]|\\\\.|_.|\\*.");

    private final boolean date1904;
    private final Map<String, Boolean> dateFormats = new HashMap<>();

    XlsxCells(boolean date1904) {
        this.date1904 = date1904;
    }

    Cell cell(org.dhatim.fastexcel.reader.@Nullable Cell cell) {
        if (cell == null) {
            return Cell.empty();
        }
        Cell raw = raw(cell);
        return date1904 && raw.kind() != Cell.Kind.EMPTY ? raw.withDate1904(true) : raw;
    }

    private Cell raw(org.dhatim.fastexcel.reader.Cell cell) {
        String stored = cell.getRawValue() == null ? "" : cell.getRawValue();
        return switch (cell.getType()) {
            case EMPTY -> Cell.empty();
            case STRING -> Cell.text(XlsxText.unescaped(stored));
            case NUMBER -> number(cell, stored);
            case BOOLEAN -> Cell.bool(stored.strip().equals("1"));
            case ERROR -> Cell.error(stored.isEmpty() ? "#N/A" : stored);
            case FORMULA -> formula(cell, stored);
        };
    }

    /** The stored result of a formula; one that was never calculated shows the formula. */
    private Cell formula(org.dhatim.fastexcel.reader.Cell cell, String stored) {
        Object value = cell.getValue();
        if (value instanceof BigDecimal) {
            return number(cell, stored);
        }
        if (value instanceof Boolean result) {
            return Cell.bool(result);
        }
        if (isNotCalculated(cell)) {
            return Cell.error("=" + cell.getFormula());
        }
        return ERROR.matcher(stored).matches() ? Cell.error(stored) : Cell.text(XlsxText.unescaped(stored));
    }

    /** A formula whose result was not stored. An empty text as result has a value element, which the library gives as "". */
    static boolean isNotCalculated(org.dhatim.fastexcel.reader.Cell cell) {
        return cell.getType() == CellType.FORMULA
                && cell.getFormula() != null
                && !cell.getFormula().isEmpty()
                && cell.getRawValue() == null;
    }

    private Cell number(org.dhatim.fastexcel.reader.Cell cell, String stored) {
        Integer id = cell.getDataFormatId();
        String format = cell.getDataFormatString();
        if (isDate(id == null ? 0 : id, format)) {
            return Cell.date(stored, format == null ? "yyyy-mm-dd" : format, false);
        }
        return Cell.number(stored, format);
    }

    /** Source: ECMA-376 part 1, 18.8.30: the built-in formats, also those of Chinese, Japanese and Korean editions. */
    private boolean isDate(int id, @Nullable String format) {
        if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)) {
            return true;
        }
        return format != null && dateFormats.computeIfAbsent(format, XlsxCells::showsDate);
    }

    /** Whether letters of a date or time stand in the first section, outside quotes, brackets and escapes. */
    private static boolean showsDate(String format) {
        String pattern = NOT_A_PATTERN.matcher(format).replaceAll("");
        int end = pattern.indexOf(';');
        for (char c : (end < 0 ? pattern : pattern.substring(0, end)).toCharArray()) {
            if ("ymdhsYMDHS".indexOf(c) >= 0) {
                return !pattern.equalsIgnoreCase("General");
            }
        }
        return false;
    }
}

package io.crmsdk.erp.file;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/**
 * The first pass over a sheet: holds it to the rules that its reader relies on, and finds what the reader hides, which stands
 * behind the rows: merged cells and hidden columns.
 */
final class XlsxSurvey {
    private static final int LAST_ROW = 1_048_576;
    private static final int LAST_COLUMN = 16_384;
    private static final int MOST_MERGES = 100_000;
    private static final int MOST_ARRAYS = 1_000;
    private static final int LONGEST_NUMBER = 400;
    private static final Pattern AREA =
            Pattern.compile("\\$?([A-Z]{1,3})\\$?(\\d{1,7})(?::\\$?([A-Z]{1,3})\\$?(\\d{1,7}))?");
    private static final Set<String> TYPES = Set.of("b", "e", "n", "str", "s", "inlineStr");

    private final XlsxPackage archive;
    private final FileLimits limits;
    private final int texts;
    private final List<Merge> merges = new ArrayList<>();
    private final BitSet hiddenColumns = new BitSet();
    private final BitSet sharedFormulas = new BitSet();
    private int hiddenRows;
    private int rows;
    private int row;
    private int column;
    private int numbered;
    private int arrays;
    private int tables;
    private String type = "n";
    private int length;
    private final StringBuilder value = new StringBuilder();
    private @Nullable String inside;

    XlsxSurvey(XlsxPackage archive, FileLimits limits, int texts) {
        this.archive = archive;
        this.limits = limits;
        this.texts = texts;
    }

    void run(String part) {
        try (XmlPart xml = new XmlPart(archive, part)) {
            for (int event = xml.next(); event != XMLStreamConstants.END_DOCUMENT; event = xml.next()) {
                if (event == XMLStreamConstants.START_ELEMENT) {
                    start(xml);
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    end(xml.element());
                } else if (inside != null && xml.isText(event)) {
                    text(xml);
                }
            }
        }
        if (tables != 1) {
            throw archive.malformed("a sheet holds " + tables + " tables of cells", null);
        }
        if (numbered != 0 && numbered != rows) {
            throw archive.malformed("some rows of a sheet have numbers and some have none", null);
        }
        merges.sort(Comparator.comparingInt(Merge::firstRow));
    }

    private void start(XmlPart xml) {
        switch (xml.element()) {
            case "sheetData" -> tables++;
            case "row" -> startRow(xml);
            case "c" -> startCell(xml);
            case "v" -> begin("v");
            case "is" -> begin("is");
            case "f" -> formula(xml);
            case "rPh" -> {
                if ("is".equals(inside)) {
                    throw archive.unsupported("a sheet with phonetic text inside its cells");
                }
            }
            case "mergeCell" -> merge(xml.attribute("ref"));
            case "col" -> column(xml);
            default -> {
                // What does not change the meaning of a cell.
            }
        }
    }

    private void begin(String element) {
        inside = element;
        length = 0;
        value.setLength(0);
    }

    private void end(String element) {
        if (element.equals(inside)) {
            if (element.equals("v")) {
                checkValue();
            }
            inside = null;
        }
    }

    private void text(XmlPart xml) {
        length += xml.textLength();
        if (length > limits.cellChars()) {
            throw archive.limit("more than " + limits.cellChars() + " characters in a cell of row " + row);
        }
        if ("v".equals(inside) && value.length() <= LONGEST_NUMBER) {
            value.append(xml.text());
        }
    }

    private void checkValue() {
        if (type.equals("s") && !value.isEmpty()) {
            int index = number(value.toString(), "a shared text");
            if (index < 0 || index >= texts) {
                throw archive.malformedRow(row, "a cell refers to a shared text that is not there", null);
            }
        }
        if (type.equals("n") && length > LONGEST_NUMBER) {
            throw archive.malformedRow(row, "a number of more than " + LONGEST_NUMBER + " characters", null);
        }
    }

    private void startRow(XmlPart xml) {
        rows++;
        column = -1;
        String stated = xml.attribute("r");
        int next = stated == null ? row + 1 : number(stated, "a row");
        if (stated != null) {
            numbered++;
        }
        if (next <= row || next > LAST_ROW) {
            throw archive.malformedRow(row, "the row behind this one is out of order or beyond " + LAST_ROW, null);
        }
        if (next > limits.rows()) {
            throw archive.limit("more than " + limits.rows() + " rows");
        }
        row = next;
        hiddenRows += xml.isTrue("hidden") ? 1 : 0;
    }

    private void startCell(XmlPart xml) {
        String reference = xml.attribute("r");
        int next = reference == null ? column + 1 : columnOf(reference);
        if (next <= column || next >= LAST_COLUMN) {
            throw archive.malformedRow(row, "a cell out of order or beyond column XFD", null);
        }
        if (next >= limits.columns()) {
            throw archive.limit("more than " + limits.columns() + " columns");
        }
        column = next;
        String stated = xml.attribute("t");
        type = stated == null ? "n" : stated;
        if (!TYPES.contains(type)) {
            throw archive.unsupported("a sheet with cells of another kind than spreadsheets write (row " + row + ")");
        }
        String style = xml.attribute("s");
        if (style != null) {
            number(style, "a style");
        }
    }

    private int columnOf(String reference) {
        int at = 0;
        int letters = 0;
        while (at < reference.length() && at < 4 && reference.charAt(at) >= 'A' && reference.charAt(at) <= 'Z') {
            letters = letters * 26 + (reference.charAt(at) - 'A' + 1);
            at++;
        }
        if (at == 0 || number(reference.substring(at), "a cell") != row) {
            throw archive.malformedRow(row, "a cell of another row, or without a proper name", null);
        }
        return letters - 1;
    }

    private void formula(XmlPart xml) {
        begin("f");
        String kind = xml.attribute("t");
        if ("array".equals(kind) && xml.attribute("ref") != null && ++arrays > MOST_ARRAYS) {
            throw archive.limit("more than " + MOST_ARRAYS + " array formulas");
        }
        if ("shared".equals(kind)) {
            int shared = number(String.valueOf(xml.attribute("si")), "a shared formula");
            if (shared < 0 || shared > LAST_ROW) {
                throw archive.malformedRow(row, "a shared formula without a proper number", null);
            }
            if (xml.attribute("ref") != null) {
                sharedFormulas.set(shared);
            } else if (!sharedFormulas.get(shared)) {
                throw archive.malformedRow(row, "a shared formula that nothing defines", null);
            }
        }
    }

    private void merge(@Nullable String reference) {
        if (reference == null || merges.size() >= MOST_MERGES) {
            throw archive.limit("more than " + MOST_MERGES + " merged areas, or one without a place");
        }
        int[] area = area(reference);
        if (area.length == 0) {
            throw archive.malformed("a merged area without a proper place", null);
        }
        merges.add(new Merge(area[0], area[1], area[2], area[3]));
    }

    private static int[] area(String reference) {
        var matcher = AREA.matcher(reference);
        if (!matcher.matches()) {
            return new int[0];
        }
        int row = Integer.parseInt(matcher.group(2));
        int column = letters(matcher.group(1));
        boolean one = matcher.group(3) == null;
        return new int[] {
            row, column, one ? row : Integer.parseInt(matcher.group(4)), one ? column : letters(matcher.group(3))
        };
    }

    private static int letters(String text) {
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            n = n * 26 + (text.charAt(i) - 'A' + 1);
        }
        return n - 1;
    }

    private void column(XmlPart xml) {
        if (xml.isTrue("hidden")) {
            int min = number(String.valueOf(xml.attribute("min")), "a column");
            int max = number(String.valueOf(xml.attribute("max")), "a column");
            if (min >= 1 && max >= min && max <= LAST_COLUMN) {
                hiddenColumns.set(min - 1, max);
            }
        }
    }

    private int number(String text, String what) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw archive.malformedRow(row, what + " without a proper number", e);
        }
    }

    /** Merged areas by their first row. */
    List<Merge> merges() {
        return merges;
    }

    BitSet hiddenColumns() {
        return hiddenColumns;
    }

    int hiddenRows() {
        return hiddenRows;
    }

    boolean rowsHaveNumbers() {
        return numbered > 0;
    }

    boolean isEmpty() {
        return rows == 0;
    }
}

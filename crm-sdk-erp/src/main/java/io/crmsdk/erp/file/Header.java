package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Cell;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names of a sheet's columns and the rows that hold them.
 *
 * @param firstRow number of the first row of the header; 0 if no row is one
 * @param lastRow number of its last row
 * @param names one name a column; none is empty, no two are equal
 * @param keys for each row of the header, its cells as {@link Labels#key}
 * @param findings what a reader of the sheet should know about its columns
 */
record Header(int firstRow, int lastRow, List<String> names, List<List<String>> keys, List<Finding> findings) {
    /** The share of the usual width that a header must fill. */
    private static final double LEAST_FILLED = 0.5;

    static Header none(int width) {
        List<String> names = new ArrayList<>();
        for (int column = 0; column < width; column++) {
            names.add(Labels.letters(column));
        }
        return new Header(0, 0, names, List.of(), List.of());
    }

    /** The header in a stated row. */
    static Header at(int number, List<RawRow> head, List<Merge> merges, int usualWidth) {
        for (RawRow row : head) {
            if (row.number == number) {
                return of(List.of(row), merges, usualWidth);
            }
        }
        return none(width(head, usualWidth));
    }

    /** The first row that could be a header for the rows beneath, or none. */
    static Header find(List<RawRow> head, List<Merge> merges, int usualWidth) {
        int width = width(head, usualWidth);
        for (int i = 0; i < head.size(); i++) {
            RawRow row = head.get(i);
            if (row.isBlank() || row.broken) {
                continue;
            }
            if (isGroups(head, i, width)) {
                return of(List.of(row, head.get(i + 1)), merges, usualWidth);
            }
            if (couldName(row, width)) {
                return of(List.of(row), merges, usualWidth);
            }
        }
        return none(width);
    }

    /** As many columns as most of the first rows fill. */
    private static int width(List<RawRow> head, int usualWidth) {
        if (usualWidth > 0) {
            return usualWidth;
        }
        Map<Integer, Integer> counts = new HashMap<>();
        int most = 0;
        for (RawRow row : head) {
            int width = row.width();
            if (width > 0) {
                counts.merge(width, 1, Integer::sum);
                most = Math.max(most, width);
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse(most);
    }

    private static boolean couldName(RawRow row, int width) {
        int filled = 0;
        Set<String> seen = new HashSet<>();
        for (Cell cell : row.cells) {
            if (Labels.isBlank(cell)) {
                continue;
            }
            if (!Labels.isLabel(cell)) {
                return false;
            }
            filled++;
            seen.add(Labels.key(cell.text()));
        }
        return filled >= Math.max(1, Math.ceil(width * LEAST_FILLED)) && seen.size() * 2 > filled;
    }

    /** A row of group names above the row of names: it has gaps where the row beneath has names, and more than a title. */
    private static boolean isGroups(List<RawRow> head, int i, int width) {
        if (i + 1 >= head.size()) {
            return false;
        }
        RawRow groups = head.get(i);
        RawRow names = head.get(i + 1);
        int gaps = 0;
        for (int column = 0; column < width; column++) {
            Cell upper = groups.cell(column);
            Cell lower = names.cell(column);
            boolean noName = Labels.isBlank(lower);
            if (!Labels.isBlank(upper) && !Labels.isLabel(upper)) {
                return false;
            }
            if (!noName && !Labels.isLabel(lower)) {
                return false;
            }
            if (Labels.isBlank(upper)) {
                if (noName) {
                    return false;
                }
                gaps++;
            }
        }
        return gaps > 0 && groups.filled() >= 2 && names.filled() >= 2;
    }

    private static Header of(List<RawRow> rows, List<Merge> merges, int usualWidth) {
        int width = usualWidth;
        for (RawRow row : rows) {
            width = Math.max(width, usualWidth > 0 ? row.cells.size() : row.width());
        }
        RawRow last = rows.get(rows.size() - 1);
        Names names = new Names();
        Set<String> lower = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (int column = 0; column < width; column++) {
            String label = label(last, column, merges);
            if (!label.isEmpty() && !lower.add(Labels.key(label))) {
                repeated.add(Labels.key(label));
            }
        }
        String group = "";
        for (int column = 0; column < width; column++) {
            String label = label(last, column, merges);
            if (rows.size() == 2) {
                String above = label(rows.get(0), column, merges);
                group = above.isEmpty() ? group : above;
                label = joined(group, label, repeated);
            }
            names.add(label, column);
        }
        List<List<String>> keys = new ArrayList<>();
        for (RawRow row : rows) {
            keys.add(row.cells.stream().map(cell -> Labels.key(cell.text())).toList());
        }
        return new Header(rows.get(0).number, last.number, names.names, keys, names.findings);
    }

    private static String joined(String group, String label, Set<String> repeated) {
        if (label.isEmpty()) {
            return group;
        }
        return repeated.contains(Labels.key(label)) && !group.isEmpty() && !group.equals(label)
                ? group + " " + label
                : label;
    }

    private static String label(RawRow row, int column, List<Merge> merges) {
        String own = Labels.name(row.cell(column).text());
        if (!own.isEmpty()) {
            return own;
        }
        for (Merge merge : merges) {
            // Downwards a merge means the same column; sideways it names a group, which the caller knows.
            if (merge.covers(row.number, column) && merge.firstRow() == row.number) {
                return Labels.name(row.cell(merge.firstColumn()).text());
            }
        }
        return "";
    }

    /** Whether a row of data repeats a row of the header: four of five of its words. */
    boolean isRepeatedBy(RawRow row) {
        for (List<String> labels : keys) {
            if (repeats(labels, row)) {
                return true;
            }
        }
        return false;
    }

    private static boolean repeats(List<String> labels, RawRow row) {
        int named = 0;
        for (String label : labels) {
            named += label.isEmpty() ? 0 : 1;
        }
        int others = 0;
        for (int column = 0; column < labels.size(); column++) {
            String label = labels.get(column);
            if (!label.isEmpty() && !isSame(label, row.cell(column).text()) && ++others * 5 > named) {
                return false;
            }
        }
        return named > 1 || (named == 1 && row.filled() == 1);
    }

    /** Most values differ from a label already by their length or first character, at the price of nothing. */
    private static boolean isSame(String label, String text) {
        return text.length() <= label.length() * 2 + 8
                && (!beginsAsItIs(text) || text.charAt(0) == label.charAt(0))
                && label.equals(Labels.key(text));
    }

    /** Whether the first character is one that stays what it is in the key: an ordinary digit or Han character. */
    private static boolean beginsAsItIs(String text) {
        char first = text.isEmpty() ? 0 : text.charAt(0);
        return first >= '0' && first <= '9' || first >= 0x4E00 && first <= 0x9FA5;
    }

    /** Names without gaps and without twins. */
    private static final class Names {
        private final List<String> names = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private final List<Finding> findings = new ArrayList<>();

        void add(String label, int column) {
            String name = label;
            if (name.isEmpty()) {
                name = Labels.letters(column);
                note(SheetCode.UNNAMED_COLUMN, name, "the column has no name and is called by its letter");
            }
            String own = name;
            for (int n = 2; !seen.add(name); n++) {
                name = own + " (" + n + ")";
            }
            if (!name.equals(own)) {
                note(SheetCode.DUPLICATE_COLUMN, name, "another column has the same name; this one was given a number");
            }
            names.add(name);
        }

        private void note(String code, String column, String message) {
            findings.add(new Finding(column, "header", code, Certainty.CERTAIN, Action.KEEP, "", null, message));
        }
    }
}

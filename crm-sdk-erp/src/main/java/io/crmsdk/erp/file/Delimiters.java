package io.crmsdk.erp.file;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what separates the fields of a text: the character that cuts most records into the same number of most fields. */
final class Delimiters {
    private static final String CANDIDATES = ",\t;|";
    private static final int RECORDS = 200;
    /** A spreadsheet's own statement, on a first line that is no record: {@code sep=;}. */
    private static final String STATEMENT = "sep=";

    private Delimiters() {}

    /** The delimiter that the first line states, or 0. */
    static char stated(String sample) {
        boolean states = sample.length() >= 5
                && sample.regionMatches(true, 0, STATEMENT, 0, 4)
                && CANDIDATES.indexOf(sample.charAt(4)) >= 0
                && (sample.length() == 5 || sample.charAt(5) == '\r' || sample.charAt(5) == '\n');
        return states ? sample.charAt(4) : 0;
    }

    /**
     * The most fitting delimiter; a comma if no candidate separates anything.
     *
     * @param whole whether the sample is the whole text; if not, its last record is left out
     */
    static char detect(String sample, boolean whole) {
        char best = ',';
        double bestScore = 0;
        for (char candidate : CANDIDATES.toCharArray()) {
            double score = score(widths(sample, candidate, whole));
            if (score > bestScore) {
                best = candidate;
                bestScore = score;
            }
        }
        return best;
    }

    private static double score(List<Integer> widths) {
        Map<Integer, Integer> counts = new HashMap<>();
        int mode = 0;
        for (int width : widths) {
            int count = counts.merge(width, 1, Integer::sum);
            int best = counts.getOrDefault(mode, 0);
            if (count > best || (count == best && width > mode)) {
                mode = width;
            }
        }
        return mode < 2 ? 0 : mode * (double) counts.getOrDefault(mode, 0) / widths.size();
    }

    /** Fields of each record that is not blank. */
    private static List<Integer> widths(String sample, char delimiter, boolean whole) {
        List<Integer> widths = new ArrayList<>();
        boolean quoted = false;
        boolean start = true;
        int fields = 1;
        int chars = 0;
        for (int i = 0; i < sample.length() && widths.size() < RECORDS; i++) {
            char c = sample.charAt(i);
            if (c == '"' && (quoted || start)) {
                quoted = !quoted;
                start = false;
                chars++;
            } else if (!quoted && c == delimiter) {
                fields++;
                start = true;
                chars++;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                if (chars > 0) {
                    widths.add(fields);
                }
                fields = 1;
                chars = 0;
                start = true;
            } else {
                start = c == '"' && start;
                chars++;
            }
        }
        if (whole && chars > 0) {
            widths.add(fields);
        }
        return widths;
    }
}

package io.crmsdk.examples.quickstart;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts over time as lines of a drawing: what had happened by when, and the moments worth a mark. */
final class Timeline {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 320;
    private static final int LEFT = 48;
    private static final int RIGHT = 16;
    private static final int TOP = 28;
    private static final int BOTTOM = 36;
    private static final long[] STEPS_MS = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 600_000
    };

    private final Map<String, List<Instant>> moments = new LinkedHashMap<>();
    private final Map<String, String> styles = new LinkedHashMap<>();
    private final List<Mark> marks = new ArrayList<>();

    private record Mark(Instant at, String label) {}

    /** Adds a line that climbs by one at each moment. */
    void series(String name, String style, List<Instant> at) {
        moments.put(name, at.stream().sorted().toList());
        styles.put(name, style);
    }

    /** Marks a moment with a few words. */
    void mark(Instant at, String label) {
        marks.add(new Mark(at, label));
    }

    /** The drawing as the page's template wants it. */
    Map<String, Object> drawing() {
        Instant start = Instant.MAX;
        Instant end = Instant.MIN;
        int most = 1;
        for (List<Instant> line : moments.values()) {
            if (!line.isEmpty()) {
                start = line.get(0).isBefore(start) ? line.get(0) : start;
                end = line.get(line.size() - 1).isAfter(end) ? line.get(line.size() - 1) : end;
                most = Math.max(most, line.size());
            }
        }
        for (Mark mark : marks) {
            start = mark.at.isBefore(start) ? mark.at : start;
            end = mark.at.isAfter(end) ? mark.at : end;
        }
        if (start.isAfter(end)) {
            start = Instant.EPOCH;
            end = Instant.EPOCH;
        }
        Scale scale = new Scale(start, Math.max(1, Duration.between(start, end).toMillis()), most);
        Map<String, Object> drawing = new LinkedHashMap<>();
        drawing.put("width", WIDTH);
        drawing.put("height", HEIGHT);
        drawing.put("words", words());
        drawing.put("grid", grid(scale));
        drawing.put("marks", marks(scale));
        drawing.put("series", lines(scale, end));
        return drawing;
    }

    private String words() {
        StringBuilder words = new StringBuilder();
        moments.forEach((name, line) ->
                words.append(name).append(": ").append(line.size()).append("; "));
        marks.forEach(mark -> words.append(mark.label).append("; "));
        return words.toString();
    }

    private record Scale(Instant start, long spanMs, int most) {
        double x(Instant at) {
            double part = (double) Duration.between(start, at).toMillis() / spanMs;
            return LEFT + part * (WIDTH - LEFT - RIGHT);
        }

        double y(int count) {
            return HEIGHT - BOTTOM - (double) count / most * (HEIGHT - TOP - BOTTOM);
        }
    }

    private static List<Map<String, Object>> grid(Scale scale) {
        List<Map<String, Object>> grid = new ArrayList<>();
        long stepMs = STEPS_MS[STEPS_MS.length - 1];
        for (long candidate : STEPS_MS) {
            if (scale.spanMs / candidate <= 8) {
                stepMs = candidate;
                break;
            }
        }
        for (long ms = 0; ms <= scale.spanMs; ms += stepMs) {
            double x = scale.x(scale.start.plusMillis(ms));
            String label = stepMs < 1000 ? ms + " ms" : ms / 1000 + " s";
            grid.add(axis(x, TOP, x, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, ms == 0 ? "start" : "middle", label));
        }
        for (int part = 0; part <= 4; part++) {
            int count = Math.round(scale.most * part / 4f);
            double y = scale.y(count);
            grid.add(axis(LEFT, y, WIDTH - RIGHT, y, LEFT - 8, y + 4, "end", String.valueOf(count)));
        }
        return grid;
    }

    private static Map<String, Object> axis(
            double x1, double y1, double x2, double y2, double textX, double textY, String anchor, String label) {
        return Map.of(
                "x1", n(x1), "y1", n(y1), "x2", n(x2), "y2", n(y2), "tx", n(textX), "ty", n(textY), "anchor", anchor,
                "label", label);
    }

    private List<Map<String, Object>> marks(Scale scale) {
        List<Map<String, Object>> drawn = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            double x = scale.x(mark.at);
            boolean right = x > WIDTH * 0.7;
            drawn.add(Map.of(
                    "x", n(x),
                    "top", n(TOP),
                    "bottom", n(HEIGHT - BOTTOM),
                    "tx", n(right ? x - 6 : x + 6),
                    "ty", n(14 + i % 2 * 14),
                    "anchor", right ? "end" : "start",
                    "label", mark.label));
        }
        return drawn;
    }

    private List<Map<String, Object>> lines(Scale scale, Instant end) {
        List<Map<String, Object>> drawn = new ArrayList<>();
        moments.forEach((name, line) -> {
            StringBuilder points = new StringBuilder(point(scale.x(scale.start), scale.y(0)));
            for (int i = 0; i < line.size(); i++) {
                double x = scale.x(line.get(i));
                points.append(point(x, scale.y(i))).append(point(x, scale.y(i + 1)));
            }
            points.append(point(scale.x(end), scale.y(line.size())));
            drawn.add(Map.of(
                    "style",
                    String.valueOf(styles.get(name)),
                    "points",
                    points.toString().strip()));
        });
        return drawn;
    }

    private static String point(double x, double y) {
        return n(x) + "," + n(y) + " ";
    }

    private static String n(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

package io.crmsdk.mapping;

import java.util.ArrayList;
import java.util.List;

/** Splits the text of a path into names, each with what stands in square brackets behind it. */
final class PathText {
    /**
     * @param name unquoted
     * @param bracket what stands in the brackets, with its quotes; empty if there are none
     */
    record Segment(String name, String bracket) {}

    private final String text;
    private int at;

    private PathText(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException with a message for people */
    static List<Segment> split(String text) {
        if (text.isBlank() || text.length() > 512) {
            throw new IllegalArgumentException("a path is 1 to 512 characters");
        }
        PathText reader = new PathText(text);
        List<Segment> segments = new ArrayList<>();
        do {
            segments.add(reader.segment());
        } while (reader.skip('.'));
        if (reader.at < text.length()) {
            throw new IllegalArgumentException(
                    "unexpected " + text.charAt(reader.at) + " at " + (reader.at + 1) + " in " + text);
        }
        return segments;
    }

    private Segment segment() {
        String name = at < text.length() && text.charAt(at) == '\'' ? quoted() : plain();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an empty name at " + (at + 1) + " in " + text);
        }
        String bracket = "";
        if (skip('[')) {
            int start = at;
            while (at < text.length() && text.charAt(at) != ']') {
                if (text.charAt(at) == '\'') {
                    quoted();
                } else {
                    at++;
                }
            }
            bracket = text.substring(start, at);
            if (!skip(']') || bracket.isEmpty()) {
                throw new IllegalArgumentException("brackets need content and an end in " + text);
            }
        }
        return new Segment(name, bracket);
    }

    private String plain() {
        int start = at;
        while (at < text.length() && ".[]'".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\'') {
                out.append(c);
            } else if (at < text.length() && text.charAt(at) == '\'') {
                out.append(c);
                at++;
            } else {
                return out.toString();
            }
        }
        throw new IllegalArgumentException("a quote without end in " + text);
    }

    private boolean skip(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** The parts of a bracket such as {@code use=BILLING,preference=1}, unquoted, as pairs. */
    static List<String[]> pairs(String bracket) {
        List<String[]> pairs = new ArrayList<>();
        PathText reader = new PathText(bracket);
        do {
            int equals = bracket.indexOf('=', reader.at);
            if (equals < 0) {
                throw new IllegalArgumentException("expected key=value in [" + bracket + "]");
            }
            String key = bracket.substring(reader.at, equals).strip();
            reader.at = equals + 1;
            pairs.add(new String[] {key, reader.value()});
        } while (reader.skip(','));
        if (reader.at < bracket.length()) {
            throw new IllegalArgumentException("expected key=value in [" + bracket + "]");
        }
        return pairs;
    }

    private String value() {
        if (at < text.length() && text.charAt(at) == '\'') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && text.charAt(at) != ',') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    /** Whether a bracket holds the place of an item. */
    static boolean isPlace(String bracket) {
        return !bracket.isEmpty() && bracket.length() <= 4 && bracket.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static String quote(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (".[]',=".indexOf(name.charAt(i)) >= 0) {
                return "'" + name.replace("'", "''") + "'";
            }
        }
        return name;
    }
}

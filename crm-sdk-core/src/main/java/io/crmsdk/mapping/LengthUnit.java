package io.crmsdk.mapping;

import java.nio.charset.StandardCharsets;

/** In what a vendor counts the length of a text. */
public enum LengthUnit {
    /** Unicode code points. */
    CHARACTERS,
    /** UTF-16 code units, as Java and JavaScript count. */
    UTF16,
    /** Bytes of UTF-8. */
    BYTES;

    /** The length of a text in this unit. */
    public int of(String text) {
        return switch (this) {
            case CHARACTERS -> text.codePointCount(0, text.length());
            case UTF16 -> text.length();
            case BYTES -> text.getBytes(StandardCharsets.UTF_8).length;
        };
    }

    /** How many UTF-16 code units of the text, in whole code points, fit into so many units. */
    int fitting(String text, int limit) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            used += of(text.substring(end, next));
            if (used > limit) {
                return end;
            }
            end = next;
        }
        return end;
    }
}

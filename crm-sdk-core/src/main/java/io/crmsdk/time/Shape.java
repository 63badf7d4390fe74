package io.crmsdk.time;

/** Shows how a value is written without showing the value: digits as 9, letters as a, at most 40 characters. */
final class Shape {
    private static final int LIMIT = 40;

    private Shape() {}

    static String of(String value) {
        StringBuilder shape = new StringBuilder(LIMIT + 2).append('\'');
        int end = Math.min(value.length(), LIMIT);
        for (int i = 0; i < end; i++) {
            shape.append(mask(value.charAt(i)));
        }
        return shape.append(value.length() > LIMIT ? "…'" : "'").toString();
    }

    private static char mask(char c) {
        if (Character.isDigit(c)) {
            return '9';
        }
        if (c >= ' ' && c < 127 && !Character.isLetter(c)) {
            return c;
        }
        return Character.isWhitespace(c) || Character.isSpaceChar(c) ? ' ' : 'a';
    }
}

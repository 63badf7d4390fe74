package io.crmsdk.erp.file;

import io.crmsdk.quality.Cell;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** What tells the words of a header from the values beneath. */
final class Labels {
    private static final int LONGEST = 60;
    private static final Pattern VALUE = Pattern.compile(
            // an address, a date or time, a number with or without signs around it
            ".*@.*|.*\\d{4}[-/.年]\\d{1,2}.*|[-+￥¥$€(]*\\d[\\d,.:%()*Xx\\s-]*(?:[eE][+-]?\\d+)?[元万亿]?");

    private Labels() {}

    static boolean isBlank(Cell cell) {
        if (cell.kind() == Cell.Kind.EMPTY) {
            return true;
        }
        if (cell.kind() != Cell.Kind.TEXT) {
            return false;
        }
        String text = cell.text();
        for (int i = 0; i < text.length(); i++) {
            if (!isInvisible(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInvisible(char c) {
        return c <= ' '
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }

    /** Whether a cell could name a column: short text that is no value. */
    static boolean isLabel(Cell cell) {
        if (cell.kind() != Cell.Kind.TEXT) {
            return false;
        }
        String text = key(cell.text());
        return !text.isEmpty()
                && text.length() <= LONGEST
                && !VALUE.matcher(text).matches()
                && digits(text) * 2 <= text.length()
                && digits(text) < 7;
    }

    private static long digits(String text) {
        return text.chars().filter(c -> c >= '0' && c <= '9').count();
    }

    /** For comparing labels: without blanks and invisible characters, in usual width, lower case. */
    static String key(String text) {
        String usual = isPlainAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
        StringBuilder key = new StringBuilder(usual.length());
        for (int i = 0; i < usual.length(); i++) {
            if (!isInvisible(usual.charAt(i))) {
                key.append(usual.charAt(i));
            }
        }
        return key.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isPlainAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** A column's name for people: in one line, without blanks around it and invisible characters. */
    static String name(String text) {
        StringBuilder name = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                name.append(c == '\n' || c == '\r' ? "" : " ");
            } else if (!isInvisible(c)) {
                name.append(c);
            }
        }
        return name.toString().strip();
    }

    /** A column's letters as a spreadsheet shows them, from 0. */
    static String letters(int column) {
        StringBuilder letters = new StringBuilder();
        for (int n = column + 1; n > 0; n = (n - 1) / 26) {
            letters.insert(0, (char) ('A' + (n - 1) % 26));
        }
        return letters.toString();
    }
}

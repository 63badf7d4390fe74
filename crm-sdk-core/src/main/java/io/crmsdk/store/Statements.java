package io.crmsdk.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script into statements: at semicolons outside quotes, comments, dollar quotes and the BEGIN … END of a trigger or
 * routine. Comments and blank ends are left out.
 */
final class Statements {
    private final String text;
    private final List<String> found = new ArrayList<>();
    private final StringBuilder statement = new StringBuilder();
    private int at;
    private int depth;
    private String previousWord = "";
    private boolean routine;

    private Statements(String text) {
        this.text = text;
    }

    static List<String> of(String text) {
        return new Statements(text.replace("\r\n", "\n")).cut();
    }

    private List<String> cut() {
        while (at < text.length()) {
            step(text.charAt(at));
        }
        finish();
        return List.copyOf(found);
    }

    private void step(char c) {
        String quote = c == '$' ? dollarQuote() : null;
        if (c == '\'' || c == '"' || c == '`') {
            copyThrough(text.indexOf(c, at + 1), 1);
        } else if (text.startsWith("--", at)) {
            at = endOf(text.indexOf('\n', at), 0);
        } else if (text.startsWith("/*", at)) {
            at = endOf(text.indexOf("*/", at + 2), 2);
            statement.append(' ');
        } else if (quote != null) {
            copyThrough(text.indexOf(quote, at + quote.length()), quote.length());
        } else if (Character.isLetter(c)) {
            word();
        } else if (c == ';' && depth == 0) {
            at++;
            finish();
        } else {
            statement.append(c);
            at++;
        }
    }

    private int endOf(int index, int length) {
        return index < 0 ? text.length() : index + length;
    }

    /** A doubled quote ends one text and begins the next, which comes to the same. */
    private void copyThrough(int closing, int length) {
        int end = endOf(closing, length);
        statement.append(text, at, end);
        at = end;
    }

    private @Nullable String dollarQuote() {
        int end = at + 1;
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return end < text.length() && text.charAt(end) == '$' ? text.substring(at, end + 1) : null;
    }

    private void word() {
        int end = at;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        String word = text.substring(at, end).toUpperCase(Locale.ROOT);
        statement.append(text, at, end);
        at = end;
        routine |= word.equals("TRIGGER") || word.equals("PROCEDURE") || word.equals("FUNCTION");
        if (routine) {
            nest(word);
        }
        previousWord = word;
    }

    private void nest(String word) {
        switch (word) {
            case "BEGIN" -> depth++;
            case "CASE" -> depth += previousWord.equals("END") ? 0 : 1;
            case "END" -> depth = Math.max(0, depth - 1);
            case "IF", "LOOP", "WHILE", "REPEAT" -> depth += previousWord.equals("END") ? 1 : 0;
            default -> {
                // Any other word nests nothing.
            }
        }
    }

    private void finish() {
        String done = statement.toString().strip();
        if (!done.isEmpty()) {
            found.add(done);
        }
        statement.setLength(0);
        depth = 0;
        routine = false;
        previousWord = "";
    }
}

package io.crmsdk.store;

import io.crmsdk.internal.Sha256;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One step of the schema, for one dialect.
 *
 * @param version its number; rooms have ranges of their own, so gaps are normal
 * @param name its file name
 * @param text its SQL as it stands in the file
 * @param statements the same, statement by statement
 */
record Script(int version, String name, String text, List<String> statements) {
    private static final Pattern NAME = Pattern.compile("V(\\d{3})__([a-z0-9_]+)\\.sql");
    private static final Pattern TABLE =
            Pattern.compile("^CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(\\w+)", Pattern.CASE_INSENSITIVE);

    static Script of(String name, String text) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalStateException("script " + name + ": expected a name like V040__delivery.sql");
        }
        return new Script(Integer.parseInt(matcher.group(1)), name, text, Statements.of(text));
    }

    /** SHA-256 over the statements: comments and line ends may change, what is executed may not. */
    String checksum() {
        StringBuilder text = new StringBuilder();
        for (String statement : statements) {
            text.append(statement.replaceAll("\\s+", " ")).append('\0');
        }
        return Sha256.hex(text.toString());
    }

    /** The tables that it creates. */
    List<String> tables() {
        return statements.stream()
                .map(TABLE::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
    }
}

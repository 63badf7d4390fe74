package io.crmsdk.erp.file;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first pass over the text of a CSV file: counts, places of wrong quotes, limits. It follows a quoted field exactly as
 * the library does that reads the rows afterwards, so that both agree where a record begins; what the library refuses to
 * read, text behind a closing quote, {@link MendingReader} takes away.
 */
final class CsvScan {
    private static final int START = 0;
    private static final int PLAIN = 1;
    private static final int QUOTED = 2;
    private static final int CLOSED = 3;
    private static final int BEYOND = 4;
    private static final int MOST_BROKEN = 100_000;
    /** So many zero bytes at the end are the unwritten rest of a file whose room was reserved. */
    private static final int RESERVED = 16;

    private static final int TRUSTED_FROM = 10;

    private final String file;
    private final char delimiter;
    private final FileLimits limits;
    private final Map<Long, Flaw> flaws = new HashMap<>();
    private final Map<Integer, Long> widths = new HashMap<>();

    private int state = START;
    private boolean afterCr;
    private long line = 1;
    private long recordLine = 1;
    private long quoteLine;
    private long records;
    private int fields;
    private int fieldChars;
    private long recordChars;
    private long zeros;
    private int zeroRun;
    private @Nullable Flaw flaw;

    /** What is wrong with one record, and on which physical line. */
    record Flaw(Kind kind, long line) {
        enum Kind {
            /** Blanks behind a closing quote. */
            BLANK_AFTER_QUOTE,
            /** A quote within a field that has none around it. */
            INNER_QUOTE,
            /** Text behind a closing quote. */
            TEXT_AFTER_QUOTE,
            /** A zero character. */
            NUL
        }
    }

    CsvScan(String file, char delimiter, FileLimits limits, long firstLine) {
        this.file = file;
        this.delimiter = delimiter;
        this.limits = limits;
        this.line = firstLine;
        this.recordLine = firstLine;
    }

    void take(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            i = skipOrdinary(chars, i, to);
            if (i == to) {
                return;
            }
            char c = chars[i];
            if (state == QUOTED) {
                quoted(c);
            } else if (c == delimiter) {
                endField();
            } else if (c == '\n' || c == '\r') {
                lineEnd(c);
            } else {
                afterCr = false;
                plain(c);
            }
        }
    }

    /** Counts what changes nothing within a field at once: nearly all of a file. */
    private int skipOrdinary(char[] chars, int from, int to) {
        if (state != PLAIN && state != QUOTED) {
            return from;
        }
        char end = state == PLAIN ? delimiter : '"';
        int at = from;
        while (at < to && isOrdinary(chars[at], end)) {
            at++;
        }
        if (at > from) {
            int length = at - from;
            recordChars += length;
            fieldChars += length;
            zeroRun = 0;
            afterCr = false;
            if (fieldChars > limits.cellChars()) {
                throw limit(limits.cellChars() + " characters in one field");
            }
        }
        return at;
    }

    private static boolean isOrdinary(char c, char end) {
        return c != end && c != '"' && c > '\r' || c == '\t' && c != end;
    }

    private void quoted(char c) {
        if (c == '"') {
            state = CLOSED;
            afterCr = false;
        } else if (c == '\n' || c == '\r') {
            countLine(c);
        } else {
            afterCr = false;
        }
        count(c);
    }

    private void plain(char c) {
        if (c == '"') {
            quote();
        } else if (state == START) {
            state = PLAIN;
        } else if (state >= CLOSED) {
            state = BEYOND;
            note(c == ' ' ? Flaw.Kind.BLANK_AFTER_QUOTE : Flaw.Kind.TEXT_AFTER_QUOTE);
        }
        count(c);
    }

    private void quote() {
        switch (state) {
            case START -> {
                state = QUOTED;
                quoteLine = line;
            }
            case PLAIN -> note(Flaw.Kind.INNER_QUOTE);
            // The second of a doubled quote.
            case CLOSED -> state = QUOTED;
            default -> note(Flaw.Kind.TEXT_AFTER_QUOTE);
        }
    }

    private void count(char c) {
        recordChars++;
        if (++fieldChars > limits.cellChars()) {
            throw limit(limits.cellChars() + " characters in one field");
        }
        if (c == 0) {
            zeros++;
            zeroRun++;
            note(Flaw.Kind.NUL);
        } else {
            zeroRun = 0;
        }
    }

    private void lineEnd(char c) {
        zeroRun = 0;
        if (c == '\n' && afterCr) {
            afterCr = false;
            recordLine = line;
            return;
        }
        countLine(c);
        endRecord();
    }

    private void countLine(char c) {
        if (c == '\r') {
            line++;
            afterCr = true;
        } else {
            if (!afterCr) {
                line++;
            }
            afterCr = false;
        }
    }

    private void endField() {
        afterCr = false;
        zeroRun = 0;
        recordChars++;
        state = START;
        fieldChars = 0;
        if (++fields >= limits.columns()) {
            throw limit(limits.columns() + " fields in one record");
        }
    }

    private void endRecord() {
        if (++records > limits.rows()) {
            throw limit(limits.rows() + " records");
        }
        if (recordChars > 0) {
            widths.merge(fields + 1, 1L, Long::sum);
        }
        if (flaw != null) {
            flaws.put(recordLine, flaw);
            if (flaws.size() > MOST_BROKEN) {
                throw limit(MOST_BROKEN + " records with wrong quotes or zero bytes");
            }
        }
        flaw = null;
        state = START;
        fields = 0;
        fieldChars = 0;
        recordChars = 0;
        recordLine = line;
    }

    private void note(Flaw.Kind kind) {
        if (flaw == null || flaw.kind().compareTo(kind) < 0) {
            flaw = new Flaw(kind, line);
        }
    }

    private FileException limit(String what) {
        return new FileException(
                "FILE_LIMIT", file, line, "more than " + what + "; raise FileLimits if that is right", null);
    }

    /** To be called once at the end of the text. */
    Result finish(boolean endsCut) {
        if (zeroRun >= RESERVED) {
            throw new FileException(
                    "FILE_INCOMPLETE", file, line, "it ends in zero bytes; it was not written to its end", null);
        }
        boolean open = state == QUOTED;
        if (open && line > quoteLine) {
            throw new FileException(
                    "FILE_QUOTE",
                    file,
                    quoteLine,
                    "a quote opens here and is never closed; " + (line - quoteLine)
                            + " further lines would have become part of this field. Nothing was read; close the quote,"
                            + " or send the file again if it was cut",
                    null);
        }
        boolean unended = recordChars > 0 || fields > 0;
        long last = recordLine;
        if (unended) {
            endRecord();
        }
        return new Result(
                records,
                line,
                Map.copyOf(flaws),
                mostUsual(),
                isTrusted(mostUsual()),
                unended || endsCut ? last : -1,
                open || endsCut,
                zeros);
    }

    /** Where the scan stands, for messages. */
    long line() {
        return line;
    }

    /** Of two widths that are equally usual the smaller: a separator inside a value makes more fields, nothing makes fewer. */
    private int mostUsual() {
        return widths.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue()
                        .thenComparing(Map.Entry.<Integer, Long>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElse(0);
    }

    private boolean isTrusted(int width) {
        long count = widths.getOrDefault(width, 0L);
        long all = widths.values().stream().mapToLong(Long::longValue).sum();
        return count >= TRUSTED_FROM && count * 10 >= all * 9;
    }

    /**
     * What the pass found.
     *
     * @param records how many
     * @param lines how many physical lines
     * @param flaws by the line on which the record begins
     * @param width the most usual number of fields of a record that is not blank
     * @param widthTrusted whether nine of ten records have that many, and at least ten do
     * @param unendedLine the line on which a last record without line end begins; -1 if the file ends with one
     * @param cut whether the last record certainly was cut: inside a quoted field or a character
     * @param zeros zero characters
     */
    record Result(
            long records,
            long lines,
            Map<Long, Flaw> flaws,
            int width,
            boolean widthTrusted,
            long unendedLine,
            boolean cut,
            long zeros) {
        /** Whether the library would stumble. */
        boolean needsMending() {
            return flaws.values().stream()
                    .anyMatch(flaw -> flaw.kind() == Flaw.Kind.BLANK_AFTER_QUOTE
                            || flaw.kind() == Flaw.Kind.TEXT_AFTER_QUOTE
                            || flaw.kind() == Flaw.Kind.NUL);
        }

        static final Result NOTHING = new Result(0, 0, Map.of(), 0, false, -1, false, 0);
    }
}

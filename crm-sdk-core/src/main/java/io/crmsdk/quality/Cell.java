package io.crmsdk.quality;

import io.crmsdk.Redaction;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One raw value as its source holds it, with all that the source says about its kind. Immutable; equality by value.
 *
 * <p>A number is never passed on as {@code double}: its text is the decimal that the file stores, also in exponent form.
 * {@link #toString()} shows no content.
 *
 * @param text what is stored; empty for {@link Kind#EMPTY}. Text is not trimmed. A number or date is its stored decimal, a
 *     boolean {@code TRUE} or {@code FALSE}, an error its literal such as {@code #N/A}
 * @param kind what the source says it is
 * @param format the number format of a spreadsheet cell, for example {@code 000000} or {@code yyyy-mm-dd}; null if none
 * @param date1904 whether the workbook counts days from 1904-01-01 instead of 1900-01-01; false outside workbooks
 */
public record Cell(String text, Kind kind, @Nullable String format, boolean date1904) {
    /** What a source says a value is. */
    public enum Kind {
        /** Nothing is there. */
        EMPTY,
        /** Text; the only kind a CSV file has besides nothing. */
        TEXT,
        /** A stored number that is not shown as a date. */
        NUMBER,
        /** A stored day count that is shown as a date or time. */
        DATE,
        /** True or false. */
        BOOLEAN,
        /** The result of a formula that failed. */
        ERROR
    }

    private static final Cell EMPTY = new Cell("", Kind.EMPTY, null, false);
    /** Beyond this a decimal's plain form is only a waste of memory; no spreadsheet holds such numbers. */
    private static final int MAX_SCALE = 400;

    /** Checks that there is a text and a kind. */
    public Cell {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(kind, "kind");
    }

    /** No value. */
    public static Cell empty() {
        return EMPTY;
    }

    /** A text, not trimmed; an empty one is {@link #empty()}. */
    public static Cell text(String text) {
        return text.isEmpty() ? EMPTY : new Cell(text, Kind.TEXT, null, false);
    }

    /**
     * A stored number.
     *
     * @param decimal as stored, exponent form allowed
     * @param format number format, or null
     */
    public static Cell number(String decimal, @Nullable String format) {
        return new Cell(decimal, Kind.NUMBER, format, false);
    }

    /**
     * A day count shown as a date.
     *
     * @param serial as stored
     * @param format number format, or null
     * @param date1904 whether day 0 is 1904-01-01
     */
    public static Cell date(String serial, @Nullable String format, boolean date1904) {
        return new Cell(serial, Kind.DATE, format, date1904);
    }

    /** A stored boolean. */
    public static Cell bool(boolean value) {
        return new Cell(value ? "TRUE" : "FALSE", Kind.BOOLEAN, null, false);
    }

    /** The literal of a failed formula, for example {@code #N/A}. */
    public static Cell error(String literal) {
        return new Cell(literal, Kind.ERROR, null, false);
    }

    /** The same cell in a workbook that counts days from 1904, or not. */
    public Cell withDate1904(boolean from1904) {
        return new Cell(text, kind, format, from1904);
    }

    /** The stored decimal of a {@link Kind#NUMBER} or {@link Kind#DATE}; empty for other kinds and for what is no number. */
    public Optional<BigDecimal> decimal() {
        if (kind != Kind.NUMBER && kind != Kind.DATE) {
            return Optional.empty();
        }
        try {
            BigDecimal value = new BigDecimal(text.strip());
            return Math.abs((long) value.scale()) > MAX_SCALE ? Optional.empty() : Optional.of(value);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The kind and a masked text. */
    @Override
    public String toString() {
        return kind + (text.isEmpty() ? "" : ":" + Redaction.text(text));
    }
}

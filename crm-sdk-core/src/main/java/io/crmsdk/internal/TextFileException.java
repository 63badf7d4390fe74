package io.crmsdk.internal;

import io.crmsdk.CrmException;

/** A file of settings cannot be read as a tree of texts. */
public final class TextFileException extends CrmException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String problem;

    TextFileException(String file, String code, int line, String problem) {
        super(code, file + (line > 0 ? ":" + line : "") + ": " + problem, null);
        this.line = line;
        this.problem = problem;
    }

    /** Where, from 1; 0 if it has no place. */
    public int line() {
        return line;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }
}

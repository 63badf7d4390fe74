package io.crmsdk.erp.file;

import java.io.IOException;

/** Bytes that are no text in an encoding. */
final class MalformedText extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    MalformedText(long offset) {
        super("no text at byte " + offset);
        this.offset = offset;
    }

    /** Position of the first wrong byte in the file, from 0. */
    long offset() {
        return offset;
    }
}

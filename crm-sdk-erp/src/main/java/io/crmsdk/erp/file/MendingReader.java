package io.crmsdk.erp.file;

import java.io.IOException;
import java.io.Reader;

/**
 * Takes away what stands between a closing quote and the end of its field. Rows that lose text by this are refused by what
 * {@link CsvScan} found; without it the library would stop reading at the first of them.
 */
final class MendingReader extends Reader {
    private final Reader in;
    private final char delimiter;
    private boolean start = true;
    private boolean quoted;
    private boolean closed;
    private boolean justClosed;

    MendingReader(Reader in, char delimiter) {
        this.in = in;
        this.delimiter = delimiter;
    }

    @Override
    public int read(char[] chars, int from, int length) throws IOException {
        while (true) {
            int n = in.read(chars, from, length);
            if (n <= 0) {
                return n;
            }
            int kept = mend(chars, from, n);
            if (kept > 0) {
                return kept;
            }
        }
    }

    private int mend(char[] chars, int from, int length) {
        int to = from;
        for (int i = from; i < from + length; i++) {
            char c = chars[i];
            if (takes(c)) {
                chars[to++] = c;
            }
        }
        return to - from;
    }

    /** Fields are followed as {@link CsvScan} does; {@code closed} is the second half of a quoted field. */
    private boolean takes(char c) {
        if (quoted) {
            if (c == '"') {
                quoted = false;
                closed = true;
                justClosed = true;
            }
            return true;
        }
        if (c == delimiter || c == '\n' || c == '\r') {
            start = true;
            closed = false;
            return true;
        }
        if (c == '"' && (start || (closed && justClosed))) {
            quoted = true;
            closed = false;
            start = false;
            return true;
        }
        start = false;
        justClosed = false;
        return !closed;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package io.crmsdk.erp.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * Decodes without ever replacing a character: a wrong byte ends in {@link MalformedText}. Only a character that the end of
 * the file cuts in two is left out, and {@link #endsCut()} says so.
 */
final class StrictReader extends Reader {
    private static final byte EURO_BYTE = (byte) 0x80;

    private final InputStream in;
    private final CharsetDecoder decoder;
    private final boolean euro;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    private long offset;
    private boolean ended;
    private boolean cut;
    private int euros;
    private int pending = -1;

    StrictReader(InputStream in, Encoding encoding) throws IOException {
        this.in = in;
        this.decoder = encoding.decoder();
        this.euro = encoding.euro();
        this.offset = encoding.bom();
        in.skipNBytes(encoding.bom());
        bytes.limit(0);
    }

    @Override
    public int read(char[] chars, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (pending >= 0) {
            chars[from] = (char) pending;
            pending = -1;
            return 1;
        }
        if (length == 1) {
            return readOne(chars, from);
        }
        CharBuffer out = CharBuffer.wrap(chars, from, length);
        while (true) {
            int before = bytes.position();
            CoderResult result = decoder.decode(bytes, out, false);
            offset += bytes.position() - before;
            if (result.isError() && euro && result.length() == 1 && bytes.get(bytes.position()) == EURO_BYTE) {
                takeEuro(out);
                continue;
            }
            // What was decoded before an error is handed over first, so that its line can be counted.
            if (out.position() > from) {
                return out.position() - from;
            }
            if (result.isError()) {
                throw new MalformedText(offset);
            }
            if (!fill()) {
                return -1;
            }
        }
    }

    private int readOne(char[] chars, int from) throws IOException {
        char[] two = new char[2];
        int n = read(two, 0, 2);
        if (n > 0) {
            chars[from] = two[0];
            pending = n == 2 ? two[1] : -1;
        }
        return Math.min(n, 1);
    }

    private void takeEuro(CharBuffer out) {
        if (out.hasRemaining()) {
            out.put('€');
            bytes.get();
            offset++;
            euros++;
        }
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        bytes.compact();
        int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (n < 0) {
            ended = true;
            bytes.flip();
            cut = bytes.hasRemaining();
            return false;
        }
        bytes.position(bytes.position() + n);
        bytes.flip();
        return true;
    }

    /** Whether the file ended inside a character; meaningful after the end. */
    boolean endsCut() {
        return cut;
    }

    /** How many euro signs of code page 936 were met so far. */
    int euros() {
        return euros;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

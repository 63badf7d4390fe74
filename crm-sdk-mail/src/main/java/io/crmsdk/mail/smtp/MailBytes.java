package io.crmsdk.mail.smtp;

import java.io.IOException;
import java.util.Arrays;

/**
 * A mail's bytes as DATA carries them: every line ends in CRLF, leading dots are doubled, the end is a line end.
 *
 * <p>A bare CR and a bare LF each become CRLF, so that no server can read an end of data, or a second message, where there
 * is none ("SMTP smuggling"). The final dot is not part of it.
 */
final class MailBytes {
    /** The longest line that RFC 5322 §2.1.1 allows, without its end. */
    static final int MAX_LINE = 998;

    private final byte[] bytes;
    private final int length;
    private final int stuffed;
    private final int longestLine;
    private final boolean eightBit;
    private final boolean eightBitHeader;
    private final boolean nul;

    private MailBytes(Reading reading) {
        bytes = reading.target;
        length = reading.length;
        stuffed = reading.stuffed;
        longestLine = reading.longest;
        eightBit = reading.eightBit;
        eightBitHeader = reading.eightBitHeader;
        nul = reading.nul;
    }

    static MailBytes of(byte[] content) {
        return new MailBytes(new Reading(content));
    }

    /** The message size that SIZE speaks of (RFC 1870): line ends as on the wire, doubled dots counted once. */
    int size() {
        return length - stuffed;
    }

    /** Octets of the longest line, without its end. */
    int longestLine() {
        return longestLine;
    }

    /** Whether 8BITMIME is needed. */
    boolean isEightBit() {
        return eightBit;
    }

    /** Whether the header needs SMTPUTF8. */
    boolean hasEightBitHeader() {
        return eightBitHeader;
    }

    boolean hasNul() {
        return nul;
    }

    /** Takes a part of the bytes. */
    interface Part {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    /** Gives all the bytes in parts of at most this many. */
    void forEach(int most, Part part) throws IOException {
        for (int at = 0; at < length; at += most) {
            part.write(bytes, at, Math.min(most, length - at));
        }
    }

    private static final class Reading {
        private byte[] target;
        private int length;
        private int stuffed;
        private int longest;
        private int lineLength;
        private boolean eightBit;
        private boolean eightBitHeader;
        private boolean nul;
        private boolean inHeader = true;

        Reading(byte[] content) {
            target = new byte[content.length + content.length / 32 + 64];
            for (int i = 0; i < content.length; i++) {
                byte b = content[i];
                if (b == '\r') {
                    endLine();
                    if (i + 1 < content.length && content[i + 1] == '\n') {
                        i++;
                    }
                } else if (b == '\n') {
                    endLine();
                } else {
                    add(b);
                }
            }
            if (lineLength > 0) {
                endLine();
            }
        }

        private void add(byte b) {
            if (b <= 0) {
                nul |= b == 0;
                eightBit |= b < 0;
                eightBitHeader |= b < 0 && inHeader;
            }
            if (b == '.' && lineLength == 0) {
                put((byte) '.');
                stuffed++;
            }
            put(b);
            lineLength++;
        }

        private void endLine() {
            longest = Math.max(longest, lineLength);
            inHeader &= lineLength > 0;
            lineLength = 0;
            put((byte) '\r');
            put((byte) '\n');
        }

        private void put(byte b) {
            if (length == target.length) {
                target = Arrays.copyOf(target, length + length / 2 + 64);
            }
            target[length++] = b;
        }
    }
}

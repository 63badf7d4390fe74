package io.crmsdk.mail.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads replies (RFC 5321 §4.2) strictly and within bounds.
 *
 * <p>A reply is believed only when its last line is complete, line end included: what a broken connection cut off proves
 * nothing. Not thread-safe.
 */
final class ReplyReader {
    /** RFC 5321 §4.5.3.1.5 allows 512 octets; servers with long policy texts send more. */
    static final int MAX_LINE = 4096;

    /** The longest EHLO reply seen has some 30 lines. */
    static final int MAX_LINES = 128;

    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private int position;
    private int limit;
    private boolean ended;
    private byte[] line = new byte[256];

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /** True if bytes were read that belong to no reply asked for yet. */
    boolean hasLeftover() {
        return position < limit;
    }

    /**
     * Waits for one whole reply.
     *
     * @throws EOFException if the connection ended before it was complete
     * @throws SmtpFailure {@code SMTP_BAD_REPLY} if what came is no reply
     * @throws IOException if the connection broke or the time was over
     */
    Reply read() throws IOException {
        List<String> texts = new ArrayList<>(1);
        int code = 0;
        while (texts.size() < MAX_LINES) {
            int length = readLine();
            int lineCode = code(length);
            if (!texts.isEmpty() && lineCode != code) {
                throw bad("lines of one reply with codes " + code + " and " + lineCode);
            }
            code = lineCode;
            texts.add(length <= 4 ? "" : new String(line, 4, length - 4, StandardCharsets.UTF_8));
            if (length == 3 || line[3] == ' ') {
                return new Reply(code, texts);
            }
        }
        throw bad("more than " + MAX_LINES + " lines");
    }

    private int code(int length) throws SmtpFailure {
        if (length < 3 || line[0] < '1' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2])) {
            throw bad("a line that does not begin with a code");
        }
        if (length > 3 && line[3] != ' ' && line[3] != '-') {
            throw bad("a code followed by neither space nor hyphen");
        }
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Fills {@link #line}; the length is without the line end. */
    private int readLine() throws IOException {
        int length = 0;
        while (true) {
            if (position == limit) {
                fill();
            }
            byte b = buffer[position++];
            if (b == '\n') {
                return length > 0 && line[length - 1] == '\r' ? length - 1 : length;
            }
            if (length == MAX_LINE) {
                throw bad("a line of more than " + MAX_LINE + " octets");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(length * 2, MAX_LINE));
            }
            line[length++] = b;
        }
    }

    /**
     * Receives something that {@link #read} will then read, if only that the connection has ended.
     *
     * @throws IOException if nothing came in time, or the connection broke
     */
    void receive() throws IOException {
        if (position == limit && !ended) {
            int read = in.read(buffer, 0, buffer.length);
            ended = read < 0;
            position = 0;
            limit = Math.max(read, 0);
        }
    }

    private void fill() throws IOException {
        receive();
        if (position == limit) {
            throw new EOFException("the server closed the connection");
        }
    }

    private static SmtpFailure bad(String what) {
        return new SmtpFailure(SmtpFailure.Kind.CONNECTION, "SMTP_BAD_REPLY", "the server sent " + what, null, null);
    }
}

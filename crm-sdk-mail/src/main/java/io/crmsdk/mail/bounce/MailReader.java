package io.crmsdk.mail.bounce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a mail apart. Reports come from the oldest servers there are, so everything is forgiven that can be: any line ends, missing
 * or wrong boundaries, headers that stop without an empty line. One pass over the bytes, no recursion, bounded work: a mail of
 * 100,000 nested parts costs what its bytes cost.
 */
final class MailReader {
    /** Of a larger mail the rest is not read; what reports enclose of the original comes last. */
    static final int LONGEST_MAIL = 4 << 20;

    static final int MOST_PARTS = 500;
    static final int DEEPEST = 20;
    private static final int MOST_FIELDS = 1_000;
    private static final int LONGEST_VALUE = 16_384;

    private final String source;
    private final List<MailPart> open = new ArrayList<>();
    private final List<String> boundaries = new ArrayList<>();
    private int at;
    private int parts;
    private boolean cut;

    private MailReader(String source, boolean cut) {
        this.source = source;
        this.cut = cut;
    }

    /** A mail taken apart. */
    record Read(MailPart mail, boolean cut) {}

    static Read read(byte[] mail) {
        int length = Math.min(mail.length, LONGEST_MAIL);
        MailReader reader = new MailReader(lines(mail, length), length < mail.length);
        return new Read(reader.readMail(), reader.cut);
    }

    /** CR LF, CR and LF all become LF; a byte order mark is left out. */
    private static String lines(byte[] mail, int length) {
        int from =
                length >= 3 && (mail[0] & 0xFF) == 0xEF && (mail[1] & 0xFF) == 0xBB && (mail[2] & 0xFF) == 0xBF ? 3 : 0;
        byte[] unix = new byte[length - from];
        int size = 0;
        for (int i = from; i < length; i++) {
            byte b = mail[i];
            if (b == '\r') {
                if (i + 1 < length && mail[i + 1] == '\n') {
                    i++;
                }
                b = '\n';
            }
            unix[size++] = b;
        }
        return new String(unix, 0, size, StandardCharsets.ISO_8859_1);
    }

    private MailPart readMail() {
        while (at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
        if (source.startsWith("From ", at) || source.startsWith(">From ", at)) {
            at = lineEnd(at) + 1; // the line that mailboxes put before a mail
        }
        MailPart mail = readPart(null);
        while (at < source.length()) {
            int end = lineEnd(at);
            int level = source.startsWith("--", at) ? boundaryAt(at, end) : -1;
            if (level >= 0) {
                pass(level, at, end);
            } else {
                at = end + 1;
            }
        }
        return mail;
    }

    /** A line is the boundary of the multipart of this level: all that is deeper ends here. */
    private void pass(int level, int lineStart, int lineEnd) {
        MailPart parent = open.get(level);
        boolean last =
                source.startsWith("--", lineStart + 2 + boundaries.get(level).length());
        MailPart inner = level + 1 < open.size() ? open.get(level + 1) : parent;
        endAll(inner, lineStart);
        while (open.size() > level + 1) {
            open.remove(open.size() - 1);
            boundaries.remove(boundaries.size() - 1);
        }
        if (!parent.children.isEmpty()) {
            endAll(parent.children.get(parent.children.size() - 1), lineStart);
        }
        at = lineEnd + 1;
        if (last) {
            open.remove(level);
            boundaries.remove(level);
        } else if (at <= source.length()) {
            readPart(parent);
        }
    }

    /** Ends the part and the last parts in it, which reach to the same place. */
    private static void endAll(MailPart part, int position) {
        MailPart last = part;
        while (last != null) {
            if (last.children.isEmpty() || !last.isMultipart()) {
                last.endAt(position - 1);
            }
            last = last.children.isEmpty() ? null : last.children.get(last.children.size() - 1);
        }
    }

    /** The deepest multipart that this line is a boundary of, perhaps its last one; -1 if there is none. */
    private int boundaryAt(int from, int end) {
        int start = from + 2;
        int stop = end;
        while (stop > start && Character.isWhitespace(source.charAt(stop - 1))) {
            stop--;
        }
        int length = stop - start;
        int closing = length >= 2 && source.startsWith("--", stop - 2) ? length - 2 : -1;
        for (int level = boundaries.size() - 1; level >= 0; level--) {
            String boundary = boundaries.get(level);
            if ((boundary.length() == length || boundary.length() == closing) && source.startsWith(boundary, start)) {
                return level;
            }
        }
        return -1;
    }

    /** Reads the header of a part and, if the part is a mail itself, of that mail, and so on. */
    private MailPart readPart(@Nullable MailPart parent) {
        MailPart first = null;
        MailPart within = parent;
        int depth = open.size();
        while (true) {
            MailPart part = new MailPart(readHeader(), source, Math.min(at, source.length()));
            if (++parts > MOST_PARTS) {
                cut = true;
                at = source.length();
            }
            if (within != null) {
                within.children.add(part);
            }
            first = first == null ? part : first;
            String boundary = part.isMultipart() ? part.header.parameter("boundary") : null;
            if (boundary != null && !boundary.isBlank()) {
                if (open.size() < DEEPEST) {
                    open.add(part);
                    boundaries.add(boundary.stripTrailing());
                } else {
                    cut = true;
                }
                return first;
            }
            if (!part.isEnclosedMail() || isEncoded(part) || at >= source.length()) {
                return first;
            }
            if (++depth > DEEPEST) {
                cut = true;
                return first;
            }
            within = part;
        }
    }

    private static boolean isEncoded(MailPart part) {
        String encoding = MailText.transferEncoding(part);
        return encoding.equals("base64") || encoding.equals("quoted-printable");
    }

    private MailHeader readHeader() {
        MailHeader header = new MailHeader();
        int fields = 0;
        StringBuilder value = new StringBuilder();
        String name = null;
        while (at < source.length()) {
            int end = lineEnd(at);
            if (end == at) {
                at++;
                break;
            }
            char start = source.charAt(at);
            if ((start == ' ' || start == '\t') && name != null) {
                if (value.length() < LONGEST_VALUE) {
                    value.append(' ').append(source, at, Math.min(end, at + LONGEST_VALUE));
                }
            } else {
                int colon = colonOfField(at, end);
                if (colon < 0) {
                    break; // the body begins without an empty line
                }
                if (name != null && fields++ < MOST_FIELDS) {
                    header.add(name, value.toString().strip());
                }
                name = source.substring(at, colon).stripTrailing();
                value.setLength(0);
                value.append(source, colon + 1, Math.min(end, colon + 1 + LONGEST_VALUE));
            }
            at = end + 1;
        }
        if (name != null && fields < MOST_FIELDS) {
            header.add(name, value.toString().strip());
        }
        return header;
    }

    /** A field name is visible ASCII (RFC 5322 section 2.2); a space before the colon is forgiven. */
    private int colonOfField(int from, int end) {
        for (int i = from; i < end && i - from < 100; i++) {
            char c = source.charAt(i);
            if (c == ':') {
                return i > from ? i : -1;
            }
            if (c <= ' ' && !(c == ' ' && i + 1 < end && source.charAt(i + 1) == ':') || c > '~') {
                return -1;
            }
        }
        return -1;
    }

    private int lineEnd(int from) {
        int end = source.indexOf('\n', from);
        return end < 0 ? source.length() : end;
    }
}

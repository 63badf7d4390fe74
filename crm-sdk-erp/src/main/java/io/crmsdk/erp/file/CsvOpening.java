package io.crmsdk.erp.file;

import io.crmsdk.quality.Action;
import io.crmsdk.quality.Certainty;
import io.crmsdk.quality.Finding;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first pass over a CSV file: which encoding, which delimiter, and whether the file is whole. */
final class CsvOpening {
    private static final int SAMPLE = 1 << 16;
    /** In UTF-16 read as UTF-8, every other byte of Latin text and of each line end is zero. */
    private static final int ZEROS_A_RECORD = 2;

    private final FileContent file;
    private final CsvSource.Options options;

    CsvOpening(FileContent file, CsvSource.Options options) {
        this.file = file;
        this.options = options;
    }

    SheetRows open() {
        try {
            file.refuseUnlessWithin(options.limits());
            file.refuseUnlessText();
            Pass pass = firstPass();
            if (pass.scan.records() == 0) {
                throw new FileException("FILE_EMPTY", file.name(), "no text is in it; nothing was read");
            }
            refuseUtf16WithoutMark(pass);
            return rows(pass);
        } catch (IOException e) {
            file.release();
            throw file.unreadable(e);
        } catch (FileException e) {
            file.release();
            throw e;
        }
    }

    private SheetRows rows(Pass pass) throws IOException {
        List<Finding> findings = new ArrayList<>();
        if (pass.census.looksSpoilt()) {
            findings.add(new Finding(
                    null,
                    "file",
                    SheetCode.SPOILT_TEXT,
                    Certainty.CERTAIN,
                    Action.FLAG_KEEP,
                    "",
                    null,
                    "the text was read in a wrong encoding before it was saved; export it again from its source"));
        }
        CsvFeed feed = new CsvFeed(
                file,
                new StrictReader(file.open(), pass.encoding),
                pass.delimiter,
                pass.stated,
                options,
                pass.scan,
                findings);
        return new SheetRows(feed, options.headerRow(), file.name(), pass.format());
    }

    private Pass firstPass() throws IOException {
        Encoding marked = Encoding.marked(file.head());
        Charset stated = options.charset();
        if (stated != null) {
            return certain(statedEncoding(stated, marked));
        }
        if (marked != null) {
            return certain(marked);
        }
        Pass utf8 = new Pass(Encoding.utf8());
        MalformedText notUtf8 = utf8.run();
        if (notUtf8 == null) {
            utf8.census.refuseIfGbkToo(file);
            return utf8;
        }
        Pass gb18030 = new Pass(Encoding.gb18030());
        MalformedText notGb = gb18030.run();
        if (notGb == null) {
            gb18030.census.refuseUnlessChinese(file);
            Utf8Lines.refuseIfMixed(file);
            return gb18030;
        }
        throw new FileException(
                "FILE_ENCODING",
                file.name(),
                notGb.offset() > notUtf8.offset() ? gb18030.line() : utf8.line(),
                "neither UTF-8 (byte " + notUtf8.offset() + ", line " + utf8.line() + " is none) nor GB18030 (byte "
                        + notGb.offset() + ", line " + gb18030.line()
                        + " is none); state the encoding, or export the file again as UTF-8",
                null);
    }

    private Encoding statedEncoding(Charset stated, @Nullable Encoding marked) {
        if (marked == null) {
            return Encoding.stated(stated);
        }
        if (!marked.agreesWith(stated)) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    "stated as " + stated.name() + ", but it starts with the byte order mark of "
                            + marked.charset().name());
        }
        return marked;
    }

    private Pass certain(Encoding encoding) throws IOException {
        Pass pass = new Pass(encoding);
        MalformedText malformed = pass.run();
        if (malformed != null) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    pass.line(),
                    "byte " + malformed.offset() + " is no " + encoding.label()
                            + ", which was stated; nothing was read",
                    null);
        }
        if (encoding.isGb18030()) {
            Utf8Lines.refuseIfMixed(file);
        }
        return pass;
    }

    private void refuseUtf16WithoutMark(Pass pass) {
        if (pass.scan.zeros() > 0 && pass.scan.zeros() >= ZEROS_A_RECORD * pass.scan.records()) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    "it holds " + pass.scan.zeros()
                            + " zero bytes; if it is UTF-16 without a byte order mark, state UTF-16LE or UTF-16BE");
        }
    }

    /** One attempt to read the whole file in one encoding. */
    private final class Pass {
        final Encoding encoding;
        final Census census = new Census();
        char delimiter;
        boolean stated;
        CsvScan.Result scan = CsvScan.Result.NOTHING;
        private @Nullable CsvScan running;

        Pass(Encoding encoding) {
            this.encoding = encoding;
        }

        /** Null if the whole file is text in this encoding. */
        @Nullable
        MalformedText run() throws IOException {
            char[] chars = new char[SAMPLE];
            try (StrictReader reader = new StrictReader(file.open(), encoding)) {
                int sample = fill(reader, chars);
                CsvScan scanning = begin(new String(chars, 0, Math.max(sample, 0)), sample < chars.length);
                running = scanning;
                int from = stated ? afterFirstLine(chars, sample) : 0;
                for (int n = sample; n > 0; n = fill(reader, chars)) {
                    scanning.take(chars, from, n);
                    census.take(chars, from, n);
                    from = 0;
                }
                scan = scanning.finish(reader.endsCut());
                census.end();
                return null;
            } catch (MalformedText e) {
                return e;
            }
        }

        /** Whole buffers, but what comes before an error is handed over too. */
        private int fill(StrictReader reader, char[] chars) throws IOException {
            int filled = 0;
            while (filled < chars.length) {
                int n;
                try {
                    n = reader.read(chars, filled, chars.length - filled);
                } catch (MalformedText e) {
                    CsvScan scanning = running;
                    if (scanning != null) {
                        scanning.take(chars, 0, filled);
                    } else {
                        running = begin(new String(chars, 0, filled), false);
                        running.take(chars, stated ? afterFirstLine(chars, filled) : 0, filled);
                    }
                    throw e;
                }
                if (n < 0) {
                    break;
                }
                filled += n;
            }
            return filled;
        }

        private CsvScan begin(String sample, boolean whole) {
            char said = Delimiters.stated(sample);
            stated = said != 0;
            delimiter =
                    options.delimiter() != 0 ? options.delimiter() : stated ? said : Delimiters.detect(sample, whole);
            return new CsvScan(file.name(), delimiter, options.limits(), stated ? 2 : 1);
        }

        long line() {
            CsvScan scanning = running;
            return scanning == null ? 1 : scanning.line();
        }

        String format() {
            String between = switch (delimiter) {
                case ',' -> "comma";
                case ';' -> "semicolon";
                case '\t' -> "tab";
                case '|' -> "bar";
                default -> "U+" + Integer.toHexString(delimiter);
            };
            return encoding.label() + ", " + between;
        }
    }

    private static int afterFirstLine(char[] chars, int length) {
        for (int i = 0; i < length; i++) {
            if (chars[i] == '\n') {
                return i + 1;
            }
            if (chars[i] == '\r') {
                return i + 1 < length && chars[i + 1] == '\n' ? i + 2 : i + 1;
            }
        }
        return length;
    }
}

package io.crmsdk.erp.file;

import java.io.IOException;
import java.io.InputStream;

/** Finds lines of UTF-8 in a file that is GBK as a whole: two exports glued together decode without an error, but wrongly. */
final class Utf8Lines {
    /** Fewer bytes beyond ASCII may be legal UTF-8 by chance. */
    private static final int LEAST_BYTES = 6;
    /** Single cells may hold text that was spoilt before; a glued file has more. One line in so many is too many. */
    private static final int ONE_IN = 20;

    private long lines;
    private long utf8Lines;
    private long firstLine = -1;
    private long line = 1;
    private int wide;
    private int missing;
    private boolean three;
    private boolean broken;

    private Utf8Lines() {}

    static void refuseIfMixed(FileContent file) throws IOException {
        Utf8Lines counts = new Utf8Lines();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = file.open()) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    counts.take(buffer[i] & 0xFF);
                }
            }
        }
        counts.endLine();
        if (counts.utf8Lines > 0 && counts.utf8Lines * ONE_IN >= counts.lines) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    counts.firstLine,
                    counts.utf8Lines + " of " + counts.lines
                            + " lines with Chinese text are UTF-8, the others GB18030: two files were glued together."
                            + " Nothing was read; send them apart",
                    null);
        }
    }

    private void take(int b) {
        if (b < 0x80) {
            broken |= missing > 0;
            missing = 0;
            if (b == '\n') {
                endLine();
                line++;
            }
            return;
        }
        wide++;
        if (b < 0xC0) {
            broken |= missing == 0;
            missing = Math.max(0, missing - 1);
        } else {
            broken |= missing > 0 || b > 0xF4 || b < 0xC2;
            missing = b >= 0xF0 ? 3 : b >= 0xE0 ? 2 : 1;
            three |= missing == 2;
        }
    }

    private void endLine() {
        if (wide > 0) {
            lines++;
            if (!broken && missing == 0 && three && wide >= LEAST_BYTES) {
                utf8Lines++;
                firstLine = firstLine < 0 ? line : firstLine;
            }
        }
        wide = 0;
        missing = 0;
        three = false;
        broken = false;
    }
}

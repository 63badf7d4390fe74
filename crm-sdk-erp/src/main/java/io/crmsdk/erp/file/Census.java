package io.crmsdk.erp.file;

import io.crmsdk.quality.Mojibake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.BitSet;

/** Counts what kinds of characters a text has, to tell whether its encoding is plausible and whether it was spoilt before. */
final class Census {
    private static final BitSet GB2312 = gb2312();
    private static final int LAST_TWO_BYTES = 0x7FF;
    private static final int RUN = 400;
    private static final int RUNS_TO_JUDGE = 500;

    private long wide;
    private long beyondTwoBytes;
    private long common;
    private boolean touchesLetters;
    private int judged;
    private int spoilt;
    private char before;
    private final StringBuilder run = new StringBuilder();

    void take(char[] chars, int from, int to) {
        char last = before;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c >= 0x80) {
                count(c, last);
            } else if (last >= 0x80) {
                touchesLetters |= isLatin(c);
                endRun();
            }
            last = c;
        }
        before = last;
    }

    private void count(char c, char last) {
        wide++;
        if (c > LAST_TWO_BYTES) {
            beyondTwoBytes++;
        }
        if (GB2312.get(c)) {
            common++;
        }
        touchesLetters |= isLatin(last);
        if (judged < RUNS_TO_JUDGE && run.length() < RUN) {
            run.append(c);
        }
    }

    private void endRun() {
        if (judged >= RUNS_TO_JUDGE || run.isEmpty()) {
            return;
        }
        String text = run.toString();
        run.setLength(0);
        judged++;
        if (Mojibake.isLost(text) || Mojibake.undone(text).isPresent()) {
            spoilt++;
        }
    }

    void end() {
        endRun();
    }

    /** Whether half of the first runs of Chinese text, and at least three, read as wrongly decoded. */
    boolean looksSpoilt() {
        return spoilt >= 3 && spoilt * 2 >= judged;
    }

    /** A file with little text may be legal in both encodings; then only its owner knows. */
    void refuseIfGbkToo(FileContent file) throws IOException {
        if (wide == 0 || beyondTwoBytes > 0 || touchesLetters) {
            return;
        }
        Census gbk = new Census();
        char[] chars = new char[1 << 14];
        try (StrictReader reader = new StrictReader(file.open(), Encoding.gb18030())) {
            for (int n = reader.read(chars, 0, chars.length); n > 0; n = reader.read(chars, 0, chars.length)) {
                gbk.take(chars, 0, n);
            }
        } catch (MalformedText e) {
            return;
        }
        if (gbk.common == gbk.wide) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    "its few characters are legal in UTF-8 and in GB18030; state the encoding");
        }
    }

    /** Nearly every two bytes are some character of GB18030; text has common ones. */
    void refuseUnlessChinese(FileContent file) {
        if (common * 5 < wide * 2) {
            throw new FileException(
                    "FILE_ENCODING",
                    file.name(),
                    "not UTF-8, and read as GB18030 most of its characters are rare ones; state the encoding");
        }
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Characters that text in simplified Chinese is made of, with their punctuation and full-width forms. */
    private static BitSet gb2312() {
        BitSet all = new BitSet(0x10000);
        var decoder = Charset.forName("GB2312")
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        for (int lead = 0xA1; lead <= 0xF7; lead++) {
            for (int trail = 0xA1; trail <= 0xFE; trail++) {
                try {
                    all.set(decoder.decode(ByteBuffer.wrap(new byte[] {(byte) lead, (byte) trail}))
                            .get());
                } catch (CharacterCodingException e) {
                    all.clear(0);
                }
            }
        }
        all.set('·');
        all.set('—');
        all.set('€');
        return all;
    }
}

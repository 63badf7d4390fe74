package io.crmsdk.erp.file;

import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a text file become characters.
 *
 * <p>GBK and its relatives are read as GB18030, which holds all of them: Java's "GBK" makes private-use characters of some
 * rare names. The one thing that GB18030 lacks is byte 0x80, the euro sign of Windows' code page 936.
 *
 * @param charset what decodes
 * @param bom length of the byte order mark in bytes
 * @param euro whether a byte 0x80 is a euro sign
 */
record Encoding(Charset charset, int bom, boolean euro) {
    static final Charset GB18030 = Charset.forName("GB18030");
    private static final Set<String> GBK_FAMILY =
            Set.of("GBK", "GB2312", "GB18030", "X-MSWIN-936", "MS936", "CP936", "X-GBK", "WINDOWS-936", "EUC-CN");

    /** The encoding that a byte order mark states, or null if there is none. */
    static @Nullable Encoding marked(byte[] head) {
        if (head.length >= 3 && at(head, 0) == 0xEF && at(head, 1) == 0xBB && at(head, 2) == 0xBF) {
            return new Encoding(StandardCharsets.UTF_8, 3, false);
        }
        if (head.length >= 2 && at(head, 0) == 0xFF && at(head, 1) == 0xFE) {
            return new Encoding(StandardCharsets.UTF_16LE, 2, false);
        }
        if (head.length >= 2 && at(head, 0) == 0xFE && at(head, 1) == 0xFF) {
            return new Encoding(StandardCharsets.UTF_16BE, 2, false);
        }
        return null;
    }

    private static int at(byte[] bytes, int i) {
        return bytes[i] & 0xFF;
    }

    static Encoding utf8() {
        return new Encoding(StandardCharsets.UTF_8, 0, false);
    }

    static Encoding gb18030() {
        return new Encoding(GB18030, 0, true);
    }

    /** The encoding that somebody stated, for a file without a byte order mark. */
    static Encoding stated(Charset charset) {
        if (GBK_FAMILY.contains(charset.name().toUpperCase(Locale.ROOT))) {
            return gb18030();
        }
        return new Encoding(charset.equals(StandardCharsets.UTF_16) ? StandardCharsets.UTF_16BE : charset, 0, false);
    }

    /** Whether a mark found in the file agrees with what was stated. */
    boolean agreesWith(Charset stated) {
        return charset.equals(stated)
                || (stated.equals(StandardCharsets.UTF_16) && charset.name().startsWith("UTF-16"));
    }

    CharsetDecoder decoder() {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Bytes of the smallest unit; a file that does not hold whole units was cut. */
    boolean isGb18030() {
        return charset.equals(GB18030);
    }

    String label() {
        return charset.name() + (bom > 0 ? " with a byte order mark" : "");
    }
}

package io.crmsdk.quality;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text that was decoded with the wrong encoding before it was stored. Judges of text ask this by themselves; readers of
 * files ask it for headers, to tell a file that was spoilt as a whole. Stateless and thread-safe.
 */
public final class Mojibake {
    private static final Charset GB18030 = Charset.forName("GB18030");
    private static final Charset GB2312 = Charset.forName("GB2312");
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    /** U+FFFD bytes read as GBK, uninitialised memory of Windows debuggers, and U+FFFD itself. */
    private static final Pattern LOST = Pattern.compile("锟斤拷|锟届|锟矫|烫烫烫|屯屯屯|\uFFFD|ï¿½");
    /** An encoder writes "?" for what it cannot write: next to a Chinese character, or two and more in a row. */
    private static final Pattern QUESTION_MARKS =
            Pattern.compile("[?？]{2,}|\\p{IsHan}[?？](?=\\p{IsHan}|$)|^[?？](?=\\p{IsHan})");

    private Mojibake() {}

    /** Whether characters are certainly gone: U+FFFD, or what it becomes when it is decoded wrongly once more. */
    public static boolean isLost(String text) {
        return LOST.matcher(text).find();
    }

    /** Whether question marks stand where characters were. Questions in prose end so too: for names only. */
    static boolean hasStandIns(String name) {
        return QUESTION_MARKS.matcher(name).find();
    }

    /**
     * What the text most likely was before UTF-8 was read as GBK or Latin-1, or GBK as Latin-1; empty if no wrong decoding
     * explains it. A guess: show it as one.
     */
    public static Optional<String> undone(String text) {
        return Optional.ofNullable(original(text));
    }

    /**
     * What the text was before it was decoded wrongly, or null if no wrong decoding explains it.
     *
     * <p>The way back must be strict, must give Chinese characters only, and those must be common: a legal text whose bytes
     * happen to fit is next to impossible then.
     */
    static @Nullable String original(String text) {
        if (text.length() < 2) {
            return null;
        }
        boolean latin = text.codePoints().noneMatch(c -> c > 0x2122)
                && text.codePoints().anyMatch(c -> c >= 0x80);
        if (latin) {
            String utf8 = firstNonNull(
                    recode(text, StandardCharsets.ISO_8859_1, StandardCharsets.UTF_8),
                    recode(text, WINDOWS_1252, StandardCharsets.UTF_8));
            if (utf8 != null) {
                return utf8;
            }
            // The second byte of a rare character is often ASCII: "é" and "F" are one character of 朱镕基.
            String gbk = recode(text, StandardCharsets.ISO_8859_1, GB18030);
            return gbk != null && gbk.codePoints().allMatch(c -> c >= 0x80) && isCommonChinese(gbk) ? gbk : null;
        }
        String utf8 = recode(text, GB18030, StandardCharsets.UTF_8);
        return utf8 != null && isCommonChinese(utf8) ? utf8 : null;
    }

    private static @Nullable String firstNonNull(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }

    private static @Nullable String recode(String text, Charset readAs, Charset was) {
        try {
            ByteBuffer bytes = readAs.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return was.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * Chinese, ASCII and the marks around it, with at least one Chinese character. One in two may be rare, as in a given name:
     * it is still next to impossible that the bytes of a legal text give a common one beside it.
     */
    private static boolean isCommonChinese(String text) {
        CharsetEncoder common = GB2312.newEncoder();
        int chinese = 0;
        int rare = 0;
        for (int c : text.codePoints().toArray()) {
            if (Spelling.isHan(c)) {
                chinese++;
                rare += common.canEncode(Character.toString(c)) ? 0 : 1;
            } else if (c >= 0x80 && "（）·、，。：；—《》“”".indexOf(c) < 0) {
                return false;
            }
        }
        return chinese > 0 && rare * 2 <= chinese;
    }
}

package io.crmsdk.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The one place where text becomes part of a header.
 *
 * <p>Nothing is cleaned silently: text with a line end, another control character or half a character is refused. What
 * passes comes back from any reader exactly as it was given (RFC 5322, RFC 2047). The JDK-side libraries leave text alone
 * that only looks like an encoded word, and lines without a space as long as they are; both arrive changed.
 */
final class HeaderText {
    /** RFC 2047 §2: an encoded word has at most 75 characters; this many bytes fit, in base64, beside {@code =?UTF-8?B??=}. */
    private static final int WORD_BYTES = 45;

    private static final int LINE = 76;

    private HeaderText() {}

    /**
     * Lets text pass unchanged or not at all.
     *
     * @throws MailException {@code HEADER_INJECTION} or {@code LIMIT_EXCEEDED}
     */
    static String check(String field, String text, int most) {
        if (text.length() > most) {
            throw new MailException(
                    "LIMIT_EXCEEDED", field + ": " + text.length() + " characters, at most " + most, null);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || isHalf(text, i)) {
                throw new MailException(
                        "HEADER_INJECTION",
                        String.format(Locale.ROOT, "%s: U+%04X at %d is not allowed in a header", field, (int) c, i),
                        null);
            }
        }
        return text;
    }

    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /** Free text as a header's value, folded; {@code used} is how much of the first line the name takes. */
    static String unstructured(String text, int used) {
        if (needsEncoding(text)) {
            return encoded(text, used);
        }
        StringBuilder folded = new StringBuilder(text.length() + 16);
        int column = used;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf(' ', start + 1);
            String word = text.substring(start, end < 0 ? text.length() : end);
            // A fold stands before an existing space, which unfolding leaves; a line of spaces only would be no fold.
            if (column + word.length() > LINE && start > 0 && word.length() > 1) {
                folded.append("\r\n");
                column = 0;
            }
            folded.append(word);
            column += word.length();
            start += word.length();
        }
        return folded.toString();
    }

    /** A display name: a quoted string, or encoded words. */
    static String phrase(String name) {
        if (needsEncoding(name) || name.length() > LINE - 20) {
            return encoded(name, 10);
        }
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Beyond ASCII; like an encoded word; with spaces where readers strip them; without a place to fold. */
    private static boolean needsEncoding(String text) {
        if (text.contains("=?") || text.startsWith(" ") || text.endsWith(" ") || text.contains("  ")) {
            return true;
        }
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            run = c == ' ' ? 0 : run + 1;
            if (c >= 0x7F || run > LINE - 10) {
                return true;
            }
        }
        return false;
    }

    private static String encoded(String text, int used) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        int room = Math.max(9, (LINE - used - 12) / 4 * 3);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int size = Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes + size > Math.min(room, WORD_BYTES)) {
                words.add(word(word));
                word.setLength(0);
                bytes = 0;
                room = WORD_BYTES;
            }
            word.appendCodePoint(c);
            bytes += size;
            i += Character.charCount(c);
        }
        words.add(word(word));
        return String.join("\r\n ", words);
    }

    private static String word(StringBuilder text) {
        return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8))
                + "?=";
    }
}

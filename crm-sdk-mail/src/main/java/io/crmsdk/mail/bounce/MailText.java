package io.crmsdk.mail.bounce;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of a mail into text; whatever cannot be decoded becomes a replacement character, never an error. */
final class MailText {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final Charset GB18030 = Charset.forName("GB18030");

    private MailText() {}

    static String transferEncoding(MailPart part) {
        String value = part.header.first("content-transfer-encoding").toLowerCase(Locale.ROOT);
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip();
    }

    static String ofBody(MailPart part) {
        String text = decode(bytes(part.rawBody(), transferEncoding(part)), part.header.parameter("charset"));
        return part.mediaType().equals("text/html") ? HtmlText.of(text) : text;
    }

    static byte[] bytes(String body, String encoding) {
        return switch (encoding) {
            case "base64" -> base64(body);
            case "quoted-printable" -> quotedPrintable(body);
            default -> body.getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    /** Text without a stated charset is UTF-8 if it can be, else the charset of most old servers. */
    static String decode(byte[] bytes, @Nullable String charset) {
        Charset stated = charset == null ? null : charset(charset);
        if (stated != null && !stated.equals(StandardCharsets.US_ASCII)) {
            return new String(bytes, stated);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, WINDOWS_1252);
        }
    }

    /** GB2312 and GBK are read as GB18030, which contains them: senders state the old name for the new characters. */
    private static @Nullable Charset charset(String name) {
        try {
            Charset charset = Charset.forName(name.strip());
            String canonical = charset.name();
            return canonical.equals("GB2312") || canonical.equals("GBK") ? GB18030 : charset;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return null;
        }
    }

    static String ofHeader(String value) {
        String text = decode(value.getBytes(StandardCharsets.ISO_8859_1), null);
        if (!text.contains("=?")) {
            return text;
        }
        try {
            return MimeUtility.decodeText(text);
        } catch (UnsupportedEncodingException unknown) {
            return text;
        }
    }

    private static byte[] base64(String body) {
        StringBuilder clean = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/') {
                clean.append(c);
            } else if (c == '=') {
                break;
            }
        }
        if (clean.length() % 4 == 1) {
            clean.setLength(clean.length() - 1); // one character holds no byte: the rest was cut
        }
        return Base64.getDecoder().decode(clean.toString());
    }

    private static byte[] quotedPrintable(String body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '=') {
                bytes.write(c);
                continue;
            }
            int end = i + 1;
            while (end < body.length() && (body.charAt(end) == ' ' || body.charAt(end) == '\t')) {
                end++;
            }
            if (end >= body.length() || body.charAt(end) == '\n') {
                i = end; // a soft line break
                continue;
            }
            int high = Character.digit(body.charAt(i + 1), 16);
            int low = i + 2 < body.length() ? Character.digit(body.charAt(i + 2), 16) : -1;
            if (high >= 0 && low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}

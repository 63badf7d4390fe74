package io.crmsdk.model;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The text rule of the model: NFC, no NUL, no lone surrogate, line breaks as {@code \n}, emptied after trimming is absent. */
final class Text {
    private Text() {}

    /** A text of one line: as {@link #block} but controls and line separators are refused too. */
    static @Nullable String line(String field, @Nullable String value, int maxCodePoints) {
        String clean = block(field, value, maxCodePoints);
        if (clean == null) {
            return null;
        }
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                throw new ModelException(
                        "MALFORMED",
                        field,
                        String.format(Locale.ROOT, "a control character U+%04X in a one-line text", (int) c));
            }
        }
        return clean;
    }

    /** A required text of one line. */
    static String required(String field, @Nullable String value, int maxCodePoints) {
        String clean = line(field, value, maxCodePoints);
        if (clean == null) {
            throw new ModelException("MALFORMED", field, "a value is required");
        }
        return clean;
    }

    /** A text that may have several lines. */
    static @Nullable String block(String field, @Nullable String value, int maxCodePoints) {
        if (value == null) {
            return null;
        }
        checkUnicode(field, value);
        String clean =
                value.indexOf('\r') < 0 ? value : value.replace("\r\n", "\n").replace('\r', '\n');
        if (!isPlainlyComposed(clean) && !Normalizer.isNormalized(clean, Normalizer.Form.NFC)) {
            clean = Normalizer.normalize(clean, Normalizer.Form.NFC);
        }
        clean = clean.strip();
        if (clean.isEmpty()) {
            return null;
        }
        limit(field, clean, maxCodePoints);
        return clean;
    }

    /** An identifier of another system: compared exactly, so nothing is changed; blank and controls are refused. */
    static String exact(String field, String value, int maxCodePoints) {
        checkUnicode(field, value);
        if (value.isBlank()) {
            throw new ModelException("MALFORMED", field, "a value is required");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new ModelException("MALFORMED", field, "a control character in an identifier");
        }
        limit(field, value, maxCodePoints);
        return value;
    }

    static @Nullable String exactOrNull(String field, @Nullable String value, int maxCodePoints) {
        return value == null ? null : exact(field, value, maxCodePoints);
    }

    static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    /** Keeps the order of the source, which {@code Map.copyOf} does not. */
    static <V> Map<String, V> map(@Nullable Map<String, V> values) {
        return values == null || values.isEmpty()
                ? Map.of()
                : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Latin and the common Chinese characters, which no normal form changes; most text needs no closer look. */
    private static boolean isPlainlyComposed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x300 && (c < 0x4E00 || c > 0x9FFF)) {
                return false;
            }
        }
        return true;
    }

    private static void limit(String field, String value, int maxCodePoints) {
        int length = value.length() <= maxCodePoints ? 0 : value.codePointCount(0, value.length());
        if (length > maxCodePoints) {
            throw new ModelException(
                    "LIMIT_EXCEEDED", field, "at most " + maxCodePoints + " characters, got " + length);
        }
    }

    private static void checkUnicode(String field, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                throw new ModelException("MALFORMED", field, "U+0000 is not text");
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new ModelException("MALFORMED", field, "a lone surrogate is not text");
            }
        }
    }
}

package io.crmsdk.delivery;

/** Foreign text made safe to store in one line of bounded length. */
final class Texts {
    private Texts() {}

    /** Replaces control characters, line ends among them, by spaces, and strips the ends. */
    static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            // Half a pair is also a whole one's half: those are looked at more closely.
            if (isUnsafe(text.charAt(i))) {
                return cleaned(text);
            }
        }
        return text.strip();
    }

    private static String cleaned(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(c -> cleaned.appendCodePoint(isUnsafe(c) ? ' ' : c));
        return cleaned.toString().strip();
    }

    /** Half a surrogate pair cannot be stored by every store, so it goes the way of control characters. */
    private static boolean isUnsafe(int codePoint) {
        return Character.isISOControl(codePoint) || (codePoint >= 0xD800 && codePoint <= 0xDFFF);
    }

    /** Keeps at most {@code max} characters without splitting a surrogate pair. */
    static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }

    /** What went wrong, in one storable line: the type and its message. */
    static String causeOf(Throwable cause) {
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        return cut(clean(message == null ? name : name + ": " + message), Evidence.MAX_REPLY);
    }
}

package io.crmsdk.mapping;

import java.text.Normalizer;
import java.util.Locale;

/** When two headers are the same: width, case, blanks, invisible characters and the mark of a required column do not matter. */
final class Headers {
    private Headers() {}

    static String key(String header) {
        StringBuilder key = new StringBuilder(header.length());
        Normalizer.normalize(header, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(c -> !Character.isWhitespace(c)
                        && !Character.isSpaceChar(c)
                        && Character.getType(c) != Character.FORMAT
                        && !Character.isISOControl(c))
                .forEach(key::appendCodePoint);
        int end = key.length();
        while (end > 0 && "*:;".indexOf(key.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = 0;
        while (start < end && key.charAt(start) == '*') {
            start++;
        }
        return key.substring(start, end);
    }
}

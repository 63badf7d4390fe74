package io.crmsdk.erp.file;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text as workbooks store it: what XML cannot hold, or would not keep, is written as {@code _x000D_}.
 *
 * <p>Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
 */
final class XlsxText {
    private static final Pattern ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private XlsxText() {}

    static String unescaped(String text) {
        if (!text.contains("_x")) {
            return text;
        }
        Matcher matcher = ESCAPE.matcher(text);
        StringBuilder out = new StringBuilder(text.length());
        while (matcher.find()) {
            char c = (char) Integer.parseInt(matcher.group(1), 16);
            matcher.appendReplacement(out, Matcher.quoteReplacement(Character.toString(c)));
        }
        return matcher.appendTail(out).toString();
    }

    static String escaped(String text) {
        String own = ESCAPE.matcher(text).replaceAll("_x005F$0");
        StringBuilder out = new StringBuilder(own.length());
        for (int i = 0; i < own.length(); i++) {
            char c = own.charAt(i);
            boolean edge = (i == 0 || i == own.length() - 1) && (c == ' ' || c == '\t' || c == '\n');
            if (edge || isNoXml(own, i)) {
                out.append(String.format(Locale.ROOT, "_x%04X_", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isNoXml(String text, int i) {
        char c = text.charAt(i);
        if (Character.isSurrogate(c)) {
            boolean high = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            boolean low = Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
            return !high && !low;
        }
        return (c < ' ' && c != '\t' && c != '\n') || c == '\uFFFE' || c == '\uFFFF';
    }
}

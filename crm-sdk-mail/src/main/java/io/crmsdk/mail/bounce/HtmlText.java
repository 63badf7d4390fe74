package io.crmsdk.mail.bounce;

import java.util.Locale;
import java.util.Set;

/**
 * The words of an HTML page, in lines. One pass: a report is read for its words only, and from strangers, so nothing is built that
 * they could make large.
 */
final class HtmlText {
    private static final Set<String> LINE_ENDING = Set.of(
            "br", "p", "/p", "div", "/div", "tr", "/tr", "li", "/li", "table", "/table", "/h1", "/h2", "/h3", "hr",
            "pre", "/pre");

    private HtmlText() {}

    static String of(String html) {
        StringBuilder text = new StringBuilder(html.length());
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<' && opensTag(html, at)) {
                at = passTag(html, at, text);
            } else if (c == '&') {
                at = passEntity(html, at, text);
            } else {
                text.append(c);
                at++;
            }
        }
        return text.toString();
    }

    /** "&lt;ann@example.com>" is an address that somebody forgot to escape, no tag. */
    private static boolean opensTag(String html, int at) {
        if (at + 1 >= html.length()) {
            return false;
        }
        char next = html.charAt(at + 1);
        if (next == '!' || next == '/' || next == '?') {
            return true;
        }
        if (!Character.isLetter(next)) {
            return false;
        }
        for (int i = at + 1; i < html.length() && i < at + 256; i++) {
            char c = html.charAt(i);
            if (c == '>' || c <= ' ' || c == '/') {
                return true;
            }
            if (c == '@') {
                return false;
            }
        }
        return true;
    }

    private static int passTag(String html, int at, StringBuilder text) {
        if (html.startsWith("<!--", at)) {
            int end = html.indexOf("-->", at + 4);
            return end < 0 ? html.length() : end + 3;
        }
        int end = html.indexOf('>', at);
        if (end < 0) {
            return html.length();
        }
        int nameEnd = at + 1;
        while (nameEnd < end && (Character.isLetterOrDigit(html.charAt(nameEnd)) || nameEnd == at + 1)) {
            nameEnd++;
        }
        String name = html.substring(at + 1, nameEnd).toLowerCase(Locale.ROOT);
        if (LINE_ENDING.contains(name)) {
            text.append('\n');
        } else if (name.equals("style") || name.equals("script") || name.equals("title")) {
            int close = html.indexOf("</", end);
            return close < 0 ? html.length() : close;
        }
        return end + 1;
    }

    private static int passEntity(String html, int at, StringBuilder text) {
        int end = html.indexOf(';', at);
        if (end < 0 || end - at > 10) {
            text.append('&');
            return at + 1;
        }
        String name = html.substring(at + 1, end);
        switch (name) {
            case "lt" -> text.append('<');
            case "gt" -> text.append('>');
            case "amp" -> text.append('&');
            case "quot" -> text.append('"');
            case "apos" -> text.append('\'');
            case "nbsp" -> text.append(' ');
            default -> {
                int code = code(name);
                if (code <= 0) {
                    text.append('&');
                    return at + 1;
                }
                text.appendCodePoint(code);
            }
        }
        return end + 1;
    }

    private static int code(String name) {
        if (name.length() < 2 || name.charAt(0) != '#') {
            return -1;
        }
        boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
        try {
            int code = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
            return Character.isValidCodePoint(code) && !Character.isISOControl(code) ? code : -1;
        } catch (NumberFormatException no) {
            return -1;
        }
    }
}

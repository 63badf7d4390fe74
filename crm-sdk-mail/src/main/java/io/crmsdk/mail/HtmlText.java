package io.crmsdk.mail;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text that an HTML mail says, for readers that show no HTML.
 *
 * <p>Made for mails that people write: blocks become lines, list items get a dash, links keep their address. Never fails;
 * a tag that does not end is text.
 */
final class HtmlText {
    private static final Set<String> SILENT = Set.of("script", "style", "head", "title", "template", "noscript");
    private static final Set<String> PARAGRAPHS =
            Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr", "section");
    private static final Set<String> LINES = Set.of("br", "div", "tr", "li", "header", "footer", "article", "dt", "dd");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("copy", "©"),
            Map.entry("reg", "®"),
            Map.entry("trade", "™"),
            Map.entry("euro", "€"),
            Map.entry("pound", "£"),
            Map.entry("yen", "¥"),
            Map.entry("hellip", "…"),
            Map.entry("ndash", "–"),
            Map.entry("mdash", "—"),
            Map.entry("lsquo", "‘"),
            Map.entry("rsquo", "’"),
            Map.entry("ldquo", "“"),
            Map.entry("rdquo", "”"),
            Map.entry("middot", "·"),
            Map.entry("bull", "•"),
            Map.entry("laquo", "«"),
            Map.entry("raquo", "»"),
            Map.entry("times", "×"),
            Map.entry("shy", ""),
            Map.entry("zwnj", "\u200C"));

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private String silentUntil = "";
    private String link = "";
    private int linkStart;
    private int position;

    private HtmlText(String html) {
        this.html = html;
    }

    static String of(String html) {
        return new HtmlText(html).read();
    }

    private String read() {
        while (position < html.length()) {
            int open = html.indexOf('<', position);
            take(html.substring(position, open < 0 ? html.length() : open));
            if (open < 0) {
                break;
            }
            position = open;
            markup();
        }
        return text.toString()
                        .replaceAll("[ ]+\n", "\n")
                        .replaceAll("\n{3,}", "\n\n")
                        .strip() + "\n";
    }

    private void markup() {
        if (html.startsWith("<!--", position)) {
            int end = html.indexOf("-->", position + 4);
            position = end < 0 ? html.length() : end + 3;
            return;
        }
        int end = tagEnd(position);
        if (end < 0) {
            take("<");
            position++;
            return;
        }
        tag(html.substring(position + 1, end));
        position = end + 1;
    }

    /** Where the tag ends, quoted attributes skipped; -1 if this is no tag. */
    private int tagEnd(int start) {
        int first = start + 1;
        if (first >= html.length()
                || !(Character.isLetter(html.charAt(first)) || "/!?".indexOf(html.charAt(first)) >= 0)) {
            return -1;
        }
        char quote = 0;
        for (int i = first; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if ((c == '"' || c == '\'') && html.charAt(i - 1) == '=') {
                quote = c;
            } else if (c == '>') {
                return i;
            }
        }
        return -1;
    }

    private void tag(String inside) {
        boolean closing = inside.startsWith("/");
        String name = inside.replaceFirst("^/?([A-Za-z0-9]*)(?s:.*)$", "$1").toLowerCase(Locale.ROOT);
        if (!silentUntil.isEmpty()) {
            silentUntil = closing && name.equals(silentUntil) ? "" : silentUntil;
            return;
        }
        if (SILENT.contains(name) && !closing && !inside.endsWith("/")) {
            silentUntil = name;
        } else if (PARAGRAPHS.contains(name)) {
            lines(2);
        } else if (LINES.contains(name)) {
            lines(name.equals("br") ? 0 : 1);
            if (name.equals("li") && !closing) {
                text.append("- ");
            }
        } else if (name.equals("td") || name.equals("th")) {
            take(" ");
        } else if (name.equals("a")) {
            link(closing ? "" : attribute(inside, "href"));
        } else if (name.equals("img")) {
            take(attribute(inside, "alt"));
        }
    }

    private void link(String address) {
        if (!link.isEmpty() && text.indexOf(link, linkStart) < 0) {
            text.append(" (").append(link).append(')');
        }
        link = address.startsWith("#") ? "" : address.replaceFirst("(?i)^(?:mailto|tel):", "");
        linkStart = text.length();
    }

    private static String attribute(String inside, String name) {
        String lower = inside.toLowerCase(Locale.ROOT);
        int at = lower.indexOf(name + "=");
        while (at > 0 && !Character.isWhitespace(lower.charAt(at - 1))) {
            at = lower.indexOf(name + "=", at + 1);
        }
        if (at < 0) {
            return "";
        }
        String rest = inside.substring(at + name.length() + 1);
        if (rest.isEmpty()) {
            return "";
        }
        char quote = rest.charAt(0);
        if (quote == '"' || quote == '\'') {
            int end = rest.indexOf(quote, 1);
            return decode(end < 0 ? rest.substring(1) : rest.substring(1, end)).strip();
        }
        return decode(rest.split("[\\s>]", 2)[0]);
    }

    private void lines(int count) {
        if (count == 0) {
            text.append('\n');
            return;
        }
        int have = 0;
        while (have < text.length() && text.charAt(text.length() - 1 - have) == '\n') {
            have++;
        }
        if (text.length() > 0) {
            text.append("\n".repeat(Math.max(0, count - have)));
        }
    }

    private void take(String raw) {
        if (!silentUntil.isEmpty() || raw.isEmpty()) {
            return;
        }
        String plain = decode(raw.replaceAll("\\s+", " "));
        boolean lineStart = text.length() == 0 || Character.isWhitespace(text.charAt(text.length() - 1));
        text.append(lineStart && plain.startsWith(" ") ? plain.substring(1) : plain);
    }

    private static String decode(String raw) {
        if (raw.indexOf('&') < 0) {
            return raw;
        }
        StringBuilder decoded = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            int end = c == '&' ? raw.indexOf(';', i) : -1;
            String value = end > i && end - i <= 10 ? entity(raw.substring(i + 1, end)) : null;
            if (value == null) {
                decoded.append(c);
            } else {
                decoded.append(value);
                i = end;
            }
        }
        return decoded.toString();
    }

    private static @Nullable String entity(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.get(name);
        }
        boolean hex = name.startsWith("#x") || name.startsWith("#X");
        String digits = name.substring(hex ? 2 : 1);
        if (!digits.matches(hex ? "[0-9A-Fa-f]{1,6}" : "[0-9]{1,7}")) {
            return null;
        }
        int code = Integer.parseInt(digits, hex ? 16 : 10);
        boolean shown =
                Character.isValidCodePoint(code) && (code < 0xD800 || code > 0xDFFF) && !Character.isISOControl(code);
        return shown ? Character.toString(code) : " ";
    }
}

package io.crmsdk.mail;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The line that tells the reader of an advertisement how to leave; added only where the mail does not say it itself. */
final class Footer {
    private Footer() {}

    static String text(String text, @Nullable Unsubscribe unsubscribe, @Nullable Locale language) {
        if (unsubscribe == null || text.contains(unsubscribe.link().toString())) {
            return text;
        }
        return text.stripTrailing() + "\n\n-- \n" + label(language) + ": " + unsubscribe.link() + "\n";
    }

    static String html(String html, @Nullable Unsubscribe unsubscribe, @Nullable Locale language) {
        if (unsubscribe == null || html.isEmpty()) {
            return html;
        }
        String link = unsubscribe.link().toString();
        String escaped = link.replace("&", "&amp;");
        if (html.contains(link) || html.contains(escaped)) {
            return html;
        }
        String footer = "<hr><p><a href=\"" + escaped.replace("\"", "&quot;") + "\">" + label(language) + "</a></p>";
        int end = html.toLowerCase(Locale.ROOT).lastIndexOf("</body>");
        return end < 0 ? html + footer : html.substring(0, end) + footer + html.substring(end);
    }

    private static String label(@Nullable Locale language) {
        boolean chinese = language != null && language.getLanguage().equals("zh");
        return chinese ? "退订" : "Unsubscribe";
    }
}

package io.crmsdk.mail.unsubscribe;

import io.crmsdk.consent.Scope;
import io.crmsdk.mail.web.WebReply;
import io.crmsdk.mail.web.WebRequest;
import io.crmsdk.model.EmailAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pages that people see: plain HTML for every program, without scripts, cookies and anything loaded from elsewhere.
 *
 * <p>Their headers let a browser do nothing but show them and send their own forms, keep no copy and tell nobody the link.
 */
final class Pages {
    private final PageDesign design;
    private final Map<String, String> headers;

    Pages(PageDesign design) {
        this.design = design;
        this.headers = headers(STYLE + design.style());
    }

    private static Map<String, String> headers(String style) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/html; charset=utf-8");
        headers.put("Cache-Control", "no-store");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Robots-Tag", "noindex, nofollow");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        headers.put("Vary", "Accept-Language");
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'sha256-" + sha256(style)
                        + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        return Map.copyOf(headers);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    PageDesign design() {
        return design;
    }

    /** The language for whoever sent this. */
    Language language(WebRequest request) {
        return design.language(FormFields.of(request.query()).get("lang"), request.header("accept-language"));
    }

    /** One page in the making: for one reader, in one language. */
    Page page(int status, PageText title, Language spoken, String address, @Nullable Scope scope) {
        return new Page(status, title, spoken, address, scope);
    }

    /** A page for a link that is none of ours; the same whatever was wrong with it. */
    WebReply broken(int status, Language spoken) {
        return page(status, PageText.BROKEN_TITLE, spoken, "", null)
                .alert(PageText.BROKEN)
                .reply();
    }

    /** A page for what could not be done now. */
    WebReply later(PageText what, Language spoken) {
        return page(503, PageText.LATER_TITLE, spoken, "", null).alert(what).reply();
    }

    /** Collects one page; each method adds to its content. */
    final class Page {
        private final int status;
        private final PageText title;
        private final Language spoken;
        private final String address;
        private final @Nullable Scope scope;
        private final StringBuilder content = new StringBuilder();
        private boolean switchable;

        private Page(int status, PageText title, Language spoken, String address, @Nullable Scope scope) {
            this.status = status;
            this.title = title;
            this.spoken = spoken;
            this.address = address;
            this.scope = scope;
        }

        private String plain(PageText text) {
            return design.text(text, spoken);
        }

        /** A text as HTML, with what it names. */
        private String html(PageText text, @Nullable Scope about) {
            String topic = about == null ? "" : design.topic(about, spoken);
            return escape(plain(text))
                    .replace("{address}", "<bdi>" + escape(address) + "</bdi>")
                    .replace("{topic}", escape(topic))
                    .replace("{brand}", escape(design.brand()));
        }

        Page text(PageText text) {
            content.append("<p>").append(html(text, scope)).append("</p>");
            return this;
        }

        /** What has been done; read out by a screen reader at once. */
        Page status(PageText text) {
            content.append("<p role=\"status\" class=\"done\">")
                    .append(html(text, scope))
                    .append("</p>");
            return this;
        }

        /** What went wrong. */
        Page alert(PageText text) {
            content.append("<p role=\"alert\">").append(html(text, scope)).append("</p>");
            return this;
        }

        /** A form of buttons, of which the first stands out. */
        Page form(List<Button> buttons) {
            content.append("<form method=\"post\">");
            boolean first = true;
            for (Button button : buttons) {
                content.append(button(button, first ? "main" : "other", ""));
                first = false;
            }
            content.append("</form>");
            return this;
        }

        private String button(Button button, String look, String label) {
            return "<button type=\"submit\" name=\"" + button.name() + "\" value=\"" + escape(button.value())
                    + "\" class=\"" + look + "\"" + label + ">" + html(button.text(), scope) + "</button>";
        }

        /** One topic: its name, how it stands, and what can be done about it. */
        Page topic(Scope about, PageText state, List<Button> buttons) {
            String name = escape(design.topic(about, spoken));
            content.append("<li><div><h2>").append(name).append("</h2><p class=\"state\">");
            content.append(html(state, about)).append("</p></div><form method=\"post\">");
            for (Button button : buttons) {
                // Read alone, as screen readers list buttons, it must say about what.
                String label = " aria-label=\"" + html(button.text(), about) + ": " + name + "\"";
                content.append(button(button, "other", label));
            }
            content.append("</form></li>");
            return this;
        }

        Page beginTopics() {
            content.append("<ul>");
            return this;
        }

        Page endTopics() {
            content.append("</ul>");
            return this;
        }

        Page heading(PageText text) {
            content.append("<h2>").append(html(text, null)).append("</h2>");
            return this;
        }

        Page hint(PageText text) {
            content.append("<p class=\"hint\">").append(html(text, scope)).append("</p>");
            return this;
        }

        Page link(URI to, PageText text) {
            content.append("<p><a href=\"").append(escape(to.getRawPath())).append("\">");
            content.append(html(text, null)).append("</a></p>");
            return this;
        }

        /** Offers the other language, for a page that reading makes again. */
        Page switchable() {
            switchable = design.offersLanguages();
            return this;
        }

        private String foot() {
            EmailAddress contact = design.contact();
            StringBuilder foot = new StringBuilder();
            if (contact != null) {
                String at = escape(contact.wire());
                foot.append("<p>").append(html(PageText.CONTACT, null));
                foot.append(" <a href=\"mailto:")
                        .append(at)
                        .append("\">")
                        .append(at)
                        .append("</a></p>");
            }
            if (switchable) {
                Language other = spoken.other();
                foot.append("<p><a href=\"?lang=")
                        .append(other.tag())
                        .append("\" lang=\"")
                        .append(other.tag());
                foot.append("\" hreflang=\"").append(other.tag()).append("\">");
                foot.append(other.ownName()).append("</a></p>");
            }
            return foot.length() == 0 ? "" : "<footer>" + foot + "</footer>";
        }

        WebReply reply() {
            String name = escape(plain(title));
            String brand = escape(design.brand());
            String html = "<!doctype html>\n<html lang=\"" + spoken.tag() + "\"><head><meta charset=\"utf-8\">"
                    + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                    + "<meta name=\"robots\" content=\"noindex\"><title>" + name
                    + (brand.isEmpty() ? "" : " – " + brand)
                    + "</title><style>" + STYLE + design.style() + "</style></head><body><main>"
                    + (brand.isEmpty() ? "" : "<p class=\"brand\">" + brand + "</p>") + "<h1>" + name + "</h1>"
                    + content + "</main>" + foot() + "</body></html>\n";
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.put("Content-Language", spoken.tag());
            if (status == 503) {
                all.put("Retry-After", "60");
            }
            return new WebReply(status, all, html.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A button of a form: what it sends and what it says. */
    record Button(String name, String value, PageText text) {}

    private static final String STYLE = """
            :root{color-scheme:light dark}
            *{box-sizing:border-box}
            body{margin:0;font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;\
            background:#f3f4f6;color:#1b1f24}
            main{max-width:38rem;margin:8vh auto 1rem;padding:2rem;background:#fff;border-radius:.75rem;\
            box-shadow:0 1px 4px rgba(0,0,0,.12)}
            h1{margin:.2rem 0 .8rem;font-size:1.6rem;line-height:1.25}
            h2{margin:0;font-size:1.0625rem}
            .brand,.hint,.state,footer{color:#57606a}
            .brand,.state{margin:0}
            .done{padding:.75rem 1rem;border-left:4px solid #1a7f37;background:#eaf6ec;border-radius:.25rem}
            p,h2{overflow-wrap:anywhere}
            ul{list-style:none;margin:1.5rem 0;padding:0}
            li{display:flex;gap:1rem;align-items:center;justify-content:space-between;padding:1rem 0;border-top:1px solid #d8dee4}
            li:last-child{border-bottom:1px solid #d8dee4}
            li div{min-width:0}
            form{display:flex;flex-direction:column;gap:.75rem;margin-top:1.5rem}
            li form{margin:0;flex:none}
            button{min-height:2.75rem;padding:.5rem 1.2rem;font:inherit;font-weight:600;border-radius:.5rem;border:2px solid #0b57d0;\
            cursor:pointer}
            .main{background:#0b57d0;color:#fff}
            .other{background:transparent;color:#0b57d0}
            footer{max-width:38rem;margin:0 auto 2rem;padding:0 2rem;font-size:.9375rem;display:flex;flex-wrap:wrap;gap:0 2rem;\
            justify-content:space-between}
            button:focus-visible,a:focus-visible{outline:3px solid #b35900;outline-offset:2px}
            @media (max-width:36rem){main{margin:0;border-radius:0;padding:1.25rem}\
            li{flex-direction:column;align-items:stretch}footer{padding:1rem 1.25rem;margin:0}}
            @media (prefers-color-scheme:dark){body{background:#15181c;color:#e6e8eb}main{background:#1f242a}\
            .brand,.hint,.state,footer{color:#a0a8b0}button{border-color:#8ab4f8}.main{background:#8ab4f8;color:#10203a}\
            .other,a{color:#8ab4f8}.done{background:#1b3323}li,li:last-child{border-color:#3a424b}}
            """;

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

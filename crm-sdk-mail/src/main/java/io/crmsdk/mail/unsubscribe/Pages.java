package io.crmsdk.mail.unsubscribe;

import io.crmsdk.model.EmailAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The pages that people see: plain HTML, readable by every program, without scripts, in English and Chinese. */
final class Pages {
    private final String brand;
    private final @Nullable EmailAddress contact;

    Pages(String brand, @Nullable EmailAddress contact) {
        this.brand = brand;
        this.contact = contact;
    }

    /** What the page is written in. */
    enum Language {
        ENGLISH("en"),
        CHINESE("zh-CN");

        private final String tag;

        Language(String tag) {
            this.tag = tag;
        }

        String tag() {
            return tag;
        }

        /** The first language of the header that there is a page in; weights are in that order in practice. */
        static Language of(String acceptLanguage, Language otherwise) {
            for (String range : acceptLanguage.split(",", 0)) {
                String tag = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                if (tag.equals("zh") || tag.startsWith("zh-")) {
                    return CHINESE;
                }
                if (tag.equals("en") || tag.startsWith("en-")) {
                    return ENGLISH;
                }
            }
            return otherwise;
        }
    }

    /** Asks, and changes nothing. */
    String ask(Language language, String address, @Nullable String topic, boolean everything) {
        boolean zh = language == Language.CHINESE;
        String what = topic == null ? (zh ? "此类邮件" : "these mails") : "“" + escape(topic) + "”";
        String text = zh
                ? "<p>您（<bdi>" + escape(address) + "</bdi>）要退订" + what + "吗？</p>"
                : "<p>Do you want <bdi>" + escape(address) + "</bdi> to get no more of " + what + "?</p>";
        String one = button("topic", zh ? "退订" : "Unsubscribe", "main");
        String all = everything ? button("all", zh ? "退订所有推广邮件" : "Unsubscribe from all advertising", "other") : "";
        return page(language, zh ? "退订" : "Unsubscribe", text + "<form method=\"post\">" + one + all + "</form>");
    }

    private static String button(String value, String label, String kind) {
        return "<button type=\"submit\" name=\"leave\" value=\"" + value + "\" class=\"" + kind + "\">" + label
                + "</button>";
    }

    /** Says that it is done. */
    String done(Language language, String address, boolean all) {
        boolean zh = language == Language.CHINESE;
        String bdi = "<bdi>" + escape(address) + "</bdi>";
        String text = zh
                ? "<p role=\"status\">" + bdi + (all ? "已退订所有推广邮件。" : "已退订。") + "</p>"
                : "<p role=\"status\">" + bdi + (all ? " gets no more advertising from us." : " is unsubscribed.")
                        + "</p>";
        return page(language, zh ? "已退订" : "Unsubscribed", text);
    }

    /** Says that the link is none of ours, and what else to do. */
    String unreadable(Language language) {
        boolean zh = language == Language.CHINESE;
        String text = zh
                ? "<p>此链接不完整或已损坏，未做任何更改。请从邮件中重新打开链接" + contact("，或写信至 ", "。", "。") + "</p>"
                : "<p>This link is incomplete or damaged, and nothing was changed. Please open it again from the mail"
                        + contact(", or write to ", ".", ".") + "</p>";
        return page(language, zh ? "链接无效" : "This link does not work", text);
    }

    /** Says that it could not be done now. */
    String later(Language language) {
        boolean zh = language == Language.CHINESE;
        String text = zh
                ? "<p role=\"alert\">暂时无法处理，您尚未退订。请稍后重试" + contact("，或写信至 ", "。", "。") + "</p>"
                : "<p role=\"alert\">This could not be done just now, and you are not unsubscribed yet. Please try again later"
                        + contact(", or write to ", ".", ".") + "</p>";
        return page(language, zh ? "请稍后重试" : "Please try again", text);
    }

    private String contact(String before, String after, String otherwise) {
        if (contact == null) {
            return otherwise;
        }
        String address = escape(contact.wire());
        return before + "<a href=\"mailto:" + address + "\">" + address + "</a>" + after;
    }

    private String page(Language language, String title, String content) {
        String head = brand.isEmpty() ? "" : "<p class=\"brand\">" + escape(brand) + "</p>";
        return "<!doctype html>\n<html lang=\"" + language.tag() + "\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<meta name=\"robots\" content=\"noindex\"><title>" + title
                + (brand.isEmpty() ? "" : " – " + escape(brand))
                + "</title><style>" + STYLE + "</style></head><body><main>" + head + "<h1>" + title + "</h1>" + content
                + "</main></body></html>\n";
    }

    private static final String STYLE = """
            :root{color-scheme:light dark}
            body{margin:0;font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;\
            background:#f3f4f6;color:#1b1f24}
            main{max-width:32rem;margin:12vh auto 2rem;padding:2rem;background:#fff;border-radius:.75rem;\
            box-shadow:0 1px 4px rgba(0,0,0,.12)}
            h1{margin:.2rem 0 .8rem;font-size:1.6rem;line-height:1.25}
            .brand{margin:0;color:#57606a}
            p{overflow-wrap:anywhere}
            form{display:flex;flex-direction:column;gap:.75rem;margin-top:1.5rem}
            button{min-height:3rem;padding:.6rem 1.2rem;font:inherit;font-weight:600;border-radius:.5rem;border:2px solid #0b57d0;\
            cursor:pointer}
            .main{background:#0b57d0;color:#fff}
            .other{background:transparent;color:#0b57d0}
            button:focus-visible,a:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
            @media (max-width:36rem){main{margin:0;min-height:100vh;border-radius:0;box-sizing:border-box}}
            @media (prefers-color-scheme:dark){body{background:#15181c;color:#e6e8eb}main{background:#1f242a}\
            .brand{color:#a0a8b0}button{border-color:#8ab4f8}.main{background:#8ab4f8;color:#10203a}\
            .other,a{color:#8ab4f8}}
            """;

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

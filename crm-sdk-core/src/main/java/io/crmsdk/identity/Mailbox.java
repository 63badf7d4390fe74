package io.crmsdk.identity;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** What a mailbox says about identity: nothing if it is a placeholder, little if many people read it. */
final class Mailbox {
    private static final Set<String> SHARED = Set.of(
            "info",
            "sales",
            "hr",
            "service",
            "support",
            "office",
            "contact",
            "admin",
            "administrator",
            "mail",
            "email",
            "hello",
            "team",
            "help",
            "helpdesk",
            "billing",
            "accounts",
            "accounting",
            "finance",
            "invoice",
            "invoices",
            "buchhaltung",
            "kontakt",
            "vertrieb",
            "einkauf",
            "verkauf",
            "post",
            "zentrale",
            "empfang",
            "marketing",
            "jobs",
            "careers",
            "career",
            "bewerbung",
            "personal",
            "press",
            "presse",
            "media",
            "pr",
            "legal",
            "compliance",
            "privacy",
            "datenschutz",
            "security",
            "abuse",
            "postmaster",
            "hostmaster",
            "webmaster",
            "root",
            "it",
            "edv",
            "order",
            "orders",
            "bestellung",
            "shop",
            "store",
            "purchase",
            "purchasing",
            "procurement",
            "reception",
            "enquiries",
            "inquiries",
            "enquiry",
            "inquiry",
            "customerservice",
            "customer.service",
            "customercare",
            "feedback",
            "newsletter",
            "news",
            "noreply",
            "no-reply",
            "donotreply",
            "notifications",
            "general",
            "main",
            "company",
            "business",
            "secretary",
            "sekretariat",
            "secretariat",
            "comercial",
            "ventas",
            "contacto",
            "contabilidad",
            "compras",
            "facturas",
            "administracion",
            "commercial",
            "comptabilite",
            "accueil",
            "direction",
            "amministrazione",
            "vendite",
            "acquisti",
            "segreteria",
            "kf",
            "kefu",
            "xiaoshou",
            "caiwu",
            "renshi",
            "caigou",
            "bangong",
            "logistics",
            "warehouse",
            "export",
            "import",
            "service-client",
            "tech",
            "dev",
            "ops",
            "web",
            "www",
            "all",
            "staff");

    private static final Set<String> PLACEHOLDERS = Set.of(
            "noemail",
            "no-email",
            "no_email",
            "no.email",
            "nomail",
            "no-mail",
            "none",
            "no",
            "na",
            "n-a",
            "null",
            "nil",
            "unknown",
            "unbekannt",
            "test",
            "tester",
            "testing",
            "xxx",
            "xx",
            "x",
            "asdf",
            "qwerty",
            "dummy",
            "fake",
            "notprovided",
            "not-provided",
            "notavailable",
            "anonymous",
            "nobody",
            "noone",
            "keine",
            "kein",
            "sin",
            "aaa",
            "abc",
            "123",
            "1",
            "0");

    private final String canonical;
    private final String local;
    private final String domain;

    private Mailbox(String canonical, int at) {
        this.canonical = canonical;
        this.local = canonical.substring(0, at);
        this.domain = canonical.substring(at + 1);
    }

    /** The mailbox of a text as matching sees it: NFKC, no blanks, lower case; null if it is none. */
    static @org.jspecify.annotations.Nullable Mailbox of(String text) {
        String canonical =
                Normalizer.normalize(text, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
        int at = canonical.indexOf('@');
        boolean shape = at > 0
                && at == canonical.lastIndexOf('@')
                && canonical.indexOf('.', at) > at + 1
                && !canonical.endsWith(".")
                && canonical.chars().noneMatch(Character::isWhitespace);
        return shape ? new Mailbox(canonical, at) : null;
    }

    String canonical() {
        return canonical;
    }

    String domain() {
        return domain;
    }

    String local() {
        return local;
    }

    /** Without a tag such as {@code +news}; the mailbox itself if it has none. */
    String untagged() {
        int plus = local.indexOf('+');
        return plus <= 0 ? canonical : local.substring(0, plus) + "@" + domain;
    }

    /** Nobody's: typed to get past a required field, such as {@code none@…} or {@code a@a.com}. */
    boolean isPlaceholder() {
        String label = domain.substring(0, domain.indexOf('.'));
        return PLACEHOLDERS.contains(local) || local.equals(label);
    }

    /** Read by one person as far as its name tells. */
    boolean isPersonal() {
        int plus = local.indexOf('+');
        String name = plus <= 0 ? local : local.substring(0, plus);
        return !SHARED.contains(name) && name.chars().allMatch(c -> c < 0x80);
    }
}

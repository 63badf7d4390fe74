package io.crmsdk.identity;

import io.crmsdk.internal.Edits;
import io.crmsdk.quality.CompanyName;
import java.util.List;
import java.util.Set;

/** Comparison of company names: equal keys make candidates, different ones doubt; only numbers prove. */
final class OrganizationName {
    private static final List<String> LONG_FORMS = List.of(
            "gesellschaft mit beschrankter haftung",
            "gesellschaft mit beschraenkter haftung",
            "gesellschaft mbh",
            "public limited company",
            "limited liability company",
            "limited liability partnership",
            "societe a responsabilite limitee",
            "societe anonyme",
            "societa per azioni",
            "societa a responsabilita limitata",
            "sociedad anonima",
            "sociedad limitada",
            "besloten vennootschap",
            "naamloze vennootschap",
            "spolecnost s rucenim omezenym",
            "aktiengesellschaft",
            "kommanditgesellschaft",
            "aktiebolag",
            "osakeyhtio");

    private static final Set<String> FORMS = Set.of(
            "gmbh",
            "mbh",
            "ag",
            "kg",
            "kgaa",
            "ohg",
            "ug",
            "eg",
            "ev",
            "se",
            "ltd",
            "limited",
            "llc",
            "llp",
            "lp",
            "plc",
            "inc",
            "incorporated",
            "corp",
            "corporation",
            "co",
            "company",
            "sa",
            "sas",
            "sarl",
            "spa",
            "srl",
            "sl",
            "bv",
            "nv",
            "sro",
            "as",
            "oy",
            "oyj",
            "ab",
            "aps",
            "pty",
            "pte",
            "kft",
            "zrt",
            "doo",
            "ooo",
            "oao",
            "kk",
            "pvt",
            "and");

    private static final Set<String> PLACEHOLDERS = Set.of(
            "private",
            "privat",
            "self",
            "self employed",
            "freelance",
            "none",
            "na",
            "n a",
            "unknown",
            "test",
            "individual");

    private OrganizationName() {}

    /** The form for comparison; empty for nothing and for a placeholder. */
    static String key(String name) {
        boolean han = name.codePoints().anyMatch(c -> c >= 0x3400 && c <= 0x9FFF);
        if (han) {
            return CompanyName.key(name);
        }
        String plain = dotless(PersonName.plain(name.replace("&", " and ")));
        if (plain.isEmpty() || PLACEHOLDERS.contains(plain) || CompanyName.isPlaceholder(name)) {
            return "";
        }
        for (String form : LONG_FORMS) {
            if (plain.endsWith(" " + form)) {
                plain = plain.substring(0, plain.length() - form.length() - 1);
            }
        }
        String[] tokens = plain.split(" ");
        int end = tokens.length;
        while (end > 1 && FORMS.contains(tokens[end - 1])) {
            end--;
        }
        return String.join(" ", List.of(tokens).subList(0, end));
    }

    /** Single letters in a row become one word: s a, s r o, b v. */
    private static String dotless(String plain) {
        StringBuilder out = new StringBuilder(plain.length());
        String[] tokens = plain.split(" ", 0);
        for (int i = 0; i < tokens.length; i++) {
            boolean joins = i > 0 && tokens[i].length() == 1 && tokens[i - 1].length() == 1;
            if (i > 0 && !joins) {
                out.append(' ');
            }
            out.append(tokens[i]);
        }
        return out.toString();
    }

    /** Whether two keys may be one company: equal, one cut short, or a slip in a long name. */
    static boolean alike(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        String shorter = a.length() <= b.length() ? a : b;
        String longer = a.length() <= b.length() ? b : a;
        if (shorter.length() >= 5 && longer.startsWith(shorter)) {
            return true;
        }
        return shorter.length() >= 10 && Edits.distance(a, b, 2) <= 2 && !PersonName.isHan(shorter.substring(0, 1));
    }

    /** 0 to 1: how much of the two names is shared, word by word or letter by letter. */
    static double similarity(String a, String b) {
        if (a.equals(b)) {
            return 1;
        }
        int longest = Math.max(a.length(), b.length());
        int limit = longest / 2;
        double letters = 1 - (double) Math.min(Edits.distance(a, b, limit), limit + 1) / longest;
        String[] x = a.split(" ");
        String[] y = b.split(" ");
        double shared = 0;
        double fewer = 0;
        String[] few = x.length <= y.length ? x : y;
        Set<String> many = Set.copyOf(
                List.of(x.length <= y.length ? y : x).stream().distinct().toList());
        for (String token : few) {
            fewer += token.length();
            shared += many.contains(token) ? token.length() : 0;
        }
        return Math.max(letters, fewer < 4 ? 0 : 0.95 * shared / fewer);
    }
}

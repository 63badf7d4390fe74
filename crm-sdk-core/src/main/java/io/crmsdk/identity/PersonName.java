package io.crmsdk.identity;

import io.crmsdk.internal.Edits;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Comparison of personal names in the form that {@link #fold} makes: lower case, no accents, no titles, tokens separated by
 * one blank, a generation mark as a last token such as {@code #2}; a Chinese name as its characters alone. Empty if there is
 * no name.
 */
final class PersonName {
    private static final Set<String> TITLES = Set.of(
            "mr",
            "mrs",
            "ms",
            "miss",
            "mx",
            "dr",
            "prof",
            "sir",
            "dame",
            "herr",
            "frau",
            "fraulein",
            "mme",
            "mlle",
            "sig",
            "sigra",
            "dipl",
            "ing",
            "phd",
            "mba",
            "md",
            "esq",
            "signor",
            "signora",
            "senor",
            "senora",
            "don",
            "dona",
            "monsieur",
            "madame");

    private static final Map<String, String> GENERATIONS = Map.of(
            "jr", "#2", "jnr", "#2", "junior", "#2", "sr", "#1", "snr", "#1", "senior", "#1", "ii", "#2", "iii", "#3",
            "iv", "#4");

    private static final Set<String> PLACEHOLDERS = Set.of(
            "test",
            "tester",
            "testing",
            "unknown",
            "unbekannt",
            "inconnu",
            "none",
            "null",
            "nil",
            "na",
            "n a",
            "nn",
            "n n",
            "anonymous",
            "anonym",
            "guest",
            "customer",
            "contact",
            "kunde",
            "client",
            "user",
            "admin",
            "xxx",
            "xx",
            "x",
            "asdf",
            "qwerty",
            "abc",
            "no name",
            "noname",
            "name",
            "not provided",
            "not available",
            "tbd",
            "tba",
            "dummy",
            "first last",
            "firstname lastname",
            "无",
            "无名",
            "未知",
            "匿名",
            "测试",
            "客户",
            "联系人",
            "用户",
            "先生",
            "女士",
            "小姐",
            "不详",
            "没有",
            "暂无",
            "不知道",
            "散客",
            "个人");

    private static final Pattern HAN_TITLE = Pattern.compile("(?:先生|女士|小姐|太太|老师|经理|总经理|主任|总监|董事长|博士|教授|医生|师傅)$");
    private static final Pattern TITLE_FOR_NAME = Pattern.compile(".{1,2}(?:总|工|董|哥|姐|老板)$|[小老阿].$");
    private static final Map<Character, Character> SIMPLIFIED = simplified();
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern LONE_DIGITS = Pattern.compile("[0-9]+");

    private PersonName() {}

    private static Map<Character, Character> simplified() {
        Map<Character, Character> table = new java.util.HashMap<>();
        for (String row : Table.lines("/io/crmsdk/quality/traditional.tsv")) {
            if (row.length() == 3) {
                table.put(row.charAt(0), row.charAt(2));
            }
        }
        return table;
    }

    /** The form for comparison; empty for nothing and for a placeholder. */
    static String fold(String name) {
        String plain = plain(name);
        if (plain.isEmpty() || PLACEHOLDERS.contains(plain)) {
            return "";
        }
        String squeezed = plain.replace(" ", "");
        if (isHan(squeezed)) {
            return han(squeezed);
        }
        List<String> tokens = new ArrayList<>();
        String generation = "";
        for (String token : plain.split(" ", 0)) {
            String mark = tokens.isEmpty() ? null : GENERATIONS.get(token);
            if (mark != null) {
                generation = mark;
            } else if (!TITLES.contains(token) && !LONE_DIGITS.matcher(token).matches()) {
                tokens.add(token);
            }
        }
        String folded = String.join(" ", tokens);
        if (folded.isEmpty() || PLACEHOLDERS.contains(folded) || isOneLetter(folded)) {
            return "";
        }
        return generation.isEmpty() ? folded : folded + " " + generation;
    }

    private static boolean isOneLetter(String text) {
        return text.chars().filter(c -> c != ' ').distinct().count() < 2;
    }

    private static String han(String name) {
        String bare = HAN_TITLE.matcher(name).replaceFirst("");
        if (bare.length() < 2
                || PLACEHOLDERS.contains(bare)
                || TITLE_FOR_NAME.matcher(bare).matches() && bare.length() < 3) {
            return "";
        }
        return bare;
    }

    /** Lower case without accents and punctuation, one blank between tokens; traditional characters as simplified ones. */
    static String plain(String text) {
        String nfd = isAscii(text)
                ? text.toLowerCase(Locale.ROOT)
                : MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD).toLowerCase(Locale.ROOT))
                        .replaceAll("");
        StringBuilder out = new StringBuilder(nfd.length());
        boolean gap = false;
        boolean apostrophe = false;
        for (int i = 0; i < nfd.length(); i++) {
            char c = nfd.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                if (gap && !out.isEmpty()) {
                    out.append(' ');
                }
                gap = false;
                append(out, c);
            } else {
                apostrophe = c == '\'' || c == '\u2019' || c == '\u00B4' || c == '`' || c == '\u00B7';
                gap |= !apostrophe;
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, char c) {
        switch (c) {
            case 'ß' -> out.append("ss");
            case 'ø' -> out.append('o');
            case 'ł' -> out.append('l');
            case 'đ', 'ð' -> out.append('d');
            case 'ı' -> out.append('i');
            case 'æ' -> out.append("ae");
            case 'œ' -> out.append("oe");
            case 'þ' -> out.append("th");
            default -> out.append(c < 0x3400 ? c : SIMPLIFIED.getOrDefault(c, c));
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static boolean isHan(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x3400 || c > 0x9FFF) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** What two folded names say about each other; symmetric. */
    static NameRelation compare(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return NameRelation.UNKNOWN;
        }
        if (a.equals(b)) {
            return NameRelation.SAME;
        }
        boolean hanA = isHan(a);
        boolean hanB = isHan(b);
        if (hanA && hanB) {
            return han(a, b);
        }
        if (hanA || hanB) {
            return hanA ? romanised(a, b) : romanised(b, a);
        }
        return script(a) == script(b) ? spelled(a, b) : NameRelation.UNKNOWN;
    }

    private static Character.UnicodeScript script(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isLetter(name.charAt(i))) {
                return Character.UnicodeScript.of(name.charAt(i));
            }
        }
        return Character.UnicodeScript.COMMON;
    }

    private static NameRelation han(String a, String b) {
        if (a.length() == b.length() && (a + a).contains(b)) {
            return NameRelation.COMPATIBLE;
        }
        if (Syllables.readings(a).stream().anyMatch(Syllables.readings(b)::contains)) {
            return NameRelation.UNKNOWN;
        }
        return NameRelation.CONFLICT;
    }

    /** A reading that fits says more than one that does not: many characters have readings that no table knows. */
    private static NameRelation romanised(String han, String latin) {
        String letters = latin.replace(" ", "");
        int split = Syllables.surnameLength(han);
        Set<String> surnames = Syllables.readings(han.substring(0, split));
        Set<String> givens = Syllables.readings(han.substring(split));
        for (String surname : surnames) {
            for (String given : givens) {
                if (letters.equals(surname + given) || letters.equals(given + surname)) {
                    return NameRelation.COMPATIBLE;
                }
            }
        }
        return NameRelation.UNKNOWN;
    }

    /**
     * Whether two names that do not agree may still be one person's. Either every word of the shorter name has one in the
     * other that it could be with slips, or the given name stands first in both and only the surname changed.
     */
    static boolean near(String a, String b) {
        if (a.isEmpty() || b.isEmpty() || isHan(a) || isHan(b)) {
            return false;
        }
        String[] left = a.split("[ |]");
        String[] right = b.split("[ |]");
        Fit first = fit(left[0], right[0]);
        if (left.length > 1 && right.length > 1 && (first == Fit.EQUAL || first == Fit.FORM)) {
            return true;
        }
        String[] few = left.length <= right.length ? left : right;
        String[] many = left.length <= right.length ? right : left;
        for (String word : few) {
            boolean found = false;
            for (String other : many) {
                int most = Math.max(word.length(), other.length()) / 2;
                found |= fit(word, other) != Fit.NONE
                        || Edits.distance(word, other, most) <= most
                                && !(GivenNames.known(word) && GivenNames.known(other));
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static NameRelation spelled(String a, String b) {
        String[] left = a.split(" ");
        String[] right = b.split(" ");
        String leftMark = mark(left);
        String rightMark = mark(right);
        if (!leftMark.isEmpty() && !rightMark.isEmpty() && !leftMark.equals(rightMark)) {
            return NameRelation.CONFLICT;
        }
        boolean oneMark = !leftMark.equals(rightMark);
        left = leftMark.isEmpty() ? left : Arrays.copyOf(left, left.length - 1);
        right = rightMark.isEmpty() ? right : Arrays.copyOf(right, right.length - 1);
        NameRelation relation = tokens(left, right);
        // A mark on one side only: father and son often share everything else.
        return oneMark && relation.agrees() ? NameRelation.UNKNOWN : relation;
    }

    private static String mark(String[] tokens) {
        String last = tokens[tokens.length - 1];
        return last.startsWith("#") ? last : "";
    }

    private static NameRelation tokens(String[] left, String[] right) {
        String[] sortedLeft = left.clone();
        String[] sortedRight = right.clone();
        Arrays.sort(sortedLeft);
        Arrays.sort(sortedRight);
        if (Arrays.equals(sortedLeft, sortedRight)) {
            return NameRelation.SAME;
        }
        if (String.join("", left).equals(String.join("", right))) {
            return NameRelation.COMPATIBLE;
        }
        NameRelation aligned = left.length <= right.length ? aligned(left, right) : aligned(right, left);
        if (aligned != NameRelation.CONFLICT) {
            return aligned;
        }
        return slips(left, right) ? NameRelation.COMPATIBLE : NameRelation.CONFLICT;
    }

    /** A blank that moved, as in {@code Joh nMiller}, with at most one more slip in a long name. */
    private static boolean slips(String[] left, String[] right) {
        if (!blankMoved(left, right)) {
            return false;
        }
        String a = String.join("", left);
        String b = String.join("", right);
        return Math.min(a.length(), b.length()) >= 8 && Edits.distance(a, b, 2) <= 2;
    }

    /** A token that no longer fits any of the other name and is no known given name: the blank cut it. */
    private static boolean blankMoved(String[] left, String[] right) {
        return cut(left, right) || cut(right, left);
    }

    private static boolean cut(String[] these, String[] those) {
        boolean whole = true;
        for (String token : these) {
            boolean fits = false;
            for (String other : those) {
                fits |= fit(token, other) != Fit.NONE;
            }
            if (!fits && GivenNames.known(token)) {
                return false;
            }
            whole &= fits;
        }
        return !whole;
    }

    /** Every token of the shorter name finds its own in the longer one. */
    private static NameRelation aligned(String[] few, String[] many) {
        boolean[] placed = new boolean[few.length];
        boolean[] taken = new boolean[many.length];
        int[] count = new int[Fit.values().length];
        for (Fit wanted : new Fit[] {Fit.EQUAL, Fit.FORM, Fit.SLIP, Fit.INITIAL, Fit.DOUBT}) {
            for (int i = 0; i < few.length; i++) {
                if (!placed[i] && place(few[i], many, taken, wanted)) {
                    placed[i] = true;
                    count[wanted.ordinal()]++;
                }
            }
        }
        for (boolean found : placed) {
            if (!found) {
                return NameRelation.CONFLICT;
            }
        }
        int whole = count[Fit.EQUAL.ordinal()] + count[Fit.FORM.ordinal()] + count[Fit.SLIP.ordinal()];
        boolean enough = whole > 0 && whole + count[Fit.INITIAL.ordinal()] > 1;
        return enough && count[Fit.DOUBT.ordinal()] == 0 ? NameRelation.COMPATIBLE : NameRelation.UNKNOWN;
    }

    private static boolean place(String token, String[] many, boolean[] taken, Fit wanted) {
        for (int j = 0; j < many.length; j++) {
            if (!taken[j] && fit(token, many[j]) == wanted) {
                taken[j] = true;
                return true;
            }
        }
        return false;
    }

    private enum Fit {
        EQUAL,
        FORM,
        SLIP,
        INITIAL,
        DOUBT,
        NONE
    }

    private static Fit fit(String a, String b) {
        if (a.equals(b)) {
            return Fit.EQUAL;
        }
        if (GivenNames.sameGroup(a, b)) {
            return Fit.FORM;
        }
        if (a.length() == 1 || b.length() == 1) {
            return a.charAt(0) == b.charAt(0) ? Fit.INITIAL : Fit.NONE;
        }
        if (GivenNames.known(a) && GivenNames.known(b)) {
            return Fit.NONE;
        }
        int shorter = Math.min(a.length(), b.length());
        int distance = Edits.distance(a, b, 2);
        if (distance == 1) {
            return shorter >= 4 || isSlip(a, b) ? Fit.SLIP : shorter >= 3 ? Fit.DOUBT : Fit.NONE;
        }
        return distance == 2 ? shorter >= 8 ? Fit.SLIP : shorter >= 5 ? Fit.DOUBT : Fit.NONE : Fit.NONE;
    }

    /** A doubled letter or two swapped ones: nobody is called that. */
    private static boolean isSlip(String a, String b) {
        if (a.length() == b.length()) {
            char[] x = a.toCharArray();
            char[] y = b.toCharArray();
            Arrays.sort(x);
            Arrays.sort(y);
            return Arrays.equals(x, y);
        }
        String longer = a.length() > b.length() ? a : b;
        for (int i = 1; i < longer.length(); i++) {
            if (longer.charAt(i) == longer.charAt(i - 1)) {
                return true;
            }
        }
        return false;
    }
}

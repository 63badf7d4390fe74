package io.crmsdk.quality;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Comparison of company names; the name that is stored is never changed by it.
 *
 * <p>Names are no evidence of identity: equal keys only make two records candidates, and a different credit code always means
 * a different company. Stateless and thread-safe.
 */
public final class CompanyName {
    /** Longest first. A branch or office is another payer than its company, so those words stay. */
    private static final List<String> LEGAL_FORMS =
            List.of("股份有限责任公司", "集团股份有限公司", "集团有限责任公司", "股份有限公司", "有限责任公司", "集团有限公司", "股份公司", "有限公司", "集团公司", "公司");

    private static final List<String> BRANCH_WORDS = List.of("分公司", "办事处", "分店", "分行", "支行", "营业部", "分厂", "门店");
    private static final Set<String> PLACEHOLDERS = Set.of(
            "有限公司", "有限责任公司", "股份有限公司", "公司", "个人", "个体", "个体户", "私人", "自己", "1", "0", "11", "111", "123", "a", "x",
            "散客", "零售");

    private static final Pattern MADE_UP = Pattern.compile("(?:X{2,}|TEST|测试|某某?)(?:有限责任公司|有限公司|公司)?[0-9]*");

    private static final Map<Integer, Integer> SIMPLIFIED = simplified();

    private CompanyName() {}

    private static Map<Integer, Integer> simplified() {
        Map<Integer, Integer> table = new HashMap<>();
        for (String[] row : Tables.read("traditional.tsv")) {
            table.put(row[0].codePointAt(0), row[1].codePointAt(0));
        }
        return table;
    }

    /**
     * The key under which writings of the same name meet: NFKC, brackets unified, blanks, dots and commas removed, Latin
     * letters upper-cased, the legal form stripped unless the name is a branch. A bracketed region stays where it is, since
     * 华信(上海) and 上海华信 are different companies. Traditional characters are compared as their simplified forms, which is not one to one.
     *
     * @return empty if the name is a placeholder
     */
    public static String key(String name) {
        String plain = plain(name);
        if (isPlaceholder(name)) {
            return "";
        }
        for (String branch : BRANCH_WORDS) {
            if (plain.endsWith(branch)) {
                return plain;
            }
        }
        for (String form : LEGAL_FORMS) {
            if (plain.endsWith(form) && plain.length() > form.length() + 1) {
                String kept = plain.substring(0, plain.length() - form.length());
                return form.startsWith("集团") ? kept + "集团" : kept;
            }
        }
        return plain;
    }

    /** Whether the text stands for no company, such as {@code 个人}, a dash, or a legal form without a name. */
    public static boolean isPlaceholder(String name) {
        return Spelling.isNothing(name)
                || MADE_UP.matcher(plain(name)).matches()
                || PLACEHOLDERS.contains(plain(name).toLowerCase(Locale.ROOT));
    }

    private static String plain(String name) {
        String nfkc = Normalizer.normalize(name, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
        StringBuilder out = new StringBuilder(nfkc.length());
        nfkc.codePoints().forEach(c -> {
            if ("【〔[〖「『{<《".indexOf(c) >= 0) {
                out.append('(');
            } else if ("】〕]〗」』}>》".indexOf(c) >= 0) {
                out.append(')');
            } else if (!Spelling.isBlank(c)
                    && Character.getType(c) != Character.FORMAT
                    && ".,。，、·•・'’".indexOf(c) < 0) {
                out.appendCodePoint(SIMPLIFIED.getOrDefault(c, c));
            }
        });
        return out.toString();
    }
}

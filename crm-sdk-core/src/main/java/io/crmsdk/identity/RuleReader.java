package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import io.crmsdk.identity.MatchRules.Veto;
import io.crmsdk.internal.Suggestion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads the lines of a rules text and collects everything that is wrong with them. */
final class RuleReader {
    private static final Map<String, Key> KEYS = Map.of(
            "external-id", Key.EXTERNAL_ID,
            "national-id", Key.NATIONAL_ID,
            "verified-email", Key.EMAIL,
            "personal-phone", Key.PHONE,
            "tax-id", Key.TAX_ID);

    private static final Set<String> NAMES = Set.of(
            "person.strong",
            "organization.strong",
            "veto",
            "email-in-company",
            "keys.without-name",
            "keys.across-companies",
            "generic.names",
            "generic.records",
            "link.score",
            "review.score",
            "review.score-without-keys",
            "review.per-thousand");

    private static final Set<String> FIELDS = Set.of(
            "default",
            "kind",
            "number",
            "status",
            "parent",
            "displayName",
            "organization",
            "jobTitle",
            "department",
            "birthday",
            "language",
            "timeZone",
            "owner",
            "region",
            "vip",
            "lifecycle",
            "source",
            "emails",
            "phones",
            "addresses",
            "onlineAccounts",
            "websites",
            "externalIds",
            "notes",
            "tags",
            "attributes");

    private static final String SURVIVORSHIP = "survivorship.";

    private final String name;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    RuleReader(String name, String text) {
        this.name = name;
        int number = 0;
        for (String raw : text.split("\r\n|\r|\n", -1)) {
            number++;
            String line = raw.startsWith("\uFEFF") ? raw.substring(1).strip() : raw.strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                read(number, line);
            }
        }
    }

    private void read(int number, String line) {
        int equals = line.indexOf('=');
        String rule = equals < 0 ? line : line.substring(0, equals).strip();
        boolean known = NAMES.contains(rule)
                || rule.startsWith(SURVIVORSHIP) && FIELDS.contains(rule.substring(SURVIVORSHIP.length()));
        Integer earlier = lines.putIfAbsent(rule, number);
        if (equals < 0 || !known) {
            problems.add("line " + number + ": "
                    + (equals < 0
                            ? "expected name = value"
                            : "no rule is called " + rule + Suggestion.of(rule, NAMES)));
        } else if (earlier != null) {
            problems.add("line " + number + ": " + rule + " was already said in line " + earlier);
        } else {
            values.put(rule, line.substring(equals + 1).strip());
        }
    }

    private void problem(String rule, String what) {
        Integer line = lines.get(rule);
        problems.add((line == null ? "" : "line " + line + ": ") + rule + ": " + what);
    }

    private List<String> words(String rule, String ifAbsent) {
        List<String> words = new ArrayList<>();
        for (String word : values.getOrDefault(rule, ifAbsent).split(",", 0)) {
            if (!word.isBlank()) {
                words.add(word.strip().toLowerCase(Locale.ROOT));
            }
        }
        return words;
    }

    EnumSet<Key> keys(String rule, String ifAbsent) {
        EnumSet<Key> keys = EnumSet.noneOf(Key.class);
        for (String word : words(rule, ifAbsent)) {
            Key key = KEYS.get(word);
            if (key != null) {
                keys.add(key);
            } else if (Set.of("name", "company", "address", "domain", "city", "birth-date")
                    .contains(word)) {
                problem(rule, word + " never identifies anybody: too many share it");
            } else {
                problem(
                        rule,
                        "expected some of " + KEYS.keySet().stream().sorted().toList() + ", got " + word);
            }
        }
        return keys;
    }

    EnumSet<Veto> vetoes(String rule, String ifAbsent) {
        EnumSet<Veto> vetoes = EnumSet.noneOf(Veto.class);
        for (String word : words(rule, ifAbsent)) {
            switch (word) {
                case "name" -> vetoes.add(Veto.NAME);
                case "birth-date" -> vetoes.add(Veto.BIRTH_DATE);
                case "tax-id" -> vetoes.add(Veto.TAX_ID);
                default -> problem(rule, "expected some of name, birth-date, tax-id, got " + word);
            }
        }
        return vetoes;
    }

    boolean yes(String rule, String ifAbsent) {
        String value = values.getOrDefault(rule, ifAbsent);
        if (!value.equals("yes") && !value.equals("no")) {
            problem(rule, "expected yes or no, got " + value);
        }
        return value.equals("yes");
    }

    int number(String rule, String ifAbsent, int least, int most) {
        String value = values.getOrDefault(rule, ifAbsent);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            problem(rule, "not a whole number: " + value);
            return least;
        }
        problem(rule, "expected " + least + " to " + most + ", got " + value);
        return least;
    }

    /** Bits; {@code never} is beyond every score. */
    double score(String rule, String ifAbsent) {
        String value = values.getOrDefault(rule, ifAbsent);
        if (value.equals("never")) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double score = Double.parseDouble(value);
            if (score >= 0 && score <= 100) {
                return score;
            }
        } catch (NumberFormatException e) {
            problem(rule, "expected a number of bits or never, got " + value);
            return 0;
        }
        problem(rule, "expected 0 to 100 bits or never, got " + value);
        return 0;
    }

    TreeMap<String, Survivorship.Rule> survivorship() {
        TreeMap<String, Survivorship.Rule> rules = new TreeMap<>();
        rules.put("default", new Survivorship.Rule(List.of(), Survivorship.Order.RECENT));
        values.forEach((rule, value) -> {
            if (rule.startsWith(SURVIVORSHIP)) {
                rules.put(rule.substring(SURVIVORSHIP.length()), survivor(rule, value));
            }
        });
        return rules;
    }

    /** {@code recent}, or {@code erp, crm; recent}: systems to be trusted first, then what decides among the rest. */
    private Survivorship.Rule survivor(String rule, String value) {
        int semicolon = value.indexOf(';');
        String order =
                (semicolon < 0 ? value : value.substring(semicolon + 1)).strip().toUpperCase(Locale.ROOT);
        List<String> trusted = new ArrayList<>();
        for (String system : (semicolon < 0 ? "" : value.substring(0, semicolon)).split(",", 0)) {
            if (!system.isBlank()) {
                trusted.add(system.strip());
            }
        }
        for (Survivorship.Order known : Survivorship.Order.values()) {
            if (known.name().equals(order)) {
                return new Survivorship.Rule(List.copyOf(trusted), known);
            }
        }
        problem(
                rule,
                "expected recent, oldest or longest, after systems and a semicolon if some are trusted first; got "
                        + value);
        return new Survivorship.Rule(List.of(), Survivorship.Order.RECENT);
    }

    /** What contradicts itself; refuses everything that was found so far. */
    void check(Set<Key> people, Set<Key> organizations, Set<Veto> vetoes, double linkScore, double reviewScore) {
        if (people.contains(Key.TAX_ID)) {
            problem("person.strong", "a tax id is the company's: all its people share it");
        }
        if (organizations.contains(Key.EMAIL) || organizations.contains(Key.PHONE)) {
            problem("organization.strong", "head office and branches share mailboxes and switchboards");
        }
        if (!vetoes.contains(Veto.NAME)) {
            problem("veto", "name must be among them: without it a household with one telephone is one customer");
        }
        if (linkScore < 30) {
            problem("link.score", "below 30 bits colleagues and twins are linked; got " + linkScore);
        }
        if (linkScore < reviewScore) {
            problem("link.score", "is below review.score, so nothing would be asked");
        }
        if (!problems.isEmpty()) {
            throw new IdentityException(
                    "IDENTITY_RULES", name + ": " + String.join("; ", problems) + ". Nothing was switched on.", null);
        }
    }
}

package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * What identifies a customer, as data: which values are strong for whom, what keeps two records apart, how much is enough, and
 * which record a field of the golden view is taken from.
 *
 * <p>Text of one rule a line, {@code name = value}; {@code #} begins a comment; what is not said stays as in
 * {@link #defaults()}. Checked as a whole when it is read: every mistake is reported at once, with its line and reason.
 * Immutable, serialisable, thread-safe.
 *
 * <pre>
 * person.strong = external-id, national-id, verified-email, personal-phone
 * organization.strong = external-id, tax-id
 * veto = name, birth-date, tax-id
 * email-in-company = yes
 * keys.without-name = 2
 * keys.across-companies = 2
 * generic.names = 3
 * generic.records = 60
 * link.score = never
 * review.score = 7
 * review.score-without-keys = 1
 * review.per-thousand = 90
 * survivorship.default = recent
 * survivorship.displayName = erp, crm; longest
 * </pre>
 */
public final class MatchRules implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final MatchRules DEFAULTS = parse("defaults", "");

    /** What can keep two records apart. */
    enum Veto {
        NAME,
        BIRTH_DATE,
        TAX_ID
    }

    private final EnumSet<Key> strongForPeople;
    private final EnumSet<Key> strongForOrganizations;
    private final EnumSet<Veto> vetoes;
    private final boolean emailInCompany;
    private final int keysWithoutName;
    private final int keysAcrossCompanies;
    private final int genericNames;
    private final int genericRecords;
    private final double linkScore;
    private final double reviewScore;
    private final double reviewScoreWithoutKeys;
    private final int reviewPerThousand;
    private final TreeMap<String, Survivorship.Rule> survivorship;

    MatchRules(RuleReader from) {
        strongForPeople = from.keys("person.strong", "external-id, national-id, verified-email, personal-phone");
        strongForOrganizations = from.keys("organization.strong", "external-id, tax-id");
        vetoes = from.vetoes("veto", "name, birth-date, tax-id");
        emailInCompany = from.yes("email-in-company", "yes");
        keysWithoutName = from.number("keys.without-name", "2", 2, 5);
        keysAcrossCompanies = from.number("keys.across-companies", "2", 1, 5);
        genericNames = from.number("generic.names", "3", 1, 50);
        genericRecords = from.number("generic.records", "60", 2, 1000);
        linkScore = from.score("link.score", "never");
        reviewScore = from.score("review.score", "7");
        reviewScoreWithoutKeys = from.score("review.score-without-keys", "1");
        reviewPerThousand = from.number("review.per-thousand", "90", 1, 100_000);
        survivorship = from.survivorship();
        from.check(strongForPeople, strongForOrganizations, vetoes, linkScore, reviewScore);
    }

    /** The rules that were measured not to join two different people on the labelled sets (docs/identity.md). */
    public static MatchRules defaults() {
        return DEFAULTS;
    }

    /**
     * Reads rules from a UTF-8 file.
     *
     * @throws IdentityException {@code IDENTITY_RULES} with every line that is wrong, or if the file cannot be read
     */
    public static MatchRules load(Path file) {
        try {
            return parse(String.valueOf(file.getFileName()), Files.readString(file));
        } catch (IOException e) {
            throw new IdentityException(
                    "IDENTITY_RULES", file + " cannot be read; the rules in force are unchanged", e);
        }
    }

    /**
     * Reads rules from text.
     *
     * @param name what to call it in messages, for example the file's name
     * @throws IdentityException {@code IDENTITY_RULES} with every line that is wrong and why
     */
    public static MatchRules parse(String name, String text) {
        return new MatchRules(new RuleReader(name, text));
    }

    /** What two pieces of evidence say about each other. Pure: the same input gives the same decision, in either order. */
    public MatchDecision judge(Evidence a, Evidence b, MatchContext context) {
        return new Judge(this).decide(a, b, context);
    }

    boolean isStrong(boolean organization, Key key) {
        return (organization ? strongForOrganizations : strongForPeople).contains(key);
    }

    boolean vetoes(Veto veto) {
        return vetoes.contains(veto);
    }

    boolean emailInCompany() {
        return emailInCompany;
    }

    int keysWithoutName() {
        return keysWithoutName;
    }

    int keysAcrossCompanies() {
        return keysAcrossCompanies;
    }

    int genericNames() {
        return genericNames;
    }

    int genericRecords() {
        return genericRecords;
    }

    double linkScore() {
        return linkScore;
    }

    double reviewScore() {
        return reviewScore;
    }

    double reviewScoreWithoutKeys() {
        return reviewScoreWithoutKeys;
    }

    int reviewPerThousand() {
        return reviewPerThousand;
    }

    Survivorship.Rule survivor(String field) {
        Survivorship.Rule rule = survivorship.get(field);
        return rule != null ? rule : Objects.requireNonNull(survivorship.get("default"));
    }

    /** The rules in words, one sentence each. */
    public List<String> explain() {
        List<String> words = new ArrayList<>();
        words.add("People are linked by: " + words(strongForPeople) + ".");
        words.add("Organizations are linked by: " + words(strongForOrganizations) + ".");
        words.add("Never linked automatically: " + vetoWords() + ".");
        words.add(
                emailInCompany
                        ? "An unconfirmed personal e-mail address links where the name agrees and nothing speaks against it."
                        : "An unconfirmed e-mail address never links.");
        words.add("Where names cannot be compared, " + keysWithoutName + " strong values are needed.");
        words.add("Across two companies, " + keysAcrossCompanies + " strong values are needed.");
        words.add("A value that more than " + genericNames + " people with different names share, or more than "
                + genericRecords + " records, says nothing about anybody.");
        words.add(
                Double.isInfinite(linkScore)
                        ? "Supporting evidence alone never links."
                        : "Supporting evidence of " + linkScore + " bits or more links, if nothing speaks against it.");
        words.add("Supporting evidence of " + reviewScore + " bits or more is asked about, or of "
                + reviewScoreWithoutKeys
                + " where no record has a value that links; the queue shows at most "
                + reviewPerThousand + " pairs per 1,000 records.");
        survivorship.forEach((field, rule) -> words.add("Golden view, " + field + ": "
                + (rule.trusted().isEmpty() ? "" : "from " + String.join(", then ", rule.trusted()) + ", else ")
                + "the " + orderWords(rule.order()) + " value."));
        return words;
    }

    private static String words(Set<Key> keys) {
        return keys.stream().map(Key::words).reduce((a, b) -> a + ", " + b).orElse("nothing");
    }

    private String vetoWords() {
        Map<Veto, String> names = Map.of(
                Veto.NAME, "different names",
                Veto.BIRTH_DATE, "different dates of birth",
                Veto.TAX_ID, "different tax ids of organizations");
        return vetoes.stream().map(names::get).reduce((a, b) -> a + ", " + b).orElse("nothing");
    }

    private static String orderWords(Survivorship.Order order) {
        return switch (order) {
            case RECENT -> "most recently changed";
            case OLDEST -> "first known";
            case LONGEST -> "longest";
        };
    }
}

package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import java.util.ArrayList;
import java.util.List;

/** Decides on two records by the rules; pure and symmetric. */
final class Judge {
    private final MatchRules rules;

    Judge(MatchRules rules) {
        this.rules = rules;
    }

    MatchDecision decide(Evidence a, Evidence b, MatchContext context) {
        Facts facts = new Facts(a, b, context);
        double score = score(a, b, facts, context);
        Code code = code(facts, score);
        return new MatchDecision(code.verdict(), code.name(), Math.round(score * 10) / 10.0, why(facts, code));
    }

    /**
     * What a person is asked about two records of two customers. Where evidence would link them, one of the two is joined to
     * somebody else as well.
     */
    MatchDecision question(Evidence a, Evidence b, MatchContext context) {
        Facts facts = new Facts(a, b, context);
        double score = score(a, b, facts, context);
        Code own = code(facts, score);
        Code code = own.verdict() == Verdict.LINK ? Code.REVIEW_AMBIGUOUS : own;
        return new MatchDecision(code.verdict(), code.name(), Math.round(score * 10) / 10.0, why(facts, code));
    }

    /**
     * What follows for two records that share a value under which they are looked for.
     *
     * @param score evidence in bits, which orders questions
     * @param strength the same but for how common the name is, so that a link is no weaker where more records bear the name
     */
    record Judged(Code code, double score, double strength) {
        private static final Judged NOTHING = new Judged(Code.DISTINCT_WEAK, 0, 0);
    }

    /** As {@link #decide} without words. */
    Judged judge(Evidence a, Evidence b, MatchContext context) {
        Facts facts = new Facts(a, b, context);
        if (hopeless(facts)) {
            return Judged.NOTHING;
        }
        double score = score(a, b, facts, context);
        Code code = code(facts, score);
        double strength = code.verdict() == Verdict.LINK ? score(a, b, facts, MatchContext.none()) : score;
        return new Judged(code, score, strength);
    }

    /** Whether the two may be asked about or linked, however rare the name is. */
    boolean mayAsk(Evidence a, Evidence b, MatchContext values) {
        Facts facts = new Facts(a, b, values);
        if (hopeless(facts)) {
            return false;
        }
        double most = score(a, b, facts, values) + Commonness.MOST_BITS - Commonness.UNCOUNTED_BITS;
        return code(facts, most).verdict() != Verdict.DISTINCT;
    }

    private Code code(Facts facts, double score) {
        if (facts.mixed) {
            return facts.isStrong(Key.EXTERNAL_ID) ? Code.REVIEW_KIND : Code.DISTINCT_KIND;
        }
        Code code = facts.organizations ? organizations(facts, score) : people(facts, score);
        boolean byScore = code.verdict() != Verdict.LINK && score >= rules.linkScore() && !apart(facts);
        return byScore ? Code.LINK_SCORE : code;
    }

    private Code people(Facts facts, double score) {
        int keys = strongKeys(facts);
        if (keys == 0) {
            return supported(facts, score);
        }
        if (facts.name() == NameRelation.CONFLICT && rules.vetoes(MatchRules.Veto.NAME)) {
            return Code.REVIEW_NAME_CONFLICT;
        }
        if (facts.birth == Relation.DIFFERENT && rules.vetoes(MatchRules.Veto.BIRTH_DATE)) {
            return Code.REVIEW_BIRTH_DATE;
        }
        if (facts.employer() == Relation.DIFFERENT && keys < rules.keysAcrossCompanies()) {
            return Code.REVIEW_OTHER_COMPANY;
        }
        if (!facts.name().agrees()) {
            boolean enough = keys >= rules.keysWithoutName() && facts.employer() != Relation.DIFFERENT;
            return enough ? Code.LINK_KEYS : Code.REVIEW_NAME_UNKNOWN;
        }
        return facts.isStrong(Key.EXTERNAL_ID) ? Code.LINK_EXTERNAL_ID : keys > 1 ? Code.LINK_KEYS : Code.LINK_KEY;
    }

    /** How many kinds of strong keys the two share; an external id counts for two. */
    private int strongKeys(Facts facts) {
        int keys = 0;
        for (Key key : Key.values()) {
            if (rules.isStrong(facts.organizations, key) && facts.isStrong(key)) {
                keys += key == Key.EXTERNAL_ID ? 2 : 1;
            }
        }
        if (keys == 0
                && rules.emailInCompany()
                && facts.isShared(Key.EMAIL)
                && facts.name().agrees()) {
            // An unconfirmed address is evidence only where nothing speaks against it.
            return facts.employer() == Relation.DIFFERENT || facts.birth == Relation.DIFFERENT || facts.different != 0
                    ? 0
                    : 1;
        }
        return keys;
    }

    /** Where neither record has a value that could ever link it, less is enough to ask. */
    private double enough(Facts facts) {
        return facts.linkable ? rules.reviewScore() : rules.reviewScoreWithoutKeys();
    }

    private Code supported(Facts facts, double score) {
        boolean onlyPlace = !facts.organizations
                && birth(facts.birth) + keys(facts) <= 0
                && !facts.name().agrees()
                && (facts.linkable || !facts.namesAreNear());
        if (score < enough(facts) || onlyPlace || !facts.organizations && rest(facts) <= 0) {
            return facts.name() == NameRelation.CONFLICT ? Code.DISTINCT_NAME : Code.DISTINCT_WEAK;
        }
        return Code.REVIEW_SUPPORTED;
    }

    private Code organizations(Facts facts, double score) {
        if (facts.taxId == Relation.DIFFERENT && rules.vetoes(MatchRules.Veto.TAX_ID)) {
            return facts.isStrong(Key.EXTERNAL_ID) ? Code.REVIEW_TAX_ID : Code.DISTINCT_TAX_ID;
        }
        if (facts.isStrong(Key.EXTERNAL_ID) && rules.isStrong(true, Key.EXTERNAL_ID)) {
            return Code.LINK_EXTERNAL_ID;
        }
        if (facts.taxId == Relation.EQUAL && rules.isStrong(true, Key.TAX_ID)) {
            return facts.company == Relation.DIFFERENT && facts.companyLikeness() < 0.5
                    ? Code.REVIEW_NAME_CONFLICT
                    : Code.LINK_KEY;
        }
        return supported(facts, score);
    }

    /** Whether the two must not stand in one customer, whatever joins them from outside. */
    boolean apart(Facts facts) {
        if (facts.mixed) {
            return true;
        }
        if (facts.organizations) {
            return facts.taxId == Relation.DIFFERENT && rules.vetoes(MatchRules.Veto.TAX_ID);
        }
        if (facts.name() == NameRelation.CONFLICT && rules.vetoes(MatchRules.Veto.NAME)) {
            return true;
        }
        if (facts.birth == Relation.DIFFERENT && rules.vetoes(MatchRules.Veto.BIRTH_DATE)) {
            return true;
        }
        return facts.employer() == Relation.DIFFERENT && strongKeys(facts) < rules.keysAcrossCompanies();
    }

    /** Evidence in bits. What belongs to a place or to a company counts once. */
    double score(Evidence a, Evidence b, Facts facts, MatchContext context) {
        double score = facts.organizations ? companyName(facts) : personName(a, b, facts, context);
        boolean twoNames = !facts.organizations && facts.name() == NameRelation.CONFLICT;
        return score + rest(facts) + twoOf(facts, twoNames);
    }

    /** Everything but the names. */
    private static double rest(Facts facts) {
        double score = birth(facts.birth) + keys(facts);
        double place = place(facts);
        double employer = facts.organizations ? taxId(facts) : employer(facts.employer());
        // Colleagues share employer, tax id and address: that is one piece of evidence, not three.
        boolean colleagues = !facts.organizations && employer > 0;
        return score + (colleagues ? Math.max(place, employer) : place + employer);
    }

    private static double companyName(Facts facts) {
        double likeness = facts.companyLikeness();
        return likeness >= 0.99 ? 9 : likeness >= 0.8 ? 6 : likeness >= 0.6 ? 2 : likeness >= 0.4 ? -2 : -8;
    }

    private static double personName(Evidence a, Evidence b, Facts facts, MatchContext context) {
        if (facts.name() == NameRelation.UNKNOWN || facts.name() == NameRelation.CONFLICT) {
            boolean conflict = facts.name() == NameRelation.CONFLICT;
            return facts.namesAreNear() ? conflict ? 0 : 3 : conflict ? -12 : 0;
        }
        double bits = Math.min(context.nameBits(a), context.nameBits(b));
        return facts.name() == NameRelation.SAME ? bits : Math.max(2, bits - 2);
    }

    /** Whether no name could lift the rest to a question; spares the comparison of names. */
    private boolean hopeless(Facts facts) {
        if (facts.organizations || facts.mixed || facts.strong != 0 || facts.isShared(Key.EMAIL)) {
            return false;
        }
        double rest = rest(facts);
        return rest <= 0 || rest + Commonness.MOST_BITS < Math.min(enough(facts), rules.linkScore());
    }

    private static double birth(Relation birth) {
        return switch (birth) {
            case EQUAL -> 12;
            case NEAR -> 6;
            case DIFFERENT -> -5;
            case ABSENT -> 0;
        };
    }

    private static double keys(Facts facts) {
        double score = 0;
        for (Key key : Key.values()) {
            boolean shared = facts.isShared(key);
            score += switch (key) {
                case EXTERNAL_ID -> shared ? 20 : 0;
                case EMAIL -> shared ? 12 : 0;
                case UNTAGGED_EMAIL -> shared && !facts.isShared(Key.EMAIL) ? 10 : 0;
                case PHONE -> shared ? 10 : 0;
                case NATIONAL_ID -> shared ? 16 : 0;
                case TAX_ID -> 0;
            };
        }
        return score + (facts.nearMailbox && !facts.isShared(Key.EMAIL) ? 7 : 0) + (facts.nearId ? 10 : 0);
    }

    /**
     * Two people have two telephones; one person may too, so this weighs only where the names differ. Two objects of one system
     * are no evidence: duplicates within a system are what we look for.
     */
    private static double twoOf(Facts facts, boolean twoNames) {
        double score = 0;
        for (Key key : new Key[] {Key.EMAIL, Key.PHONE, Key.NATIONAL_ID}) {
            if ((facts.different & key.bit()) != 0) {
                score -= !twoNames ? 1 : key == Key.NATIONAL_ID ? 3 : 6;
            }
        }
        return score;
    }

    private static double place(Facts facts) {
        if (facts.otherPlace) {
            return -2;
        }
        double place = (facts.sameStreet ? 7 : 0) + (facts.samePostcode ? 5 : 0) + (facts.sameCity ? 3 : 0);
        return Math.min(place, 12);
    }

    private static double employer(Relation employer) {
        return switch (employer) {
            case EQUAL -> 6;
            case NEAR -> 4;
            case DIFFERENT -> -4;
            case ABSENT -> 0;
        };
    }

    private static double taxId(Facts facts) {
        return facts.taxId == Relation.EQUAL ? 14 : facts.taxId == Relation.DIFFERENT ? -14 : 0;
    }

    /** What keeps the two apart, in words; only asked where {@link #apart} holds. */
    List<String> contra(Facts facts) {
        List<String> pro = new ArrayList<>();
        List<String> contra = new ArrayList<>();
        names(facts, pro, contra);
        relation(facts.birth, "date of birth", pro, contra);
        relation(facts.employer(), facts.organizations ? "tax id" : "employer", pro, contra);
        return contra;
    }

    private static List<String> why(Facts facts, Code code) {
        List<String> pro = new ArrayList<>();
        List<String> contra = new ArrayList<>();
        for (Key key : Key.values()) {
            if (facts.isShared(key) && !(key == Key.UNTAGGED_EMAIL && facts.isShared(Key.EMAIL))) {
                pro.add("same " + (facts.isStrong(key) ? strongWord(key) : "") + key.words());
            }
            if (facts.isGeneric(key)) {
                contra.add("shared " + key.words() + " does not count: too many different people have it");
            }
            if ((facts.different & key.bit()) != 0 && key != Key.EXTERNAL_ID) {
                contra.add("no " + strongWord(key) + key.words() + " in common");
            }
        }
        if (facts.nearId) {
            pro.add("identity numbers of the same digits");
        }
        names(facts, pro, contra);
        relation(facts.birth, "date of birth", pro, contra);
        relation(facts.taxId, facts.organizations ? "tax id" : "employer's tax id", pro, contra);
        if (facts.taxId == Relation.ABSENT && !facts.organizations) {
            relation(facts.company, "employer", pro, contra);
        }
        places(facts, pro, contra);
        pro.addAll(contra);
        pro.add(code.words());
        return pro;
    }

    private static String strongWord(Key key) {
        return switch (key) {
            case EMAIL -> "verified ";
            case PHONE -> "personal ";
            default -> "";
        };
    }

    private static void names(Facts facts, List<String> pro, List<String> contra) {
        if (facts.mixed) {
            contra.add("a person and an organization");
        } else if (!facts.organizations) {
            (facts.name().agrees() ? pro : contra).add(facts.name().words());
        } else if (facts.company != Relation.ABSENT) {
            String words = facts.company == Relation.EQUAL
                    ? "same company name"
                    : facts.companyLikeness() >= 0.6 ? "company name written differently" : "different company names";
            (facts.companyLikeness() >= 0.6 ? pro : contra).add(words);
        }
    }

    private static void relation(Relation relation, String field, List<String> pro, List<String> contra) {
        switch (relation) {
            case EQUAL -> pro.add("same " + field);
            case NEAR -> pro.add("nearly the same " + field);
            case DIFFERENT -> contra.add("different " + field);
            case ABSENT -> {}
        }
    }

    private static void places(Facts facts, List<String> pro, List<String> contra) {
        if (facts.sameStreet && (facts.sameCity || facts.samePostcode)) {
            pro.add("same address");
        } else if (facts.sameStreet || facts.samePostcode) {
            pro.add(facts.sameStreet ? "same street" : "same postcode");
        } else if (facts.sameCity) {
            pro.add("same city");
        } else if (facts.otherPlace) {
            contra.add("different places");
        }
    }

    /** The stable codes, with what each says to a reader. */
    enum Code {
        LINK_EXTERNAL_ID("linked: one object of one system"),
        LINK_KEY("linked: one strong key and nothing against it"),
        LINK_KEYS("linked: two strong keys"),
        LINK_SCORE("linked: so much supporting evidence that the rules allow it"),
        LINK_ACCEPTED("linked: a person said so"),
        REVIEW_NAME_CONFLICT("asked: a strong key, but two names"),
        REVIEW_NAME_UNKNOWN("asked: one strong key, and the names do not help"),
        REVIEW_BIRTH_DATE("asked: a strong key, but two dates of birth"),
        REVIEW_OTHER_COMPANY("asked: one strong key across two companies"),
        REVIEW_TAX_ID("asked: one external id, but two tax ids"),
        REVIEW_KIND("asked: one external id for a person and an organization"),
        REVIEW_AMBIGUOUS("asked: strong keys of two customers that are not the same"),
        REVIEW_SUPPORTED("asked: supporting evidence, no strong key"),
        DISTINCT_NAME("not linked: two names and no strong key"),
        DISTINCT_TAX_ID("not linked: two tax ids are two companies"),
        DISTINCT_KIND("not linked: a person and an organization"),
        DISTINCT_WEAK("not linked: no strong key and too little else"),
        DISTINCT_REJECTED("not linked: a person said so");

        private final String words;

        Code(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        Verdict verdict() {
            return name().startsWith("LINK")
                    ? Verdict.LINK
                    : name().startsWith("REVIEW") ? Verdict.REVIEW : Verdict.DISTINCT;
        }
    }
}

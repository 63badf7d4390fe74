package io.crmsdk.identity;

import io.crmsdk.identity.Evidence.Key;
import io.crmsdk.internal.Edits;
import org.jspecify.annotations.Nullable;

/** Everything that two pieces of evidence say about each other, before any rule. Symmetric. */
final class Facts {
    final boolean organizations;
    final boolean mixed;
    private final Evidence left;
    private final Evidence right;
    private @Nullable NameRelation name;
    final Relation company;
    final Relation taxId;
    final Relation birth;
    final boolean sameStreet;
    final boolean sameCity;
    final boolean samePostcode;
    final boolean otherPlace;
    /** Bits by {@link Key}: shared and strong on both sides; shared at all; shared but generic. */
    final int strong;

    final int shared;
    final int generic;
    /** Both have confirmed personal keys of the kind, and not one in common. */
    final int different;

    /** One of them has a confirmed contact point or an external id. */
    final boolean linkable;
    /** Mailboxes of one name at two providers, or of two spellings at one. */
    final boolean nearMailbox;

    /** Two identity numbers of the same digits in another order, or under another name of the country. */
    final boolean nearId;

    private double companyLikeness = -1;

    Facts(Evidence a, Evidence b, MatchContext context) {
        organizations = a.organization && b.organization;
        mixed = a.organization != b.organization;
        left = a;
        right = b;
        boolean genericTaxId = a.taxId == b.taxId && organizations && context.isGeneric(a.taxId);
        taxId = a.taxId == 0 || b.taxId == 0 || genericTaxId
                ? Relation.ABSENT
                : a.taxId == b.taxId ? Relation.EQUAL : Relation.DIFFERENT;
        company = company(a.company, b.company);
        nearMailbox = a.mailbox != 0 && a.mailbox == b.mailbox;
        birth = birth(a.birth, b.birth);
        sameStreet = a.street != 0 && a.street == b.street;
        sameCity = a.city != 0 && a.city == b.city;
        samePostcode = a.postcode != 0 && a.postcode == b.postcode;
        otherPlace = a.city != 0 && b.city != 0 && !sameCity && a.postcode != 0 && b.postcode != 0 && !samePostcode;
        int foundStrong = 0;
        int foundShared = 0;
        int foundGeneric = 0;
        for (int i = 0, j = 0; i < a.keys.length && j < b.keys.length; ) {
            int order = Long.compare(a.keys[i], b.keys[j]);
            if (order == 0) {
                int bit = Key.of(a.keys[i]).bit();
                if (context.isGeneric(a.keys[i])) {
                    foundGeneric |= bit;
                } else {
                    foundShared |= bit;
                    foundStrong |= a.isStrong(i) && b.isStrong(j) ? bit : 0;
                }
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        foundShared |= untagged(a, b) || untagged(b, a) ? Key.UNTAGGED_EMAIL.bit() : 0;
        nearId = a.idDigits != 0 && a.idDigits == b.idDigits && (foundShared & Key.NATIONAL_ID.bit()) == 0;
        strong = foundStrong;
        shared = foundShared;
        generic = foundGeneric;
        linkable = ((kinds(a) | kinds(b)) & ~Key.NATIONAL_ID.bit()) != 0 || taxId != Relation.ABSENT;
        different = (kinds(a) & kinds(b)) & ~foundShared & ~foundGeneric & ~(nearId ? Key.NATIONAL_ID.bit() : 0);
    }

    private static int kinds(Evidence e) {
        int bits = 0;
        for (int i = 0; i < e.keys.length; i++) {
            bits |= e.isStrong(i) ? Key.of(e.keys[i]).bit() : 0;
        }
        return bits;
    }

    /** One side has a tag, the other the bare mailbox. */
    private static boolean untagged(Evidence tagged, Evidence bare) {
        for (long key : tagged.keys) {
            if (Key.of(key) == Key.UNTAGGED_EMAIL) {
                for (long other : bare.keys) {
                    boolean mail = Key.of(other) == Key.EMAIL || Key.of(other) == Key.UNTAGGED_EMAIL;
                    if (mail && (other & ~15L) == (key & ~15L)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Costs more than everything else, so it is compared only when somebody asks. */
    NameRelation name() {
        NameRelation known = name;
        if (known == null) {
            known = name(left.name, right.name);
            name = known;
        }
        return known;
    }

    /** Of two names in conflict: whether slips could explain it, as in {@code Jhon} and {@code John}. */
    boolean namesAreNear() {
        return PersonName.near(left.name, right.name);
    }

    /** 0 to 1 for two organizations, else 0. */
    double companyLikeness() {
        if (companyLikeness < 0) {
            boolean both = organizations && !left.company.isEmpty() && !right.company.isEmpty();
            companyLikeness = both ? OrganizationName.similarity(left.company, right.company) : 0;
        }
        return companyLikeness;
    }

    boolean isShared(Key key) {
        return (shared & key.bit()) != 0;
    }

    boolean isStrong(Key key) {
        return (strong & key.bit()) != 0;
    }

    boolean isGeneric(Key key) {
        return (generic & key.bit()) != 0;
    }

    /** The employer: the number decides where both have one, else the name. */
    Relation employer() {
        return taxId != Relation.ABSENT ? taxId : company;
    }

    private static NameRelation name(String a, String b) {
        if (a.indexOf('|') < 0 && b.indexOf('|') < 0) {
            return PersonName.compare(a, b);
        }
        NameRelation best = NameRelation.CONFLICT;
        for (String x : a.split("\\|", 0)) {
            for (String y : b.split("\\|", 0)) {
                NameRelation relation = PersonName.compare(x, y);
                best = relation.ordinal() < best.ordinal() ? relation : best;
            }
        }
        return best;
    }

    private static Relation company(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Relation.ABSENT;
        }
        if (a.equals(b)) {
            return Relation.EQUAL;
        }
        return OrganizationName.alike(a, b) ? Relation.NEAR : Relation.DIFFERENT;
    }

    private static Relation birth(int a, int b) {
        if (a == 0 || b == 0) {
            return Relation.ABSENT;
        }
        int year = part(a / 10_000 % 100, b / 10_000 % 100);
        int century = a >= 1_000_000 && b >= 1_000_000 ? part(a / 1_000_000, b / 1_000_000) : 0;
        int month = part(a / 100 % 100, b / 100 % 100);
        int day = part(a % 100, b % 100);
        int wrong = year + century + month + day;
        if (wrong == 0) {
            return Relation.EQUAL;
        }
        boolean swapped = year + century == 0 && a / 100 % 100 == b % 100 && b / 100 % 100 == a % 100;
        return wrong == 1 || swapped || Edits.distance(String.valueOf(a), String.valueOf(b), 1) == 1
                ? Relation.NEAR
                : Relation.DIFFERENT;
    }

    /** 1 if both are known and differ. */
    private static int part(int a, int b) {
        return a != 0 && b != 0 && a != b ? 1 : 0;
    }
}

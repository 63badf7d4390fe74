package io.crmsdk.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is unexpected about an audience. */
final class Expectations {
    /** A first run without anything to compare it with may be this large. */
    private static final long FIRST = 1_000;

    /** Small audiences grow by leaps that mean nothing. */
    private static final long LEAP = 100;

    /** Fewer than this say nothing about whether a rule is the same. */
    private static final long TELLING = 20;

    private Expectations() {}

    static List<String> unmet(CampaignSpec spec, long members, CampaignBook.Last last) {
        List<String> unmet = new ArrayList<>();
        if (spec.ceiling() != null && members > spec.ceiling()) {
            unmet.add(text("It would reach %,d people; the ceiling is %,d.", members, spec.ceiling()));
        }
        if (spec.base() != null && members > spec.base() * spec.shareOfBase()) {
            unmet.add(text(
                    "It would reach %,d of %,d people, %.0f %% of all; up to %.0f %% needs no approval.",
                    members, spec.base(), 100.0 * members / spec.base(), 100 * spec.shareOfBase()));
        }
        if (last.members() > 0 && members > last.members() * spec.growth() && members > last.members() + LEAP) {
            unmet.add(text(
                    "It would reach %,d people; the last run of %s reached %,d.",
                    members, spec.series(), last.members()));
        }
        if (last.members() >= TELLING && last.shared() * 10 < last.members()) {
            unmet.add(text(
                    "Of the %,d people of the last run of %s it would reach only %,d: is its rule the wrong way round?",
                    last.members(), spec.series(), last.shared()));
        }
        if (last.members() == 0 && spec.ceiling() == null && spec.base() == null && members > FIRST) {
            unmet.add(text(
                    "It would reach %,d people, and there is nothing to compare that with: no earlier run of %s, no ceiling, no base.",
                    members, spec.series()));
        }
        if (members == 0) {
            unmet.add("It would reach nobody.");
        }
        return unmet;
    }

    private static String text(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}

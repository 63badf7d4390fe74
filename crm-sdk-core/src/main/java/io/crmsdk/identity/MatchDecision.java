package io.crmsdk.identity;

import java.util.List;

/**
 * What the evidence of two records says, with its reasons. The same evidence always gives the same decision, whichever of the
 * two comes first. Immutable; equality by value.
 *
 * @param verdict what follows
 * @param code stable, upper-case, for programs; for example {@code LINK_KEY} or {@code REVIEW_NAME_CONFLICT}
 * @param score evidence in bits: how much more often two records of one customer look like this than two records of two;
 *     orders the review queue, never links by itself unless the rules say so
 * @param why the evidence in words, what speaks for it first; holds no value of either record
 */
public record MatchDecision(Verdict verdict, String code, double score, List<String> why) {
    /** Copies the list. */
    public MatchDecision {
        why = List.copyOf(why);
    }

    /** The reasons as one text, for example {@code same verified e-mail; different tax ids}. */
    public String explanation() {
        return String.join("; ", why);
    }
}

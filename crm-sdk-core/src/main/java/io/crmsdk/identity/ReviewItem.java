package io.crmsdk.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pair of records that may be the same customer, and what became of the question. Immutable; equality by value.
 *
 * @param pair names the question in {@link ReviewQueue#accept} and its sisters: the two record ids
 * @param recordA our id of one record
 * @param recordB our id of the other record
 * @param code why it is asked, as in {@link MatchDecision#code()}
 * @param score how much speaks for one customer; the higher, the sooner it is shown
 * @param why the evidence in words
 * @param state whether it waits or how it was answered
 * @param askedAt when it was asked, by the database's clock
 * @param author who answered; null while it waits
 * @param reason why, in the author's words; null if none was given
 * @param decidedAt when it was answered; null while it waits
 */
public record ReviewItem(
        String pair,
        String recordA,
        String recordB,
        String code,
        double score,
        List<String> why,
        State state,
        Instant askedAt,
        @Nullable String author,
        @Nullable String reason,
        @Nullable Instant decidedAt) {
    /** Copies the list. */
    public ReviewItem {
        why = List.copyOf(why);
    }

    /** Where a question stands. */
    public enum State {
        /** Waits for an answer. */
        OPEN,
        /** They are the same customer. */
        ACCEPTED,
        /** Not with this evidence; asked again when the evidence changes. */
        REJECTED,
        /** They are two customers, whatever evidence may come. */
        NEVER
    }
}

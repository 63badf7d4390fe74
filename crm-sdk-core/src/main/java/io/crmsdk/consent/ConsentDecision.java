package io.crmsdk.consent;

import java.util.List;
import java.util.Locale;

/**
 * The answer to "may this person be addressed about this", with what it rests on.
 *
 * @param verdict the answer
 * @param reason a stable word for why: an {@link OptOutReason}'s name, the {@link Rank} of the grant, or one of {@code
 *     TRANSACTIONAL}, {@code NO_GRANT}, {@code RANK_TOO_LOW}, {@code GRANT_EXPIRED}, {@code LEDGER_BEHIND_WITNESS}, {@code LEDGER_UNREADABLE},
 *     {@code SOURCE_TOO_OLD}
 * @param events the ids of the events that it rests on, sorted
 * @param position how many events the ledger held when it was read; 0 if it was not read from a ledger
 */
public record ConsentDecision(Verdict verdict, String reason, List<String> events, long position) {
    /** What a decision can say. */
    public enum Verdict {
        /** A valid grant covers the scope, and no opt-out is open; or a transactional message meets no legal block. */
        ALLOWED,
        /** An opt-out is open. */
        OPTED_OUT,
        /** Nobody said enough. Marketing must not be sent. */
        UNKNOWN,
        /** The ledger cannot answer for sure now. Marketing waits. */
        HOLD
    }

    /** Copies the ids. */
    public ConsentDecision {
        events = List.copyOf(events);
    }

    /** Whether marketing may be sent. */
    public boolean allowed() {
        return verdict == Verdict.ALLOWED;
    }

    ConsentDecision at(long where) {
        return new ConsentDecision(verdict, reason, events, where);
    }

    /** One line without personal values, for example {@code opted out (UNSUBSCRIBE, p:5c1f…) at 4711}. */
    public String explain() {
        String word = verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String which = events.isEmpty() ? "" : ", " + events.get(0) + (events.size() > 1 ? ", …" : "");
        return word + " (" + reason + which + ") at " + position;
    }
}

package io.crmsdk.consent;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The decision as a pure function of a set of events: it reads the set only, so the order, number and batching of arrivals
 * cannot matter, and it compares no two times. The ledger decides by {@link KeyState}, which must always say the same; this
 * is the plain form that laws are tested on.
 */
final class Effective {
    private Effective() {}

    /**
     * @param events any events, in any order, with repeats
     * @param keys the contact's key and each subject key that applies
     * @param latestNow the latest instant that it may be now
     */
    static ConsentDecision decide(
            Collection<? extends ConsentEvent> events,
            Set<ConsentKey> keys,
            Scope scope,
            ConsentPolicy policy,
            Instant latestNow) {
        List<? extends ConsentEvent> touching =
                events.stream().filter(event -> event.touches(keys)).distinct().toList();
        return firstOpen(touching, scope)
                .map(open -> optedOut(reasonOf(open), open.id()))
                .orElseGet(() -> permission(touching, scope, policy.minimum(scope), latestNow));
    }

    private static Optional<? extends ConsentEvent> firstOpen(List<? extends ConsentEvent> touching, Scope scope) {
        return touching.stream()
                .filter(event -> event.scope().covers(scope))
                .filter(event -> event instanceof UnknownEvent
                        || (event instanceof OptOut optOut && !isCleared(optOut, touching, scope)))
                .min(Comparator.comparing(ConsentEvent::id));
    }

    private static boolean isCleared(OptOut optOut, List<? extends ConsentEvent> touching, Scope scope) {
        return touching.stream().anyMatch(event -> event.scope().covers(scope) && clears(event, optOut));
    }

    /** Whether the event names the opt-out and is of the kind that its reason asks for, whatever the scope. */
    static boolean clears(ConsentEvent event, OptOut optOut) {
        if (event instanceof Grant grant) {
            return grant.supersedes().contains(optOut.id()) && optOut.reason().clearedBy(grant);
        }
        return event instanceof Release release
                && release.releases().contains(optOut.id())
                && optOut.reason().clearedBy(release);
    }

    private static OptOutReason reasonOf(ConsentEvent open) {
        return open instanceof OptOut optOut ? optOut.reason() : OptOutReason.UNKNOWN_EVENT;
    }

    private static ConsentDecision permission(
            List<? extends ConsentEvent> touching, Scope scope, Rank minimum, Instant latestNow) {
        List<Grant> grants = touching.stream()
                .filter(event -> event.scope().covers(scope))
                .filter(Grant.class::isInstance)
                .map(Grant.class::cast)
                .toList();
        return grants.stream()
                .filter(grant -> !grant.expiredAt(latestNow))
                .filter(grant -> grant.rank().compareTo(minimum) >= 0)
                .max(Comparator.comparing(Grant::rank).thenComparing(ConsentEvent::id))
                .map(grant -> allowed(grant.rank(), grant.id()))
                .orElseGet(() ->
                        unknown(!grants.isEmpty(), grants.stream().anyMatch(grant -> !grant.expiredAt(latestNow))));
    }

    static ConsentDecision allowed(Rank rank, String id) {
        return new ConsentDecision(ConsentDecision.Verdict.ALLOWED, rank.name(), List.of(id), 0);
    }

    static ConsentDecision optedOut(OptOutReason reason, String id) {
        return new ConsentDecision(ConsentDecision.Verdict.OPTED_OUT, reason.name(), List.of(id), 0);
    }

    static ConsentDecision unknown(boolean anyGrant, boolean anyValid) {
        String why = anyValid ? "RANK_TOO_LOW" : anyGrant ? "GRANT_EXPIRED" : "NO_GRANT";
        return new ConsentDecision(ConsentDecision.Verdict.UNKNOWN, why, List.of(), 0);
    }
}

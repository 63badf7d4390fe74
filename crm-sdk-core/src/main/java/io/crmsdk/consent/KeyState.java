package io.crmsdk.consent;

import io.crmsdk.internal.Micros;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about one contact needs of its events, and nothing else: opt-outs that are open somewhere, and grants
 * that no other grant outdoes.
 *
 * <p>It is a function of the events alone and can be made again from them at any time. The ledger keeps its text form in one
 * row a contact, so that a decision reads one row however long the history is.
 */
final class KeyState {
    static final KeyState EMPTY = new KeyState(List.of(), List.of());

    private static final String VERSION = "1";
    private static final ConsentDecision OWED =
            new ConsentDecision(ConsentDecision.Verdict.ALLOWED, "TRANSACTIONAL", List.of(), 0);

    private final List<Stop> stops;
    private final List<Permit> permits;

    private KeyState(List<Stop> stops, List<Permit> permits) {
        this.stops = List.copyOf(stops);
        this.permits = List.copyOf(permits);
    }

    /**
     * The state of what was said to one contact.
     *
     * @param own every event that touches the contact's key or a subject key that applies to it
     * @param family every event that touches another address of the contact's family
     */
    static KeyState of(Collection<? extends ConsentEvent> own, Collection<? extends ConsentEvent> family) {
        List<Stop> stops = new ArrayList<>();
        own.forEach(event -> addStop(stops, event, own, false));
        Set<String> ownIds = new TreeSet<>();
        own.forEach(event -> ownIds.add(event.id()));
        family.stream()
                .filter(event -> !ownIds.contains(event.id()))
                .forEach(event -> addStop(stops, event, own, true));
        List<Permit> permits = new ArrayList<>();
        own.stream().filter(Grant.class::isInstance).map(Grant.class::cast).forEach(grant -> addPermit(permits, grant));
        stops.sort(Comparator.comparing(Stop::id));
        permits.sort(Comparator.comparing(Permit::id));
        return new KeyState(
                stops.stream().distinct().toList(), permits.stream().distinct().toList());
    }

    private static void addStop(
            List<Stop> stops, ConsentEvent event, Collection<? extends ConsentEvent> own, boolean wide) {
        if (event instanceof UnknownEvent) {
            stops.add(new Stop(event.id(), Scope.ALL, OptOutReason.UNKNOWN_EVENT, wide, List.of()));
        } else if (event instanceof OptOut optOut) {
            List<Scope> cleared = own.stream()
                    .filter(other -> Effective.clears(other, optOut))
                    .map(ConsentEvent::scope)
                    .filter(scope ->
                            scope.covers(optOut.scope()) || optOut.scope().covers(scope))
                    .distinct()
                    .sorted()
                    .toList();
            if (cleared.stream().noneMatch(scope -> scope.covers(optOut.scope()))) {
                stops.add(new Stop(optOut.id(), optOut.scope(), optOut.reason(), wide, cleared));
            }
        }
    }

    private static void addPermit(List<Permit> permits, Grant grant) {
        Permit permit = new Permit(grant.id(), grant.scope(), grant.rank(), grant.expires());
        if (permits.stream().noneMatch(other -> other.outdoes(permit))) {
            permits.removeIf(permit::outdoes);
            permits.add(permit);
        }
    }

    /** The decision; always what {@link Effective} says of the same events. */
    ConsentDecision decide(Scope scope, ConsentPolicy policy, Instant latestNow) {
        for (Stop stop : stops) {
            if ((!stop.wide || policy.wideSuppression()) && stop.holds(scope)) {
                return Effective.optedOut(stop.reason, stop.id);
            }
        }
        return permission(scope, policy.minimum(scope), latestNow);
    }

    private ConsentDecision permission(Scope scope, Rank minimum, Instant latestNow) {
        Permit best = null;
        boolean any = false;
        boolean valid = false;
        for (Permit permit : permits) {
            if (permit.scope.covers(scope)) {
                boolean expired = permit.expires != null && !latestNow.isBefore(permit.expires);
                any = true;
                valid |= !expired;
                if (!expired && permit.rank.compareTo(minimum) >= 0 && (best == null || permit.beats(best))) {
                    best = permit;
                }
            }
        }
        return best == null ? Effective.unknown(any, valid) : Effective.allowed(best.rank, best.id);
    }

    /** The decision about a message that is owed to the person: only a legal block of everything stops it. */
    ConsentDecision owed() {
        return stops.stream()
                .filter(stop -> stop.reason.equals(OptOutReason.LEGAL_BLOCK) && stop.holds(Scope.ALL) && !stop.wide)
                .findFirst()
                .map(stop -> Effective.optedOut(stop.reason, stop.id))
                .orElse(OWED);
    }

    /** The ids of the opt-outs that are open somewhere, those of the family only if asked for. */
    Set<String> open(boolean wide) {
        Set<String> open = new TreeSet<>();
        stops.stream().filter(stop -> wide || !stop.wide).forEach(stop -> open.add(stop.id));
        return open;
    }

    /** One line a fact; words joined by tabs, which occur in none of them. */
    String text() {
        StringBuilder text = new StringBuilder(VERSION);
        for (Stop stop : stops) {
            text.append('\n').append(stop.wide ? 'w' : 'o');
            text.append('\t').append(stop.id).append('\t').append(stop.scope);
            text.append('\t').append(stop.reason.name());
            stop.cleared.forEach(scope -> text.append('\t').append(scope));
        }
        for (Permit permit : permits) {
            text.append("\ng\t").append(permit.id).append('\t').append(permit.scope);
            text.append('\t').append(permit.rank).append('\t');
            text.append(permit.expires == null ? "" : Micros.of(permit.expires));
        }
        return text.toString();
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException if it is not of this version; then nothing may be concluded from it
     */
    static KeyState parse(String text) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(VERSION)) {
            throw new IllegalArgumentException("state of version " + lines[0]);
        }
        List<Stop> stops = new ArrayList<>();
        List<Permit> permits = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            String[] words = lines[i].split("\t", -1);
            if (words.length == 5 && words[0].equals("g")) {
                permits.add(permit(words));
            } else if (words.length >= 4 && (words[0].equals("o") || words[0].equals("w"))) {
                stops.add(stop(words));
            } else {
                throw new IllegalArgumentException("line " + i + " of a state cannot be read");
            }
        }
        return new KeyState(stops, permits);
    }

    private static Permit permit(String[] words) {
        Instant expires = words[4].isEmpty() ? null : Micros.instant(Long.parseLong(words[4]));
        return new Permit(words[1], Scope.stored(words[2]), Rank.valueOf(words[3]), expires);
    }

    private static Stop stop(String[] words) {
        List<Scope> cleared = new ArrayList<>();
        for (int i = 4; i < words.length; i++) {
            cleared.add(Scope.stored(words[i]));
        }
        return new Stop(words[1], Scope.stored(words[2]), OptOutReason.stored(words[3]), words[0].equals("w"), cleared);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyState that && stops.equals(that.stops) && permits.equals(that.permits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stops, permits);
    }

    /**
     * An opt-out that is open somewhere.
     *
     * @param wide true if it was said for another address of the family
     * @param cleared where within its scope it was cleared
     */
    private record Stop(String id, Scope scope, OptOutReason reason, boolean wide, List<Scope> cleared) {
        boolean holds(Scope asked) {
            if (!scope.covers(asked)) {
                return false;
            }
            for (Scope each : cleared) {
                if (each.covers(asked)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A grant, without what it cleared. */
    private record Permit(
            String id, Scope scope, Rank rank, @Nullable Instant expires) {
        boolean outdoes(Permit other) {
            return scope.covers(other.scope)
                    && rank.compareTo(other.rank) >= 0
                    && (expires == null || (other.expires != null && !expires.isBefore(other.expires)))
                    && !id.equals(other.id)
                    && (!sameWorth(other) || id.compareTo(other.id) > 0);
        }

        private boolean sameWorth(Permit other) {
            return scope.equals(other.scope) && rank == other.rank && Objects.equals(expires, other.expires);
        }

        boolean beats(Permit other) {
            int order = rank.compareTo(other.rank);
            return order > 0 || (order == 0 && id.compareTo(other.id) > 0);
        }
    }
}

package io.crmsdk.consent;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a host decides for itself: which proof marketing needs, how wide suppression matches, and how old the news from
 * connected tools may be. Nothing here can undo an opt-out, and nobody unknown is ever addressed. Immutable.
 */
public final class ConsentPolicy {
    private static final ConsentPolicy DEFAULTS =
            new ConsentPolicy(Map.of(Scope.ALL, Rank.CONFIRMED), false, true, Map.of());

    private final Map<Scope, Rank> minimum;
    private final boolean wideSuppression;
    private final boolean carrying;
    private final Map<String, Duration> freshness;

    private ConsentPolicy(
            Map<Scope, Rank> minimum, boolean wideSuppression, boolean carrying, Map<String, Duration> freshness) {
        this.minimum = Collections.unmodifiableMap(new TreeMap<>(minimum));
        this.wideSuppression = wideSuppression;
        this.carrying = carrying;
        this.freshness = Collections.unmodifiableMap(new TreeMap<>(freshness));
    }

    /**
     * Marketing needs a confirmed grant; suppression matches canonical addresses; an opt-out follows its person to a new
     * address; no connected tool must have been asked.
     */
    public static ConsentPolicy defaults() {
        return DEFAULTS;
    }

    /** What every scope needs at least, where {@link #withMinimum(Scope, Rank)} says nothing. */
    public ConsentPolicy withMinimum(Rank rank) {
        return withMinimum(Scope.ALL, rank);
    }

    /**
     * What a scope and all below it needs at least. Laws differ: where consent must be explicit, leave {@link
     * Rank#CONFIRMED}; an existing customer relation may be enough elsewhere.
     */
    public ConsentPolicy withMinimum(Scope scope, Rank rank) {
        Map<Scope, Rank> changed = new TreeMap<>(minimum);
        changed.put(scope, rank);
        return new ConsentPolicy(changed, wideSuppression, carrying, freshness);
    }

    /**
     * Lets an opt-out count for all addresses of its {@linkplain ContactKey#family() family}: plus tags, and dots at Gmail.
     * Grants stay exact.
     */
    public ConsentPolicy withWideSuppression() {
        return new ConsentPolicy(minimum, true, carrying, freshness);
    }

    /** Does not repeat opt-outs for the new address when a person's address is replaced. State why where this is used. */
    public ConsentPolicy withoutCarryingOptOuts() {
        return new ConsentPolicy(minimum, wideSuppression, false, freshness);
    }

    /**
     * Holds marketing while the opt-outs of a connected tool were last taken over longer ago than this.
     *
     * @param source the tool's name, as in {@link ConsentLedger#pulled}
     * @throws IllegalArgumentException if the age is not positive
     */
    public ConsentPolicy withFreshness(String source, Duration atMost) {
        if (atMost.isNegative() || atMost.isZero()) {
            throw new IllegalArgumentException("freshness of " + source + ": expected a positive time, got " + atMost);
        }
        Map<String, Duration> changed = new TreeMap<>(freshness);
        changed.put(source, atMost);
        return new ConsentPolicy(minimum, wideSuppression, carrying, changed);
    }

    /** The least proof for a scope: what is said for it or for the nearest scope above. */
    public Rank minimum(Scope scope) {
        Scope at = scope;
        while (true) {
            Rank rank = minimum.get(at);
            if (rank != null) {
                return rank;
            }
            at = at.parent();
        }
    }

    /** Whether opt-outs count for whole families of addresses. */
    public boolean wideSuppression() {
        return wideSuppression;
    }

    /** Whether opt-outs follow a person to a new address. */
    public boolean carriesOptOuts() {
        return carrying;
    }

    /** How old the news of each connected tool may be, by the tool's name. */
    public Map<String, Duration> freshness() {
        return freshness;
    }
}

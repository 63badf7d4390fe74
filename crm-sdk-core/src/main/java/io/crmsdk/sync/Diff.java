package io.crmsdk.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two sides say with what each said when they last agreed, field by field, in the target's words. Each side has
 * its own base, because a system may store a value otherwise than it was given. Pure.
 */
final class Diff {
    private static final JsonFactory JSON = new JsonFactory();

    private final boolean bothWays;
    private final Map<String, FieldPolicy> policies;
    private final FieldPolicy usual;
    private final Map<String, String> grants;
    private final Map<String, Ruling> rulings;

    /** @param grants the values by path that no sync may write */
    Diff(boolean bothWays, Map<String, FieldPolicy> policies, FieldPolicy usual, Map<String, String> grants) {
        this(bothWays, policies, usual, grants, Map.of());
    }

    private Diff(
            boolean bothWays,
            Map<String, FieldPolicy> policies,
            FieldPolicy usual,
            Map<String, String> grants,
            Map<String, Ruling> rulings) {
        this.bothWays = bothWays;
        this.policies = policies;
        this.usual = usual;
        this.grants = grants;
        this.rulings = rulings;
    }

    /** The same for one record, some of whose fields a person decided. */
    Diff with(Map<String, Ruling> decided) {
        return decided.isEmpty() ? this : new Diff(bothWays, policies, usual, grants, decided);
    }

    /**
     * What became of a field in conflict.
     *
     * @param winner whose value stands; null as long as nobody decided
     * @param lost what the other side said when the person decided
     * @param swings whether two systems fight over it, so that only a person decides
     */
    record Ruling(@Nullable Side winner, @Nullable String lost, boolean swings) {
        static final Ruling SWINGS = new Ruling(null, null, true);

        Ruling swinging() {
            return new Ruling(winner, lost, true);
        }

        /** A decision is against the value that the person saw; of another one nobody has decided anything. */
        boolean isAgainst(@Nullable String ours, @Nullable String theirs) {
            return winner != null && isSame(lost, winner == Side.SOURCE ? theirs : ours);
        }
    }

    /** Whether what is written at a path depends on what the target says there. */
    boolean minds(String path) {
        FieldPolicy policy = policies.getOrDefault(path, usual);
        return policy != FieldPolicy.SOURCE_OWNS && policy != FieldPolicy.SOURCE_WINS;
    }

    /**
     * What follows from a comparison.
     *
     * @param toTarget what to write to the target
     * @param toSource what to write to the source, in the target's words
     * @param agreed paths at which both say the same
     * @param conflicts paths that a person has to decide
     * @param drifted how many fields the target changed by itself and keeps
     */
    record Decision(Fields toTarget, Fields toSource, Collection<String> agreed, List<String> conflicts, int drifted) {
        /** The same, but what is written or waits only of these paths. */
        Decision only(Set<String> paths) {
            return new Decision(
                    toTarget.only(paths::contains),
                    toSource.only(paths::contains),
                    agreed,
                    conflicts.stream().filter(paths::contains).toList(),
                    drifted);
        }

        boolean writesNothing() {
            return toTarget.isEmpty() && toSource.isEmpty();
        }
    }

    /** The two bases; both null if the sides never agreed. */
    record Bases(@Nullable Fields source, @Nullable Fields target) {
        static final Bases NONE = new Bases(null, null);

        /** A source that says nothing of a path did not change it. */
        boolean sourceChanged(String path, @Nullable String now) {
            return now != null && (source == null || !isSame(now, source.get(path)));
        }

        boolean targetChanged(String path, @Nullable String now) {
            return target == null || !isSame(now, target.get(path));
        }
    }

    Decision compare(Fields source, Fields target, Bases bases) {
        Outcome outcome = new Outcome();
        Set<String> paths = new TreeSet<>(source.paths());
        if (bothWays) {
            paths.addAll(target.paths());
        }
        for (String path : paths) {
            String ours = source.get(path);
            String theirs = target.get(path);
            if (isSame(ours, theirs)) {
                outcome.agreed.add(path);
            } else {
                decide(path, ours, theirs, bases, outcome);
            }
        }
        return outcome.decision();
    }

    /** Empty in one system and absent in the other is the same. */
    static boolean isSame(@Nullable String ours, @Nullable String theirs) {
        return Objects.equals(ours, theirs) || (isNothing(ours) && isNothing(theirs));
    }

    private static boolean isNothing(@Nullable String value) {
        return value == null || Fields.isEmptyValue(value);
    }

    private static final class Outcome {
        private final Fields.Builder toTarget = Fields.builder();
        private final Fields.Builder toSource = Fields.builder();
        private final List<String> agreed = new ArrayList<>();
        private final List<String> conflicts = new ArrayList<>();
        private int drifted;

        private Decision decision() {
            return new Decision(toTarget.build(), toSource.build(), agreed, conflicts, drifted);
        }
    }

    private void decide(String path, @Nullable String ours, @Nullable String theirs, Bases bases, Outcome outcome) {
        FieldPolicy policy = policies.getOrDefault(path, usual);
        boolean sourceChanged = bases.sourceChanged(path, ours);
        boolean targetChanged = bases.targetChanged(path, theirs);
        Ruling ruling = rulings.get(path);
        boolean isFought = ruling != null && ruling.swings() && (sourceChanged || targetChanged);
        if (ours != null && isFought) {
            settle(path, ours, theirs, no(path, ours, theirs), outcome);
        } else if (ours == null) {
            take(path, theirs, targetChanged && policy != FieldPolicy.SOURCE_OWNS, outcome);
        } else if (policy == FieldPolicy.SOURCE_OWNS) {
            if (sourceChanged || targetChanged) {
                outcome.toTarget.put(path, ours);
            }
        } else if (policy == FieldPolicy.TARGET_OWNS) {
            take(path, theirs, sourceChanged || targetChanged, outcome);
        } else if (sourceChanged && targetChanged) {
            both(policy, path, ours, theirs, bases, outcome);
        } else if (sourceChanged) {
            outcome.toTarget.put(path, ours);
        } else {
            take(path, theirs, targetChanged, outcome);
        }
    }

    /** Lets the target's value stand, and in pairs that go both ways takes it over. */
    private void take(String path, @Nullable String theirs, boolean changed, Outcome outcome) {
        if (!changed) {
            return;
        }
        if (bothWays) {
            outcome.toSource.put(path, theirs == null ? Fields.EMPTY : theirs);
        } else {
            outcome.drifted++;
        }
    }

    private void both(
            FieldPolicy policy, String path, String ours, @Nullable String theirs, Bases bases, Outcome outcome) {
        String no = no(path, ours, theirs);
        if (no != null) {
            settle(path, ours, theirs, no, outcome);
            return;
        }
        switch (policy) {
            case SOURCE_OWNS, SOURCE_WINS -> outcome.toTarget.put(path, ours);
            case TARGET_OWNS, TARGET_WINS -> take(path, theirs, true, outcome);
            case MANUAL -> settle(path, ours, theirs, null, outcome);
            case UNION -> settle(path, ours, theirs, union(path, ours, theirs, bases), outcome);
            case MAX -> settle(path, ours, theirs, larger(ours, theirs) ? ours : theirs, outcome);
            case MIN -> settle(path, ours, theirs, larger(ours, theirs) ? theirs : ours, outcome);
        }
    }

    /** Where one side grants what only the person may grant and the other says no, the "no" stands, whichever is newer. */
    private @Nullable String no(String path, String ours, @Nullable String theirs) {
        String grant = grants.get(path);
        if (grant == null || isNothing(ours) || isNothing(theirs) || grant.equals(ours) == grant.equals(theirs)) {
            return null;
        }
        return grant.equals(ours) ? theirs : ours;
    }

    private void settle(String path, String ours, @Nullable String theirs, @Nullable String settled, Outcome outcome) {
        if (settled == null) {
            undecided(path, ours, theirs, outcome);
            return;
        }
        if (!settled.equals(theirs)) {
            outcome.toTarget.put(path, settled);
        }
        if (bothWays && !settled.equals(ours)) {
            outcome.toSource.put(path, settled);
        }
    }

    /** Left to a person, unless one has decided of just these values. */
    private void undecided(String path, String ours, @Nullable String theirs, Outcome outcome) {
        Ruling ruling = rulings.get(path);
        if (ruling == null || !ruling.isAgainst(ours, theirs)) {
            outcome.conflicts.add(path);
        } else if (ruling.winner() == Side.SOURCE) {
            outcome.toTarget.put(path, ours);
        } else {
            take(path, theirs, true, outcome);
        }
    }

    /** Whether ours is the larger; what is absent or empty is smaller than anything. */
    private static boolean larger(String ours, @Nullable String theirs) {
        if (theirs == null || Fields.isEmptyValue(theirs)) {
            return true;
        }
        if (Fields.isEmptyValue(ours)) {
            return false;
        }
        try {
            return new BigDecimal(ours).compareTo(new BigDecimal(theirs)) >= 0;
        } catch (NumberFormatException e) {
            return ours.compareTo(theirs) >= 0;
        }
    }

    /** Both lists joined and sorted, less what either side took out of its base; null if one of them is no list. */
    private static @Nullable String union(String path, String ours, @Nullable String theirs, Bases bases) {
        List<String> mine = items(ours);
        List<String> yours = items(theirs == null ? Fields.EMPTY : theirs);
        if (mine == null || yours == null) {
            return null;
        }
        TreeSet<String> all = new TreeSet<>(mine);
        all.addAll(yours);
        removeTakenOut(all, bases.source(), path, mine);
        removeTakenOut(all, bases.target(), path, yours);
        return "[" + String.join(",", all) + "]";
    }

    private static void removeTakenOut(TreeSet<String> all, @Nullable Fields base, String path, List<String> now) {
        String before = base == null ? null : base.get(path);
        List<String> had = before == null ? null : items(before);
        if (had != null) {
            had.removeAll(now);
            all.removeAll(had);
        }
    }

    private static @Nullable List<String> items(String value) {
        if (Fields.isEmptyValue(value)) {
            return new ArrayList<>();
        }
        if (!value.startsWith("[")) {
            return null;
        }
        List<String> items = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                int start = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                items.add(value.substring(start, (int) parser.currentLocation().getCharOffset()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return items;
    }
}

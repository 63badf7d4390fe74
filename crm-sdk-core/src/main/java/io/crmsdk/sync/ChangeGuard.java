package io.crmsdk.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much a plan may change before a person has to look. A limit is the larger of a number and a share of the records that the
 * two sides have in common. Immutable; the defaults are those that would have stopped the accidents we know of.
 */
public final class ChangeGuard {
    private final Limit archives;
    private final Limit updates;
    private final Limit blanked;
    private final Limit reassigned;
    private final double createsOverMedian;
    private final int sameValue;
    private final double shrunk;
    private final Set<String> telling;
    private final Set<String> assigning;

    private ChangeGuard(Builder builder) {
        archives = builder.archives;
        updates = builder.updates;
        blanked = builder.blanked;
        reassigned = builder.reassigned;
        createsOverMedian = builder.createsOverMedian;
        sameValue = builder.sameValue;
        shrunk = builder.shrunk;
        telling = Set.copyOf(builder.telling);
        assigning = Set.copyOf(builder.assigning);
    }

    private record Limit(long number, double share) {
        private long of(long known) {
            return Math.max(number, (long) (share * known));
        }
    }

    /**
     * Archives beyond max(10, 1 %), updates beyond max(100, 20 %), emptied fields beyond max(20, 2 %), owners or regions
     * beyond max(20, 2 %), creates beyond three times the median of the last runs, a telling value on more than five new
     * records, a source that lost more than 30 %.
     */
    public static ChangeGuard defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    Set<String> telling() {
        return telling;
    }

    Set<String> assigning() {
        return assigning;
    }

    int sameValue() {
        return sameValue;
    }

    List<Hold> judge(Tally tally) {
        List<Hold> holds = new ArrayList<>();
        over(
                holds,
                Hold.Kind.ARCHIVES,
                tally.archives,
                archives.of(tally.linked),
                tally.linked,
                "would be archived",
                tally);
        over(
                holds,
                Hold.Kind.UPDATES,
                tally.updates,
                updates.of(tally.linked),
                tally.linked,
                "would be changed",
                tally);
        over(
                holds,
                Hold.Kind.BLANKED,
                tally.blanked,
                blanked.of(tally.linked),
                tally.linked,
                "would have a filled field emptied",
                tally);
        over(
                holds,
                Hold.Kind.REASSIGNED,
                tally.reassigned,
                reassigned.of(tally.linked),
                tally.linked,
                "would change owner or region",
                tally);
        creates(holds, tally);
        collapsed(holds, tally);
        shrunk(holds, tally);
        clock(holds, tally);
        grants(holds, tally);
        return holds;
    }

    private static void over(
            List<Hold> holds, Hold.Kind kind, long count, long limit, long known, String what, Tally tally) {
        if (count > limit) {
            String reason = count + " of " + known + " records " + what + ", more than the " + limit
                    + " that pass by themselves";
            holds.add(new Hold(kind, reason, tally.samples(kind)));
        }
    }

    private void creates(List<Hold> holds, Tally tally) {
        if (tally.medianCreates.isEmpty()) {
            return;
        }
        long limit = Math.max(archives.number(), (long) (createsOverMedian * tally.medianCreates.getAsLong()));
        if (tally.creates > limit) {
            String reason = tally.creates + " records would be made, more than " + createsOverMedian
                    + " times the median of earlier runs, " + tally.medianCreates.getAsLong();
            holds.add(new Hold(Hold.Kind.CREATES, reason, tally.samples(Hold.Kind.CREATES)));
        }
    }

    private void collapsed(List<Hold> holds, Tally tally) {
        if (tally.collapsed > 0) {
            String reason = tally.collapsed
                    + " new records share a value in a field that should tell records apart with more than " + sameValue
                    + " others";
            holds.add(new Hold(Hold.Kind.COLLAPSED, reason, tally.samples(Hold.Kind.COLLAPSED)));
        }
    }

    private void shrunk(List<Hold> holds, Tally tally) {
        if (tally.listed >= 0 && tally.listedBefore > 0 && tally.listed < (1 - shrunk) * tally.listedBefore) {
            String reason = "the source listed " + tally.listed + " records, " + tally.listedBefore
                    + " last time: its answer may be incomplete";
            holds.add(new Hold(Hold.Kind.SHRUNK, reason, List.of()));
        }
        if (tally.targetListed >= 0 && tally.targetListed < (1 - shrunk) * tally.linked) {
            String reason = "the target listed " + tally.targetListed + " records, " + tally.linked
                    + " are linked: its answer may be incomplete";
            holds.add(new Hold(Hold.Kind.SHRUNK, reason, List.of()));
        }
    }

    private static void clock(List<Hold> holds, Tally tally) {
        if (tally.future > 0) {
            String reason = tally.future
                    + " records have a time of change more than two minutes ahead of their own system's clock:"
                    + " its zone is not what was declared";
            holds.add(new Hold(Hold.Kind.CLOCK, reason, tally.samples(Hold.Kind.CLOCK)));
        }
    }

    private static void grants(List<Hold> holds, Tally tally) {
        if (tally.grants > 0) {
            String reason = tally.grants + " writes would grant what only the person may grant; they are refused";
            holds.add(new Hold(Hold.Kind.GRANT, reason, tally.samples(Hold.Kind.GRANT)));
        }
    }

    /** Collects limits; not thread-safe. */
    public static final class Builder {
        private Limit archives = new Limit(10, 0.01);
        private Limit updates = new Limit(100, 0.20);
        private Limit blanked = new Limit(20, 0.02);
        private Limit reassigned = new Limit(20, 0.02);
        private double createsOverMedian = 3;
        private int sameValue = 5;
        private double shrunk = 0.30;
        private Set<String> telling = Set.of();
        private Set<String> assigning = Set.of();

        private Builder() {}

        /** How many records may be archived. */
        public Builder archives(long number, double share) {
            this.archives = limit("archives", number, share);
            return this;
        }

        /** How many records may be changed. */
        public Builder updates(long number, double share) {
            this.updates = limit("updates", number, share);
            return this;
        }

        /** How many records may have a filled field emptied. */
        public Builder blanked(long number, double share) {
            this.blanked = limit("blanked", number, share);
            return this;
        }

        /**
         * How many records may change owner or region.
         *
         * @param paths the fields, in the target's words, that say who a record belongs to
         */
        public Builder reassigned(Set<String> paths, long number, double share) {
            this.assigning = Set.copyOf(paths);
            this.reassigned = limit("reassigned", number, share);
            return this;
        }

        /** How many times the median of earlier runs may be made. */
        public Builder createsOverMedian(double times) {
            if (times < 1) {
                throw new IllegalArgumentException("createsOverMedian: expected at least 1, got " + times);
            }
            this.createsOverMedian = times;
            return this;
        }

        /**
         * How many new records may share a value that should tell them apart.
         *
         * @param paths the fields, in the target's words, for example phone and e-mail
         */
        public Builder telling(Set<String> paths, int atMost) {
            if (atMost < 1) {
                throw new IllegalArgumentException("telling: expected at least 1, got " + atMost);
            }
            this.telling = Set.copyOf(paths);
            this.sameValue = atMost;
            return this;
        }

        /** Which share of its records the source may lose between two full listings. */
        public Builder shrunk(double share) {
            this.shrunk = limit("shrunk", 0, share).share();
            return this;
        }

        private static Limit limit(String what, long number, double share) {
            if (number < 0 || share < 0 || share > 1) {
                throw new IllegalArgumentException(what + ": expected a number from 0 and a share of 0 to 1");
            }
            return new Limit(number, share);
        }

        /** The guard. */
        public ChangeGuard build() {
            return new ChangeGuard(this);
        }
    }
}

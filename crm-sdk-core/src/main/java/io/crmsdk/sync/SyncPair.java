package io.crmsdk.sync;

import io.crmsdk.store.Store;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Two systems that are kept in step: plan, look, apply.
 *
 * <p>What is known of the two sides (which records are the same, what each said when they last agreed, where reading goes on,
 * what is in doubt) is in the store under the pair's name; a process that is killed at any moment goes on from there, and
 * neither loses a record nor makes it twice if the connector keeps keys. Only one run works on a pair at a time, over all
 * processes. Thread-safe.
 *
 * <pre>{@code
 * SyncPair pair = SyncPair.builder("customers-erp", store).source(customers).target(erp).translation(words).build();
 * SyncPlan plan = pair.plan();
 * if (plan.isHeld()) { … pair.approve(plan.hash(), plan.changes(), "Li Lei"); }
 * SyncReport report = pair.apply(plan.hash());
 * }</pre>
 */
public final class SyncPair {
    private final Setup setup;

    private SyncPair(Setup setup) {
        this.setup = setup;
    }

    /**
     * Starts a pair.
     *
     * @param name under which its state is kept; 1 to 64 characters
     */
    public static Builder builder(String name, Store store) {
        return new Builder(name, store);
    }

    /**
     * Reads what changed since the last applied plan and writes down what would be done. Neither side is written. An earlier
     * plan that was not applied is given up.
     *
     * @throws SyncException {@code SYNC_BUSY} if another run works on the pair, {@code SYNC_IN_DOUBT} if something that may have
     *     gone out cannot be looked up yet, {@code SYNC_PAGE_LOOP}, {@code SYNC_STAMP}
     * @throws ConnectorException if a side could not be read
     */
    public SyncPlan plan() {
        return plan(false);
    }

    /** As {@link #plan()}, but reads everything of both sides, which also finds deletions that no change tells. */
    public SyncPlan planEverything() {
        return plan(true);
    }

    private SyncPlan plan(boolean everything) {
        try (Lease lease = lease()) {
            settleUnfinished(lease);
            return new Planner(setup, lease).make(everything);
        }
    }

    private void settleUnfinished(Lease lease) {
        PlanBooks.Row unfinished = setup.store().read(new PlanBooks(setup.store(), setup.pair())::latest);
        if (unfinished != null && unfinished.state().equals("APPLYING")) {
            new Applier(setup, lease, unfinished).settleIntents();
        }
    }

    /** The plan that was made last, or nothing if there is none that can be applied. */
    public @Nullable SyncPlan latest() {
        PlanBooks.Row row = setup.store().read(new PlanBooks(setup.store(), setup.pair())::latest);
        return row == null || row.state().equals("APPLIED")
                ? null
                : new SyncPlan(setup, row.id(), row.hash(), row.summary());
    }

    /**
     * A person's word that this plan may be applied as it stands.
     *
     * @param hash the plan's hash
     * @param ceiling how many writes the person agreed to; a plan with more is refused
     * @param by who said it; kept with the plan
     * @throws SyncException {@code SYNC_NO_SUCH_PLAN}, {@code SYNC_OVER_CEILING}
     */
    public void approve(String hash, long ceiling, String by) {
        Objects.requireNonNull(by, "by");
        PlanBooks plans = new PlanBooks(setup.store(), setup.pair());
        setup.store().inTransaction(connection -> {
            PlanBooks.Row row = open(plans.find(connection, hash), hash);
            long changes = row.summary().creates()
                    + row.summary().updates()
                    + row.summary().archives();
            if (changes > ceiling) {
                throw new SyncException(
                        "SYNC_OVER_CEILING",
                        "the plan has " + changes + " writes, the approval is for " + ceiling
                                + "; nothing was approved",
                        null);
            }
            plans.approve(connection, row.id(), ceiling, by);
            return null;
        });
    }

    /**
     * Does exactly what a plan says, or goes on with it where an interrupted run stopped. What a guard holds back is left until
     * the plan is {@linkplain #approve approved}. Applying a plan that is done does nothing.
     *
     * @throws SyncException {@code SYNC_NO_SUCH_PLAN}, {@code SYNC_MOVED} if the translation changed or another plan was applied
     *     since it was made, {@code SYNC_BUSY}, {@code SYNC_LEASE_LOST}
     */
    public SyncReport apply(String hash) {
        try (Lease lease = lease()) {
            PlanBooks plans = new PlanBooks(setup.store(), setup.pair());
            PairBooks books = new PairBooks(setup.store(), setup.pair());
            PlanBooks.Row row = setup.store().read(connection -> plans.find(connection, hash));
            if (row != null && row.state().equals("APPLIED")) {
                return nothing();
            }
            PlanBooks.Row plan = open(row, hash);
            long generation = setup.store().read(books::position).generation();
            if (generation != plan.generation()
                    || !plan.mapping().equals(setup.translation().version())) {
                throw new SyncException(
                        "SYNC_MOVED",
                        "the translation changed or another plan was applied since this one was made; nothing was written."
                                + " Make a new plan",
                        null);
            }
            return new Applier(setup, lease, plan).apply();
        }
    }

    private static SyncReport nothing() {
        return new SyncReport(0, 0, 0, 0, 0, 0, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    private PlanBooks.Row open(PlanBooks.@Nullable Row row, String hash) {
        if (row == null || !(row.state().equals("OPEN") || row.state().equals("APPLYING"))) {
            throw new SyncException(
                    "SYNC_NO_SUCH_PLAN",
                    "pair " + setup.pair() + " has no open plan " + hash + "; nothing was written. Make a plan first",
                    null);
        }
        return row;
    }

    /**
     * Reads everything of both sides and compares it: counts, every field, totals of money, what opted-out people are at the other
     * side, records that only one side has, links that are broken or lost. Neither side is written. Equal sides are read once, others
     * twice; memory does not grow with the number of records.
     *
     * @throws SyncException {@code SYNC_BUSY} if another run works on the pair, {@code SYNC_PAGE_LOOP}, {@code SYNC_STAMP}
     * @throws ConnectorException if a side could not be read; then there is no report
     */
    public ReconcileReport reconciliation() {
        try (Lease lease = lease()) {
            return new Reconciler(setup, lease).run();
        }
    }

    /** The report of the last comparison, or nothing if there was none that came to its end. */
    public @Nullable ReconcileReport latestReconciliation() {
        CheckBooks.Row row = setup.store().read(new CheckBooks(setup.store(), setup.pair())::latest);
        return row == null ? null : new ReconcileReport(setup, row.hash(), row.reckoning());
    }

    /**
     * Writes down what would put right what a comparison found, as a plan like any other: with guards, approval and
     * {@link Builder#neverGrant}. Every record of the report is read again. Records that belong together are linked again in the
     * books at once; neither side is written.
     *
     * <p>Where values differ, the field's policy decides, also if only the target changed it. Where one side holds an opt-out and the
     * other a value of {@code neverGrant}, the opt-out is written whatever the policy; in a pair that goes one way the source is
     * not written, and the finding stays. So do duplicates, records that cannot be said in the target's words, and in pairs that go
     * one way what only the target has: they need a person.
     *
     * @param hash the report's
     * @throws SyncException {@code SYNC_NO_SUCH_REPORT} if the pair was compared again since, or never; {@code SYNC_MOVED} if the
     *     translation changed since; otherwise as {@link #plan()}
     * @throws ConnectorException if a side could not be read
     */
    public SyncPlan planRepair(String hash) {
        try (Lease lease = lease()) {
            CheckBooks findings = new CheckBooks(setup.store(), setup.pair());
            CheckBooks.Row row = setup.store().read(findings::latest);
            if (row == null || !row.hash().equals(hash)) {
                throw new SyncException(
                        "SYNC_NO_SUCH_REPORT",
                        "the last comparison of pair " + setup.pair() + " is not " + hash
                                + "; nothing was planned. Compare again",
                        null);
            }
            if (!row.mapping().equals(setup.translation().version())) {
                throw new SyncException(
                        "SYNC_MOVED",
                        "the translation changed since the comparison; nothing was planned. Compare again",
                        null);
            }
            settleUnfinished(lease);
            return new Repair(setup, lease).make(findings);
        }
    }

    /** Fields that both sides changed and no policy decides, at most so many. */
    public List<Conflict> conflicts(int limit) {
        PairBooks books = new PairBooks(setup.store(), setup.pair());
        return setup.store().read(connection -> books.openConflicts(connection, limit));
    }

    /**
     * Decides a conflict; the next plan carries it out. A decision is of the values that the person saw: if the losing side says
     * something else by then, the field is in conflict again.
     *
     * @param conflict as {@link #conflicts} gave it
     * @param winner whose value stands
     * @param by who decided
     * @return whether there was such a conflict; false if a side says something else by now, then look again
     */
    public boolean resolve(Conflict conflict, Side winner, String by) {
        PairBooks books = new PairBooks(setup.store(), setup.pair());
        return setup.store().inTransaction(connection -> books.resolve(connection, conflict, winner, by)) > 0;
    }

    /** Records that could not be brought over, at most so many. */
    public List<DeadLetter> deadLetters(int limit) {
        PairBooks books = new PairBooks(setup.store(), setup.pair());
        return setup.store().read(connection -> books.dead(connection, "", limit, false));
    }

    /** How many records are linked. */
    public long linked() {
        PairBooks books = new PairBooks(setup.store(), setup.pair());
        return setup.store().read(books::linked);
    }

    private Lease lease() {
        return Lease.take(setup.store(), setup.pair(), setup.owner(), setup.lease());
    }

    /** Collects what a pair is made of; not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Store store;
        private @Nullable Connector source;
        private @Nullable Connector target;
        private Translation translation = Translation.none();
        private final Map<String, FieldPolicy> policies = new HashMap<>();
        private @Nullable FieldPolicy usual;
        private boolean bothWays;
        private ChangeGuard guard = ChangeGuard.defaults();
        private final Map<String, String> grants = new HashMap<>();
        private final Map<String, String> money = new HashMap<>();
        private Function<RemoteRecord, @Nullable String> known = record -> null;
        private Supplier<List<Hold>> controls = List::of;
        private Swings.Limit swings = new Swings.Limit(4, Duration.ofDays(7));
        private Duration lease = Duration.ofMinutes(5);
        private Setup.Steps steps = step -> {};

        private Builder(String name, Store store) {
            if (name.isBlank() || name.length() > 64) {
                throw new IllegalArgumentException("name: expected 1 to 64 characters, got " + name.length());
            }
            this.name = name;
            this.store = Objects.requireNonNull(store, "store");
        }

        /** Where changes come from. */
        public Builder source(Connector source) {
            this.source = source;
            return this;
        }

        /** Where changes go. */
        public Builder target(Connector target) {
            this.target = target;
            return this;
        }

        /** How one side's values are said in the other's words; the same words if not said. */
        public Builder translation(Translation translation) {
            this.translation = translation;
            return this;
        }

        /** Changes of the target go back to the source too. */
        public Builder bothWays() {
            this.bothWays = true;
            return this;
        }

        /** What decides a field, in the target's words, that both sides changed. */
        public Builder policy(String path, FieldPolicy policy) {
            policies.put(path, policy);
            return this;
        }

        /** What decides fields without a policy of their own. */
        public Builder policy(FieldPolicy policy) {
            this.usual = policy;
            return this;
        }

        /** How much may change before a person has to look. */
        public Builder guard(ChangeGuard guard) {
            this.guard = guard;
            return this;
        }

        /**
         * A value that no sync may write, since only the person concerned may grant it: "subscribed" of a mailing list, "may be
         * called". Writes of it, to either side, are taken out of every plan and reported, and so is what would empty another value there.
         * Where both sides changed the field or never agreed on it, the other value stands, whatever the policy says of such cases.
         *
         * @param path the field in the target's words
         * @param value the granting value
         */
        public Builder neverGrant(String path, String value) {
            grants.put(path, Fields.quoted(value));
            return this;
        }

        /** As {@link #neverGrant(String, String)}, for a field that is yes or no. */
        public Builder neverGrant(String path, boolean value) {
            grants.put(path, String.valueOf(value));
            return this;
        }

        /**
         * An amount of money that {@link SyncPair#reconciliation} sums by currency on both sides.
         *
         * @param amount the field of the amount in the target's words; a decimal, or a text that is one
         * @param currency the field of its currency in the target's words
         */
        public Builder money(String amount, String currency) {
            money.put(amount, Objects.requireNonNull(currency, "currency"));
            return this;
        }

        /** Which record of the target a record of the source names by itself, if any; for records that were linked before. */
        public Builder knownTarget(Function<RemoteRecord, @Nullable String> known) {
            this.known = known;
            return this;
        }

        /**
         * Asked at the end of each plan for reasons of the host's own to hold it, such as totals of money that do not agree. What
         * throws fails the plan.
         */
        public Builder controls(Supplier<List<Hold>> controls) {
            this.controls = Objects.requireNonNull(controls, "controls");
            return this;
        }

        /**
         * When a field of a record counts as fought over by two systems that each insist on a form of their own, such as of a phone
         * number: the same two values were written in turn, one to each side. It is then set aside as a {@link Conflict} with
         * both values until a person decides; everything else goes on. Only in pairs that go both ways.
         *
         * @param most how often the writing may change sides; four if not said, at least two
         * @param within in how long a time; seven days if not said, and it should be some times longer than from run to run
         */
        public Builder pingPong(int most, Duration within) {
            if (most < 2 || within.compareTo(Duration.ofMinutes(1)) < 0) {
                throw new IllegalArgumentException(
                        "pingPong: expected at least 2 and a minute, got " + most + " and " + within);
            }
            this.swings = new Swings.Limit(most, within);
            return this;
        }

        /**
         * How long a run that fell silent keeps the pair; five minutes if not said. Must be longer than any one call of a
         * connector may take. A run whose process is gone from this machine gives it up at once.
         */
        public Builder lease(Duration lease) {
            if (lease.compareTo(Duration.ofMillis(100)) < 0) {
                throw new IllegalArgumentException("lease: expected at least 100 ms, got " + lease);
            }
            this.lease = lease;
            return this;
        }

        Builder steps(Setup.Steps steps) {
            this.steps = steps;
            return this;
        }

        /**
         * The pair.
         *
         * @throws IllegalStateException if a side is missing
         */
        public SyncPair build() {
            if (source == null || target == null) {
                throw new IllegalStateException("a pair needs a source and a target");
            }
            FieldPolicy fallback = bothWays ? FieldPolicy.MANUAL : FieldPolicy.SOURCE_WINS;
            return new SyncPair(new Setup(
                    name,
                    store,
                    source,
                    target,
                    translation,
                    Map.copyOf(policies),
                    usual == null ? fallback : usual,
                    bothWays,
                    guard,
                    Map.copyOf(grants),
                    Map.copyOf(money),
                    known,
                    controls,
                    swings,
                    lease,
                    Holder.here(),
                    steps));
        }
    }
}

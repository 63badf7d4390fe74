package io.crmsdk.consent;

import static io.crmsdk.consent.ConsentDecision.Verdict.ALLOWED;
import static io.crmsdk.consent.ConsentDecision.Verdict.OPTED_OUT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The laws of the decision, over random sets of events. Each case has a seed of its own, which a failure names; a seed that
 * ever failed is kept in {@link #KEPT} and runs first.
 */
class ConsentLawsTest {
    private static final long[] KEPT = {0, 1, 2};
    private static final int CASES = 400;
    private static final ConsentPolicy ANY_RANK = ConsentPolicy.defaults().withMinimum(Rank.ASSERTED);

    /** One case of a law. */
    @FunctionalInterface
    private interface Law {
        void holds(Events events);
    }

    private static void each(Law law) {
        each(CASES, law);
    }

    private static void each(int cases, Law law) {
        for (long seed : KEPT) {
            run(seed, law);
        }
        long first = new Random().nextLong();
        for (int i = 0; i < cases; i++) {
            run(first + i, law);
        }
    }

    private static void run(long seed, Law law) {
        try {
            law.holds(new Events(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + "L: " + e.getMessage(), e);
        }
    }

    private static ConsentDecision decide(
            Collection<? extends ConsentEvent> events, Set<ConsentKey> keys, Scope scope) {
        return Effective.decide(events, keys, scope, ANY_RANK, Events.NOW);
    }

    private static List<Set<ConsentKey>> askers() {
        List<Set<ConsentKey>> askers = new ArrayList<>();
        for (ConsentKey contact : Events.CONTACTS) {
            askers.add(Set.of(contact));
            Events.SUBJECTS.forEach(subject -> askers.add(Set.of(contact, subject)));
            askers.add(Set.of(contact, Events.SUBJECTS.get(0), Events.SUBJECTS.get(1)));
        }
        return askers;
    }

    private static List<ConsentEvent> union(Collection<ConsentEvent> one, Collection<ConsentEvent> other) {
        Set<ConsentEvent> union = new LinkedHashSet<>(one);
        union.addAll(other);
        return List.copyOf(union);
    }

    private static void sameEverywhere(
            Collection<? extends ConsentEvent> one, Collection<? extends ConsentEvent> other) {
        for (Set<ConsentKey> keys : askers()) {
            for (Scope scope : Events.SCOPES) {
                assertThat(decide(one, keys, scope)).as("%s of %s", scope, keys).isEqualTo(decide(other, keys, scope));
            }
        }
    }

    /** L1 */
    @Test
    void joining_is_commutative_associative_and_idempotent() {
        each(events -> {
            List<ConsentEvent> a = events.some(6);
            List<ConsentEvent> b = events.some(6);
            List<ConsentEvent> c = events.some(6);

            sameEverywhere(union(a, b), union(b, a));
            sameEverywhere(union(union(a, b), c), union(a, union(b, c)));
            sameEverywhere(union(a, a), a);
            sameEverywhere(union(a, List.of()), a);
        });
    }

    /** L2, L6 */
    @Test
    void order_repeats_and_batches_do_not_matter() {
        each(events -> {
            List<ConsentEvent> all = events.some(12);
            List<ConsentEvent> shuffled = new ArrayList<>(all);
            shuffled.addAll(all.subList(0, events.random().nextInt(all.size() + 1)));
            Collections.shuffle(shuffled, events.random());

            sameEverywhere(shuffled, all);
        });
    }

    /** L3 */
    @Test
    void an_open_opt_out_stays_until_something_names_it() {
        each(events -> {
            List<ConsentEvent> before = events.some(8);
            List<ConsentEvent> later = events.some(8).stream()
                    .filter(event -> !(event instanceof Grant grant
                                    && !grant.supersedes().isEmpty())
                            && !(event instanceof Release))
                    .toList();

            for (Set<ConsentKey> keys : askers()) {
                for (Scope scope : Events.SCOPES) {
                    if (decide(before, keys, scope).verdict() == OPTED_OUT) {
                        assertThat(decide(union(before, later), keys, scope).verdict())
                                .isEqualTo(OPTED_OUT);
                    }
                }
            }
        });
    }

    /** L4 */
    @Test
    void grants_of_too_low_a_rank_never_lift_an_opt_out() {
        each(events -> {
            List<ConsentEvent> before = events.some(8);
            List<ConsentEvent> more = new ArrayList<>(before);
            for (int i = 0; i < 5; i++) {
                more.add(events.weakGrant());
            }

            for (Set<ConsentKey> keys : askers()) {
                for (Scope scope : Events.SCOPES) {
                    ConsentDecision decision = decide(before, keys, scope);
                    if (decision.verdict() == OPTED_OUT) {
                        assertThat(decide(more, keys, scope)).isEqualTo(decision);
                    }
                }
            }
        });
    }

    /** L5 */
    @Test
    void a_person_who_confirms_after_every_opt_out_was_known_is_allowed_until_the_next_one() {
        each(events -> {
            Scope scope = Events.SCOPES.get(1 + events.random().nextInt(Events.SCOPES.size() - 1));
            ConsentKey contact = events.pick(Events.CONTACTS);
            Set<ConsentKey> keys = Set.of(contact, events.pick(Events.SUBJECTS));
            List<ConsentEvent> before = new ArrayList<>(events.some(10));
            before.removeIf(event -> event instanceof UnknownEvent
                    || (event instanceof OptOut optOut && !aPersonCanClear(optOut.reason())));
            Grant grant = events.confirm(before, keys, contact, scope);
            List<ConsentEvent> after = union(before, List.of(grant));
            List<ConsentEvent> harmless = events.some(8).stream()
                    .filter(event -> !(event instanceof OptOut) && !(event instanceof UnknownEvent))
                    .toList();

            for (Scope below : Events.SCOPES) {
                if (scope.covers(below)) {
                    assertThat(decide(after, keys, below).verdict()).isEqualTo(ALLOWED);
                    assertThat(decide(union(after, harmless), keys, below).verdict())
                            .isEqualTo(ALLOWED);
                }
            }
        });
    }

    private static boolean aPersonCanClear(OptOutReason reason) {
        return reason.equals(OptOutReason.UNSUBSCRIBE)
                || reason.equals(OptOutReason.COMPLAINT)
                || reason.equals(OptOutReason.OBJECTION);
    }

    /** L6 */
    @Test
    void an_opt_out_and_a_confirmation_that_did_not_know_of_each_other_are_an_opt_out() {
        each(events -> {
            List<ConsentEvent> known = events.some(8);
            ConsentKey contact = events.pick(Events.CONTACTS);
            Scope scope = events.scope();
            Grant grant = events.confirm(known, Set.of(contact), contact, scope);
            OptOut unheard = new OptOut(
                    "out:unheard", Set.of(contact), scope, OptOutReason.UNSUBSCRIBE, "provider:esp", null, null);

            assertThat(decide(union(union(known, List.of(grant)), List.of(unheard)), Set.of(contact), scope)
                            .verdict())
                    .isEqualTo(OPTED_OUT);
            assertThat(decide(union(union(known, List.of(unheard)), List.of(grant)), Set.of(contact), scope)
                            .verdict())
                    .isEqualTo(OPTED_OUT);
        });
    }

    /** L7, R12: no decision reads a time but the expiry of grants, and a later now only takes permission away. */
    @Test
    void a_clock_that_is_off_can_only_shorten_a_grant() {
        each(events -> {
            List<ConsentEvent> all = events.some(12);
            Instant later = Events.NOW.plusSeconds(events.random().nextInt(26 * 3600));
            for (Set<ConsentKey> keys : askers()) {
                for (Scope scope : Events.SCOPES) {
                    ConsentDecision now = decide(all, keys, scope);
                    ConsentDecision then = Effective.decide(all, keys, scope, ANY_RANK, later);

                    assertThat(then.verdict() == OPTED_OUT).isEqualTo(now.verdict() == OPTED_OUT);
                    assertThat(then.allowed() && !now.allowed()).isFalse();
                }
            }
        });
    }

    /** L8: a backup united with a copy that has the opt-outs since. */
    @Test
    void a_backup_united_with_the_later_opt_outs_forgets_no_opt_out() {
        each(events -> {
            List<ConsentEvent> all = events.some(14);
            List<ConsentEvent> backup = all.subList(0, events.random().nextInt(all.size() + 1));
            List<ConsentEvent> copy = all.stream()
                    .filter(event -> event instanceof OptOut || event instanceof UnknownEvent)
                    .toList();
            List<ConsentEvent> restored = union(backup, copy);

            for (Set<ConsentKey> keys : askers()) {
                for (Scope scope : Events.SCOPES) {
                    if (decide(all, keys, scope).verdict() == OPTED_OUT) {
                        assertThat(decide(restored, keys, scope).verdict()).isEqualTo(OPTED_OUT);
                    }
                }
            }
        });
    }

    /** L9: who belongs to whom decides which keys are asked with, and moves no event. */
    @Test
    void more_customers_behind_a_contact_only_add_opt_outs() {
        each(events -> {
            List<ConsentEvent> all = events.some(12).stream()
                    .filter(event -> !(event instanceof Grant || event instanceof Release)
                            || event.touches(new HashSet<>(Events.CONTACTS)))
                    .filter(event -> !(event instanceof Release))
                    .toList();
            for (ConsentKey contact : Events.CONTACTS) {
                for (Scope scope : Events.SCOPES) {
                    ConsentDecision alone = decide(all, Set.of(contact), scope);
                    ConsentDecision merged =
                            decide(all, Set.of(contact, Events.SUBJECTS.get(0), Events.SUBJECTS.get(1)), scope);

                    assertThat(alone.verdict() == OPTED_OUT && merged.verdict() != OPTED_OUT)
                            .isFalse();
                    assertThat(merged.allowed() && !alone.allowed()).isFalse();
                }
            }
        });
    }

    /** L10 */
    @Test
    void an_opt_out_holds_for_all_below_and_a_grant_for_one_child_frees_no_sibling() {
        Scope parent = Scope.of("marketing");
        Scope child = Scope.of("marketing/newsletter");
        Scope sibling = Scope.of("marketing/coupons");
        each(300, events -> {
            ConsentKey contact = events.pick(Events.CONTACTS);
            OptOut no = new OptOut(
                    "out:parent", Set.of(contact), parent, OptOutReason.UNSUBSCRIBE, "person:link", null, null);
            Grant yes = events.confirm(List.of(no), Set.of(contact), contact, child);
            List<ConsentEvent> all = new ArrayList<>(List.of(no, yes));
            all.add(Grant.unconfirmed("in:wide", contact, Scope.ALL, "system:crm", Rank.ASSERTED, null, null));

            assertThat(decide(all, Set.of(contact), child).verdict()).isEqualTo(ALLOWED);
            assertThat(decide(all, Set.of(contact), child.child("weekly")).verdict())
                    .isEqualTo(ALLOWED);
            assertThat(decide(all, Set.of(contact), sibling).verdict()).isEqualTo(OPTED_OUT);
            assertThat(decide(all, Set.of(contact), parent).verdict()).isEqualTo(OPTED_OUT);
            assertThat(decide(all, Set.of(contact), Scope.of("survey")).verdict())
                    .isEqualTo(ALLOWED);
        });
    }

    /** L18: the state that a ledger keeps of a key says always what the whole set says, with what comes later too. */
    @Test
    void the_compact_state_always_says_what_the_events_say() {
        each(events -> {
            List<ConsentEvent> all = new ArrayList<>(events.some(14));
            all.addAll(all.subList(0, events.random().nextInt(all.size() + 1)));
            for (Set<ConsentKey> keys : askers()) {
                List<ConsentEvent> own =
                        all.stream().filter(event -> event.touches(keys)).toList();
                KeyState state = KeyState.parse(KeyState.of(own, List.of()).text());
                for (Scope scope : Events.SCOPES) {
                    for (Rank minimum : Rank.values()) {
                        ConsentPolicy policy = ConsentPolicy.defaults().withMinimum(minimum);
                        ConsentDecision expected = Effective.decide(all, keys, scope, policy, Events.NOW);
                        ConsentDecision compact = state.decide(scope, policy, Events.NOW);

                        assertThat(compact.verdict()).isEqualTo(expected.verdict());
                        assertThat(compact.reason()).isEqualTo(expected.reason());
                        if (expected.verdict() == OPTED_OUT) {
                            assertThat(compact.events()).isEqualTo(expected.events());
                        }
                    }
                }
            }
        });
    }

    /** L17 */
    @Test
    void every_event_survives_writing_and_reading() {
        each(events -> {
            for (ConsentEvent event : events.some(10)) {
                if (!(event instanceof UnknownEvent)) {
                    String text = EventCodec.write(event, Events.PEPPER, List.of());

                    assertThat(EventCodec.read(text).event()).isEqualTo(event);
                    assertThat(EventCodec.read(EventCodec.withEvidence(text, "ab12"))
                                    .event())
                            .isEqualTo(event);
                    assertThat(EventCodec.withoutEvidence(EventCodec.withEvidence(text, "ab12")))
                            .isEqualTo(text);
                }
            }
        });
    }

    @Test
    @Tag("slow")
    void many_sets_obey_the_laws_that_a_ledger_rests_on() {
        each(Integer.getInteger("crmsdk.consent.sets", 100_000), events -> {
            List<ConsentEvent> all = events.some(12);
            List<ConsentEvent> shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, events.random());
            Scope scope = events.scope();
            Set<ConsentKey> keys = events.pick(askers());
            ConsentDecision decision = decide(all, keys, scope);
            List<ConsentEvent> own =
                    all.stream().filter(event -> event.touches(keys)).toList();

            assertThat(decide(shuffled, keys, scope)).isEqualTo(decision);
            assertThat(KeyState.of(own, List.of())
                            .decide(scope, ANY_RANK, Events.NOW)
                            .verdict())
                    .isEqualTo(decision.verdict());
        });
    }
}

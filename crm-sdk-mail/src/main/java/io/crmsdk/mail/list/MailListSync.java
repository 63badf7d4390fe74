package io.crmsdk.mail.list;

import io.crmsdk.consent.ConsentDecision;
import io.crmsdk.consent.ConsentDecision.Verdict;
import io.crmsdk.consent.ConsentException;
import io.crmsdk.consent.ConsentLedger;
import io.crmsdk.consent.ConsentQuestion;
import io.crmsdk.consent.ContactKey;
import io.crmsdk.consent.PolledStatus;
import io.crmsdk.consent.Scope;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.store.Store;
import io.crmsdk.suppression.SuppressionEvent;
import io.crmsdk.suppression.SuppressionList;
import io.crmsdk.sync.ConnectorException;
import io.crmsdk.time.UtcClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a list of a mail tool in step with the ledger: every no of the tool comes in, every no of the ledger goes out, and a yes goes
 * out only.
 *
 * <p>A run first takes over who left at the tool and whose mails came back: the former are opt-outs, the latter are suppressed and say
 * nothing of consent. Only then it writes. Just before each write it looks at the member again and asks the ledger again, so whoever
 * left meanwhile is recorded and not written over; afterwards it looks whether the tool did it. Somebody with an open opt-out is never
 * written as subscribed, not even in passing. Being on the list proves nothing: members without a yes or a no are left and counted.
 *
 * <p>Repeat a run after a failure; run it before each challenge ({@link io.crmsdk.consent.ConsentIssuer.Builder#pullFirst}), and let no
 * two runs of one list overlap. What it cannot see: that somebody who already left at the tool says no there once more, between their
 * new consent and the next run, or in the instant between a look and the write. Not for use by several threads at once.
 */
public final class MailListSync {
    private static final String ACCOUNT = "*";
    private static final int CHUNK = 500;

    private final Store store;
    private final ConsentLedger ledger;
    private final MailList list;
    private final ListApi api;
    private final Scope scope;
    private final Scope whole;
    private final @Nullable List<Scope> others;
    private final @Nullable SuppressionList suppression;
    private final UtcClock clock;
    private final long mostOptOuts;
    private final long mostAdded;
    private final double share;

    private MailListSync(Builder builder) {
        this.store = builder.store;
        this.ledger = builder.ledger;
        this.list = builder.list;
        this.api = builder.list.api();
        this.scope = builder.scope;
        this.whole = builder.whole;
        this.others = builder.others;
        this.suppression = builder.suppression;
        this.clock = builder.clock;
        this.mostOptOuts = builder.mostOptOuts;
        this.mostAdded = builder.mostAdded;
        this.share = builder.share;
    }

    /**
     * The sync of a list. The list stays the caller's to close.
     *
     * @param store the ledger's
     * @param scope what the list is about
     */
    public static Builder builder(Store store, ConsentLedger ledger, MailList list, Scope scope) {
        return new Builder(store, ledger, list, scope);
    }

    /**
     * Takes over what the tool knows, and writes nothing to it. The ledger notes it as {@linkplain ConsentLedger#pulled pulled} from
     * tool and list, for example {@code mailchimp/3f9a}.
     *
     * @throws ConnectorException if a part could not be read; what was recorded stays
     */
    public ListReport pull() {
        Tally tally = new Tally();
        pull(tally);
        return tally.report();
    }

    /**
     * Takes over what the tool knows, then writes what the ledger decides.
     *
     * @param wanted who is to be on the list if they agreed; without consent nobody is
     * @throws ConnectorException if the tool could not be read or reached any more; what was recorded and written stays
     */
    public ListReport run(Collection<ListContact> wanted) {
        Tally tally = new Tally();
        List<Known> members = pull(tally);
        Map<ContactKey, ConsentDecision> decisions =
                decide(members.stream().map(Known::key).distinct().toList());
        List<Known> leaving = new ArrayList<>();
        for (Known known : members) {
            Verdict verdict = verdict(decisions, known.key());
            if (known.isMailable() && verdict == Verdict.OPTED_OUT) {
                leaving.add(known);
            } else if (known.isMailable() && verdict != Verdict.ALLOWED) {
                tally.unproven++;
            }
        }
        long mailed = members.stream().filter(Known::isMailable).count();
        if (ledger.held() || holds(decisions)) {
            tally.hold("the ledger cannot answer for sure now; nothing was written");
            return tally.report();
        }
        if (leaving.size() > limit(mostOptOuts, mailed)) {
            tally.hold(leaving.size() + " of " + mailed + " members would leave, more than the "
                    + limit(mostOptOuts, mailed) + " that pass by themselves; none was written");
        } else {
            for (Known known : leaving) {
                leave(known, tally);
            }
        }
        join(wanted, members, mailed, tally);
        return tally.report();
    }

    private static boolean holds(Map<ContactKey, ConsentDecision> decisions) {
        return decisions.values().stream().anyMatch(decision -> decision.verdict() == Verdict.HOLD);
    }

    private long limit(long number, long mailed) {
        return Math.max(number, (long) (share * mailed));
    }

    private static Verdict verdict(Map<ContactKey, ConsentDecision> decisions, ContactKey key) {
        ConsentDecision decision = decisions.get(key);
        return decision == null ? Verdict.UNKNOWN : decision.verdict();
    }

    private Map<ContactKey, ConsentDecision> decide(Collection<ContactKey> keys) {
        Map<ContactKey, ConsentDecision> decisions = new LinkedHashMap<>();
        List<ContactKey> all = new ArrayList<>(keys);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<ContactKey> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            decisions.putAll(store.read(connection -> ledger.decide(connection, scope, chunk)));
        }
        return decisions;
    }

    /** A member under the key by which the ledger knows the person: two spellings are two members of one key. */
    private record Known(ContactKey key, Member member) {
        private boolean isMailable() {
            return member.standing().isMailable();
        }
    }

    private List<Known> pull(Tally tally) {
        // A member may be on two pages, since pages overlap.
        Map<String, Known> members = new LinkedHashMap<>();
        String next = null;
        do {
            ListApi.Page page = list.page(next);
            for (Known known : take(page.members(), tally)) {
                members.put(known.member().address(), known);
            }
            next = page.next();
        } while (next != null);
        tally.seen = members.size() + tally.unreadable;
        do {
            ListApi.Bounces bounces = list.bounces(next);
            tally.unreadable += bounces.unreadable();
            tally.suppressed += store.inTransaction(connection -> suppress(connection, bounces.events()));
            next = bounces.next();
        } while (next != null);
        ledger.pulled(source());
        return List.copyOf(members.values());
    }

    private List<Known> take(List<Member> page, Tally tally) {
        List<Known> read = new ArrayList<>();
        for (Member member : page) {
            try {
                read.add(new Known(ContactKey.email(member.address()), explained(member)));
            } catch (ConsentException e) {
                // Only an address that no mail can be sent to has no key.
                tally.unreadable++;
            }
        }
        tally.optOutsIn += store.inTransaction(connection -> observe(connection, read));
        tally.suppressed += store.inTransaction(connection -> suppress(connection, events(read)));
        return read;
    }

    private Member explained(Member member) {
        if (member.standing() != Standing.BLOCKED_UNEXPLAINED) {
            return member;
        }
        Member looked = list.look(member.address()).orElse(member);
        return looked.standing() == Standing.BLOCKED_UNEXPLAINED
                ? new Member(looked.address(), looked.id(), Standing.BLOCKED, looked.complained())
                : looked;
    }

    /** What leaves the list says something of the list, what blocks all says something of all. */
    private long observe(Connection connection, List<Known> members) throws SQLException {
        List<PolledStatus> here = new ArrayList<>();
        List<PolledStatus> everywhere = new ArrayList<>();
        for (Known known : members) {
            Standing standing = known.member().standing();
            here.add(new PolledStatus(known.key(), standing == Standing.UNSUBSCRIBED, null));
            everywhere.add(new PolledStatus(known.key(), standing == Standing.BLOCKED, null));
        }
        long fresh =
                ledger.observe(connection, api.tool(), api.list(), scope, here).size();
        return fresh
                + ledger.observe(connection, api.tool(), ACCOUNT, whole, everywhere)
                        .size();
    }

    private List<SuppressionEvent> events(List<Known> members) {
        List<SuppressionEvent> events = new ArrayList<>();
        for (Known known : members) {
            if (known.member().standing() == Standing.BOUNCED) {
                events.add(event(known, SuppressionEvent.Kind.HARD_BOUNCE, "bounced"));
            } else if (known.member().complained()) {
                events.add(event(known, SuppressionEvent.Kind.COMPLAINT, "complained"));
            }
        }
        return events;
    }

    /** The tools do not tell when: it is the time at which it was first seen here. */
    private SuppressionEvent event(Known known, SuppressionEvent.Kind kind, String word) {
        String id = word + ":" + ledger.hashed(known.key()).text();
        return new SuppressionEvent(
                source(), id, known.key(), kind, clock.instant(), known.member().standing() + " there");
    }

    private long suppress(Connection connection, List<SuppressionEvent> events) throws SQLException {
        SuppressionList suppressing = suppression;
        if (suppressing == null) {
            return 0;
        }
        long fresh = 0;
        for (SuppressionEvent event : events) {
            fresh += suppressing.record(connection, event).isPresent() ? 1 : 0;
        }
        return fresh;
    }

    private String source() {
        return api.tool() + "/" + api.list();
    }

    private void leave(Known known, Tally tally) {
        ContactKey key = known.key();
        String address = known.member().address();
        Member member = look(key, address);
        if (member == null || !member.standing().isMailable() || !is(key, Verdict.OPTED_OUT)) {
            return;
        }
        HttpOutcome outcome = list.write(api.unsubscribe(member));
        Member after = list.look(address).orElse(null);
        if (after != null && after.standing().isMailable()) {
            tally.refused++;
            stopIfOut(outcome);
            return;
        }
        if (after != null) {
            Member proven = explained(after);
            store.inTransaction(connection -> note(connection, key, proven));
        }
        tally.optOutsOut++;
    }

    /** What is seen now is what was written: no act of the person, unless the ledger does not know of one. */
    private int note(Connection connection, ContactKey key, Member member) throws SQLException {
        Standing standing = member.standing();
        PolledStatus here = new PolledStatus(key, standing == Standing.UNSUBSCRIBED, null);
        // A no for the list may have been written as one for all; the ledger holds the former.
        PolledStatus everywhere = new PolledStatus(key, standing == Standing.BLOCKED, null);
        return ledger.wrote(connection, api.tool(), api.list(), scope, List.of(here))
                        .size()
                + ledger.wrote(connection, api.tool(), ACCOUNT, scope, List.of(everywhere))
                        .size();
    }

    /** A fresh look, of which the ledger is told before anything is written. */
    private @Nullable Member look(ContactKey key, String address) {
        Optional<Member> looked = list.look(address).map(this::explained);
        List<Known> seen = looked.map(member -> List.of(new Known(key, member))).orElseGet(List::of);
        store.inTransaction(connection -> observe(connection, seen));
        return looked.orElse(null);
    }

    private boolean is(ContactKey key, Verdict verdict) {
        return ledger.decide(key, scope).verdict() == verdict;
    }

    private void join(Collection<ListContact> wanted, List<Known> members, long mailed, Tally tally) {
        Set<ContactKey> there = new HashSet<>();
        for (Known known : members) {
            if (known.member().standing() == Standing.SUBSCRIBED) {
                there.add(known.key());
            }
        }
        Map<ContactKey, ListContact> missing = new LinkedHashMap<>();
        for (ListContact contact : wanted) {
            ContactKey key = ContactKey.email(contact.address());
            if (!there.contains(key)) {
                missing.putIfAbsent(key, contact);
            }
        }
        Map<ContactKey, ConsentDecision> decisions = decide(missing.keySet());
        if (holds(decisions)) {
            tally.hold("the ledger cannot answer for sure now; nobody was added");
            return;
        }
        missing.keySet().removeIf(key -> verdict(decisions, key) != Verdict.ALLOWED);
        missing.keySet().removeAll(suppressed(missing.keySet()));
        if (missing.size() > limit(mostAdded, mailed)) {
            tally.hold(missing.size() + " people would come to a list of " + mailed + ", more than the "
                    + limit(mostAdded, mailed) + " that pass by themselves; none was written");
            return;
        }
        missing.forEach((key, contact) -> join(key, contact, tally));
    }

    private Set<ContactKey> suppressed(Collection<ContactKey> keys) {
        SuppressionList suppressing = suppression;
        Set<ContactKey> found = new TreeSet<>();
        if (suppressing != null && !keys.isEmpty()) {
            found.addAll(store.read(connection -> suppressing.find(connection, List.copyOf(keys)))
                    .keySet());
        }
        return found;
    }

    private void join(ContactKey key, ListContact contact, Tally tally) {
        String address = contact.address().wire();
        Member before = look(key, address);
        if (!is(key, Verdict.ALLOWED) || (before != null && before.standing() == Standing.SUBSCRIBED)) {
            return;
        }
        HttpCall call = before == null ? api.admit(contact) : readmission(key, before);
        if (call == null) {
            tally.leftToPerson++;
            return;
        }
        boolean left = before != null && before.standing().isNo();
        if (left) {
            // Before the write: if it is done and we die, a later no at the tool must count as a new one.
            store.inTransaction(connection -> forget(connection, key));
        }
        HttpOutcome outcome = list.write(call);
        Member after = list.look(address).map(this::explained).orElse(null);
        if (after != null && after.standing() == Standing.SUBSCRIBED) {
            tally.admitted(left);
            store.inTransaction(connection -> observe(connection, List.of(new Known(key, after))));
            return;
        }
        if (left && after != null && isSurelyNotDone(outcome)) {
            store.inTransaction(connection -> note(connection, key, after));
            tally.leftToPerson++;
        } else {
            tally.refused++;
        }
        stopIfOut(outcome);
    }

    private int forget(Connection connection, ContactKey key) throws SQLException {
        List<PolledStatus> over = List.of(new PolledStatus(key, false, null));
        return ledger.wrote(connection, api.tool(), api.list(), scope, over).size()
                + ledger.wrote(connection, api.tool(), ACCOUNT, whole, over).size();
    }

    private @Nullable HttpCall readmission(ContactKey key, Member member) {
        if (api.liftsEverywhere(member) && (others == null || isOutOfAny(key, others))) {
            return null;
        }
        return api.readmit(member).orElse(null);
    }

    /** Lifting a block frees the person for all that the tool sends, so nothing of it may be refused. */
    private boolean isOutOfAny(ContactKey key, List<Scope> scopes) {
        List<ConsentQuestion> questions =
                scopes.stream().map(other -> new ConsentQuestion(key, other)).toList();
        return store.read(connection -> ledger.decide(connection, questions)).stream()
                .anyMatch(decision -> decision.verdict() == Verdict.OPTED_OUT || decision.verdict() == Verdict.HOLD);
    }

    private static boolean isSurelyNotDone(HttpOutcome outcome) {
        return outcome instanceof HttpOutcome.Refused || outcome instanceof HttpOutcome.NotTaken;
    }

    private static void stopIfOut(HttpOutcome outcome) {
        if (outcome instanceof HttpOutcome.NotTaken) {
            throw ConnectorException.of(outcome);
        }
    }

    @Override
    public String toString() {
        return "MailListSync[" + list + ", " + scope + "]";
    }

    /** The figures of one run. */
    private static final class Tally {
        private long seen;
        private long optOutsIn;
        private long suppressed;
        private long unreadable;
        private long optOutsOut;
        private long added;
        private long broughtBack;
        private long leftToPerson;
        private long refused;
        private long unproven;
        private @Nullable String held;

        private void admitted(boolean hadLeft) {
            if (hadLeft) {
                broughtBack++;
            } else {
                added++;
            }
        }

        private void hold(String why) {
            held = held == null ? why : held + "; " + why;
        }

        private ListReport report() {
            return new ListReport(
                    seen,
                    optOutsIn,
                    suppressed,
                    unreadable,
                    optOutsOut,
                    added,
                    broughtBack,
                    leftToPerson,
                    refused,
                    unproven,
                    held);
        }
    }

    /** Collects how a list is kept in step; not thread-safe. */
    public static final class Builder {
        private final Store store;
        private final ConsentLedger ledger;
        private final MailList list;
        private final Scope scope;
        private Scope whole = Scope.ALL;
        private @Nullable List<Scope> others;
        private @Nullable SuppressionList suppression;
        private UtcClock clock = UtcClock.system();
        private long mostOptOuts = 100;
        private long mostAdded = 100;
        private double share = 0.2;

        private Builder(Store store, ConsentLedger ledger, MailList list, Scope scope) {
            this.store = Objects.requireNonNull(store, "store");
            this.ledger = Objects.requireNonNull(ledger, "ledger");
            this.list = Objects.requireNonNull(list, "list");
            this.scope = Objects.requireNonNull(scope, "scope");
        }

        /**
         * What all that the tool sends is about: the scope of an opt-out that blocks everything there. Everything unless said.
         *
         * @throws IllegalArgumentException if it does not cover the list's own scope
         */
        public Builder whole(Scope whole) {
            if (!whole.covers(scope)) {
                throw new IllegalArgumentException("whole: expected a scope that covers " + scope + ", got " + whole);
            }
            this.whole = whole;
            return this;
        }

        /**
         * What else the tool sends to the account's contacts; may be nothing. A block for everything is lifted for somebody who agreed
         * again only if this was said, and none of it is refused.
         */
        public Builder others(Collection<Scope> scopes) {
            this.others = List.copyOf(scopes);
            return this;
        }

        /** Takes the tool's bounces and complaints over into this list, and adds nobody who is on it. */
        public Builder suppression(SuppressionList suppression) {
            this.suppression = Objects.requireNonNull(suppression, "suppression");
            return this;
        }

        /** The clock of what the tool tells no time of. */
        public Builder clock(UtcClock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * How much a run may change before a person has to look: more of one kind is not written at all, and the report says so.
         *
         * @param optOuts members who leave; 100 if not said
         * @param added people who come; 100 if not said
         * @param share of the members that get mail, if that is more; 0.2 if not said
         */
        public Builder atMost(long optOuts, long added, double share) {
            if (optOuts < 0 || added < 0 || !(share >= 0)) {
                throw new IllegalArgumentException("atMost: expected no negative limits");
            }
            this.mostOptOuts = optOuts;
            this.mostAdded = added;
            this.share = share;
            return this;
        }

        /** The sync; nothing is asked yet. */
        public MailListSync build() {
            return new MailListSync(this);
        }
    }
}
